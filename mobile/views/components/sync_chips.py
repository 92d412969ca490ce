"""What every bar says about the network: online or not, for how long, and how much has not reached the server."""

import flet as ft

from mobile import strings
from mobile.outcome import SyncState, Waiting
from mobile.sentences import duration
from mobile.theme import Look
from mobile.views.components.chip import chip
from mobile.views.components.photo import photo_chips


def sync_chips(state: SyncState, waiting: Waiting, silent_min: int | None, look: Look) -> list[ft.Control]:
    """Two or three chips; `silent_min` is how many minutes ago the server last answered, where it ever did."""
    palette = look.palette
    shown: list[ft.Control] = [_network(state, silent_min, look)]
    if waiting.effects:
        shown.append(chip(ft.Icons.OUTBOX, f"{look.say(strings.UNSENT)} {waiting.effects}", palette.wait, look))
    if waiting.repeats:
        shown.append(chip(ft.Icons.REPEAT, f"{look.say(strings.REPEATED)} {waiting.repeats}", palette.info, look))
    return shown + photo_chips(waiting, look)


def _network(state: SyncState, silent_min: int | None, look: Look) -> ft.Container:
    palette = look.palette
    if state.problem:
        return chip(ft.Icons.SYNC_PROBLEM, look.say(strings.SYNC_PROBLEM), palette.stop, look)
    if state.is_online is None:
        return chip(ft.Icons.CLOUD_SYNC, look.say(strings.CONNECTING), palette.info, look)
    if state.is_online:
        return chip(ft.Icons.CLOUD_DONE, look.say(strings.ONLINE), palette.ok, look)
    offline = strings.OFFLINE
    if silent_min and look.is_wide:
        offline = strings.OFFLINE_SINCE.filled(offline=offline, since=duration(silent_min))
    return chip(ft.Icons.CLOUD_OFF, look.say(offline), palette.wait, look)
