"""How this device is doing: what waits, since when, and what can be done about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flet as ft

from mobile import strings, theme
from mobile.outcome import SyncState, Waiting
from mobile.sentences import problem
from mobile.strings import Phrase
from mobile.theme import Look
from mobile.views.components.chip import notice
from mobile.views.components.page import bar, screen
from mobile.views.components.photo import photo_words
from mobile.views.components.tile import grid, tile
from shared.palette import RoleColours


@dataclass(frozen=True)
class StatusFacts:
    """What the screen tells; times are of day, empty where there is none."""

    device_name: str
    station: str
    worker: str
    version: str
    waiting: Waiting
    oldest: str
    last_contact: str
    sync: SyncState
    is_kept: bool
    exported: int | None = None
    """How many records the file holds that was just written; None without one."""
    reading_with: Phrase = strings.NONE
    """What reads codes in pictures here, by its names, or what to install."""


@dataclass(frozen=True)
class StatusActions:
    """What its buttons do."""

    on_export: Callable[[], None]
    on_station: Callable[[], None]
    on_enrol: Callable[[], None]
    on_gun: Callable[[], None]
    on_language: Callable[[], None]
    on_back: Callable[[], None]


def status_view(facts: StatusFacts, look: Look, actions: StatusActions) -> ft.Column:
    """Facts first, then the few things one can do; the other way round where the facts alone fill the screen."""
    palette = look.palette
    body: list[ft.Control] = []
    if facts.sync.problem:
        body.append(notice(ft.Icons.SYNC_PROBLEM, problem(facts.sync.problem), palette.stop, look))
    if facts.exported is not None:
        said = strings.EXPORTED.filled(count=facts.exported) if facts.exported else strings.NOTHING_TO_EXPORT
        body.append(notice(ft.Icons.CHECK_CIRCLE, said, palette.ok, look))
    told, buttons = _facts(facts, look), _actions(look, actions)
    body += [told, buttons] if look.is_large else [buttons, told]
    top = bar(look.say(strings.STATUS_TITLE), facts.device_name, look)
    return screen(top, body, look, actions.on_back)


def _facts(facts: StatusFacts, look: Look) -> ft.Control:
    palette, waiting = look.palette, facts.waiting
    unsent = f"{waiting.effects}" + (f" · {look.say(strings.REPEATED)} {waiting.repeats}" if waiting.repeats else "")
    network = _network(facts.sync, look)
    rows: Sequence[tuple[Phrase, str, ft.IconData, RoleColours | None]] = [
        (strings.NETWORK, *network),
        (strings.WAITING, unsent, ft.Icons.OUTBOX, palette.wait if waiting.effects else palette.ok),
        (strings.PHOTOS, photo_words(waiting, look), ft.Icons.PHOTO_CAMERA, _photo_role(waiting, look)),
        (strings.OLDEST, facts.oldest or look.say(strings.NONE), ft.Icons.SCHEDULE, None),
        (strings.LAST_CONTACT, facts.last_contact or look.say(strings.NEVER), ft.Icons.SYNC, None),
        (
            strings.STORAGE,
            look.say(strings.KEPT if facts.is_kept else strings.NOT_KEPT),
            ft.Icons.SAVE,
            palette.ok if facts.is_kept else palette.wait,
        ),
        (strings.CAMERA_READS, look.say(facts.reading_with), ft.Icons.QR_CODE_SCANNER, None),
        (strings.STATION, facts.station or look.say(strings.NONE), ft.Icons.PRECISION_MANUFACTURING, None),
        (strings.WORKER, facts.worker or look.say(strings.NOBODY), ft.Icons.PERSON, None),
        (strings.VERSION, facts.version, ft.Icons.INFO_OUTLINE, None),
    ]
    cells: list[ft.Control] = [
        ft.Container(_fact(look.say(name), value, icon, role, look), col={"xs": 12, "lg": 6})
        for name, value, icon, role in rows
    ]
    return ft.Container(
        ft.ResponsiveRow(cells, spacing=24, run_spacing=0),
        bgcolor=palette.card,
        border=ft.Border.all(1, palette.line),
        border_radius=theme.RADIUS,
        padding=ft.Padding(16, 4, 16, 4),
    )


def _network(sync: SyncState, look: Look) -> tuple[str, ft.IconData, RoleColours]:
    palette = look.palette
    if sync.is_online is None:
        return look.say(strings.CONNECTING), ft.Icons.CLOUD_SYNC, palette.info
    if sync.is_online:
        return look.say(strings.ONLINE), ft.Icons.CLOUD_DONE, palette.ok
    return look.say(strings.OFFLINE_IS_FINE), ft.Icons.CLOUD_OFF, palette.wait


def _photo_role(waiting: Waiting, look: Look) -> RoleColours:
    palette = look.palette
    return palette.stop if waiting.photos_gone else palette.wait if waiting.photos else palette.ok


def _fact(name: str, value: str, icon: ft.IconData, role: RoleColours | None, look: Look) -> ft.Container:
    palette = look.palette
    mark = ft.Container(
        ft.Icon(icon, color=role.text if role else palette.muted, size=24),
        width=44,
        height=44,
        bgcolor=role.ground if role else palette.paper,
        border_radius=22,
        alignment=ft.Alignment(0, 0),
    )
    words = ft.Column(
        [
            ft.Text(name, size=theme.SMALL, color=palette.muted),
            ft.Text(value, size=theme.BODY, weight=ft.FontWeight.W_600, color=role.text if role else palette.ink),
        ],
        spacing=0,
        expand=True,
    )
    return ft.Container(ft.Row([mark, words], spacing=14), padding=ft.Padding(0, 8, 0, 8))


def _actions(look: Look, actions: StatusActions) -> ft.Control:
    language = strings.LANGUAGE_OFF if look.has_english else strings.LANGUAGE_ON
    export = look.say(strings.EXPORT)
    return grid(
        [
            tile(ft.Icons.SAVE_ALT, export, look, actions.on_export, under=look.say(strings.EXPORT_UNDER)),
            tile(ft.Icons.SWAP_HORIZ, look.say(strings.CHANGE_STATION), look, actions.on_station),
            tile(ft.Icons.QR_CODE, look.say(strings.ENROL_AGAIN), look, actions.on_enrol),
            tile(ft.Icons.BARCODE_READER, look.say(strings.GUN_TITLE), look, actions.on_gun),
            tile(ft.Icons.TRANSLATE, language.zh, look, actions.on_language),
        ]
    )
