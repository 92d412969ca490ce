"""The first screen of a new device: type the code that the office gave."""

from collections.abc import Callable

import flet as ft

from mobile import strings, theme
from mobile.theme import Look
from mobile.views.components.chip import notice
from mobile.views.components.field import field
from mobile.views.components.page import bar, screen
from mobile.views.components.tile import tile


def enrol_view(
    code: str, fault: str | None, look: Look, on_code: Callable[[str], None], *, is_busy: bool = False
) -> ft.Column:
    """One field, prefilled with `code`; a `fault` (a code) stands beneath it with what to do."""
    palette = look.palette
    typed = field(strings.ENROL_FIELD, look, on_code, hint="E1-XXXX-XXXX-XXXX-XX", value=code)
    controls: list[ft.Control] = [ft.Text(look.say(strings.ENROL_GUIDE), size=theme.BODY, color=palette.ink), typed]
    if fault:
        controls.append(notice(ft.Icons.BLOCK, strings.enrol_problem(fault), palette.stop, look))
    if is_busy:
        controls.append(notice(ft.Icons.DOWNLOADING, strings.ENROLLING, palette.info, look))
    else:
        controls.append(tile(ft.Icons.LOGIN, look.say(strings.ENROL), look, lambda: on_code(typed.value), is_main=True))
    return screen(bar(look.say(strings.ENROL_TITLE), "木门 Mumen", look), controls, look, width=720)
