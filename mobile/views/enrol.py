"""The first screen of a new device, and the way for a known one to be enrolled again: type the office's code."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from mobile import strings
from mobile.sentences import enrol_problem
from mobile.theme import Look
from mobile.views.components.chip import notice
from mobile.views.components.field import field
from mobile.views.components.page import bar, paragraphs, screen
from mobile.views.components.tile import tile


@dataclass(frozen=True)
class EnrolActions:
    """What happens to the text: sent, or only changed; `on_back` is there for a device that is enrolled."""

    on_code: Callable[[str], None]
    on_change: Callable[[str], None]
    on_language: Callable[[], None]
    on_back: Callable[[], None]


def enrol_view(
    code: str, fault: str | None, known_as: str | None, look: Look, actions: EnrolActions, *, is_busy: bool = False
) -> ft.Column:
    """One field, prefilled with `code`; a `fault` (a code) stands beneath it with what to do.

    `known_as` is the name of a device that is enrolled already.
    """
    palette = look.palette
    typed = field(
        strings.ENROL_FIELD, look, actions.on_code, actions.on_change, hint="E1-XXXX-XXXX-XXXX-XX", value=code
    )
    controls: list[ft.Control] = [*paragraphs(strings.ENROL_GUIDE, look), typed]
    if known_as is not None:
        controls.insert(0, notice(ft.Icons.INFO, strings.ENROLLED_AS.filled(name=known_as), palette.info, look))
    if fault:
        controls.append(notice(ft.Icons.BLOCK, enrol_problem(fault), palette.stop, look))
    if is_busy:
        controls.append(notice(ft.Icons.DOWNLOADING, strings.ENROLLING, palette.info, look))
    else:
        send = tile(ft.Icons.LOGIN, look.say(strings.ENROL), look, lambda: actions.on_code(typed.value), is_main=True)
        controls.append(send)
    title = strings.ENROL_TITLE if known_as is None else strings.ENROL_AGAIN
    top = bar(look.say(title), "木门 Mumen", look, on_language=actions.on_language)
    on_back = actions.on_back if known_as is not None and not is_busy else None
    return screen(top, controls, look, on_back, width=720)
