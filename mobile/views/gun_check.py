"""The scanner gun's self-test: what to scan, and what the last scan says about the gun."""

from collections.abc import Callable, Sequence

import flet as ft

from mobile import strings, theme
from mobile.outcome import Tone
from mobile.scanner.gun_check import Finding
from mobile.theme import Look
from mobile.views.components.page import bar, paragraphs, screen
from shared.palette import RoleColours

_ICONS = {Tone.OK: ft.Icons.CHECK_CIRCLE, Tone.WAIT: ft.Icons.ERROR_OUTLINE, Tone.STOP: ft.Icons.CANCEL}


def gun_check_view(found: Sequence[Finding], look: Look, on_back: Callable[[], None]) -> ft.Column:
    """How to begin where nothing was scanned yet; else the findings, one card each."""
    body: list[ft.Control] = [*paragraphs(strings.GUN_HOW if not found else strings.GUN_AGAIN, look)]
    body += [_card(one, look) for one in found]
    return screen(bar(look.say(strings.GUN_TITLE), look.say(strings.GUN_UNDER), look), body, look, on_back, width=820)


def _card(one: Finding, look: Look) -> ft.Container:
    colours = _colours(one.tone, look)
    lines: list[ft.Control] = [
        ft.Text(line, size=size, weight=ft.FontWeight.W_600, color=colours.text)
        for line, size in zip(look.lines(one.said), (theme.BODY, theme.SMALL), strict=False)
    ]
    if one.advice is not None:
        lines += [ft.Text(line, size=theme.SMALL, color=look.palette.ink) for line in look.lines(one.advice)]
    words = ft.Column(lines, spacing=2, expand=True)
    row = ft.Row([ft.Icon(_ICONS[one.tone], color=colours.text, size=32), words], spacing=14)
    return ft.Container(row, bgcolor=colours.ground, padding=14, border_radius=theme.RADIUS)


def _colours(tone: Tone, look: Look) -> RoleColours:
    palette = look.palette
    return {Tone.OK: palette.ok, Tone.WAIT: palette.wait, Tone.STOP: palette.stop}[tone]
