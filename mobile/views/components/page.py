"""The frame of every screen: a brown bar with a title, what is below it, and the way back."""

from collections.abc import Callable, Sequence

import flet as ft

from mobile import theme
from mobile.strings import BACK, LANGUAGE
from mobile.theme import Look
from shared.words import Phrase


def bar(
    title: str,
    under: str | ft.Text,
    look: Look,
    right: ft.Control | None = None,
    on_language: Callable[[], None] | None = None,
) -> ft.Container:
    """The bar at the top; on a phone its right side may go to a second line. `on_language` adds the switch 中/EN."""
    palette = look.palette
    words = ft.Column(
        [
            ft.Text(title, size=theme.TITLE, weight=ft.FontWeight.W_600, color=palette.on_wood),
            under_title(under, look) if isinstance(under, str) else under,
        ],
        spacing=0,
        tight=True,
    )
    row = ft.Row(
        [words, right] if right is not None else [words],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
        wrap=True,
        spacing=12,
        run_spacing=6,
    )
    content: ft.Control = row
    if on_language is not None:
        row.expand = True
        content = ft.Row([row, _language(look, on_language)], spacing=12)
    side = 24 if look.is_wide else 16
    return ft.Container(content, bgcolor=palette.wood, padding=ft.Padding(side, 12, side, 12))


def under_title(text: str, look: Look) -> ft.Text:
    """The small line under a bar's title, for whoever changes it while the bar is up."""
    return ft.Text(text, size=theme.SMALL, color=look.palette.on_wood)


def _language(look: Look, on_language: Callable[[], None]) -> ft.Button:
    """Says both languages, so that everybody finds it; filled while both are shown."""
    palette, is_on = look.palette, look.has_english
    return ft.Button(
        LANGUAGE.zh,
        height=theme.TARGET_MIN,
        width=88,
        elevation=0,
        on_click=lambda _: on_language(),
        style=ft.ButtonStyle(
            bgcolor=palette.on_wood if is_on else palette.wood,
            color=palette.wood if is_on else palette.on_wood,
            padding=0,
            text_style=ft.TextStyle(size=theme.BODY, weight=ft.FontWeight.W_600, font_family=theme.FONT),
            side=ft.BorderSide(2, palette.on_wood),
            shape=ft.RoundedRectangleBorder(radius=theme.RADIUS),
        ),
    )


def chip_row() -> ft.Row:
    """Where the chips of a bar stand."""
    return ft.Row(spacing=8, run_spacing=6, wrap=True, tight=True)


def paragraphs(phrase: Phrase, look: Look, size: int = theme.BODY) -> list[ft.Control]:
    """A sentence as one text, or two where English is wanted."""
    colours = (look.palette.ink, look.palette.muted)
    return [ft.Text(line, size=size, color=colour) for line, colour in zip(look.lines(phrase), colours, strict=False)]


def screen(
    top: ft.Control,
    body: Sequence[ft.Control],
    look: Look,
    on_back: Callable[[], None] | None = None,
    width: int | None = None,
) -> ft.Column:
    """A bar and a body that scrolls, no wider than `width`; `on_back` adds a way back at the bottom."""
    inner = ft.Column(
        list(body),
        spacing=14,
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    held = ft.Container(inner, padding=look.padding, expand=True)
    if width is not None and look.is_wide:
        held.expand, held.width = False, width
        held = ft.Container(held, alignment=ft.Alignment(0, -1), expand=True)
    controls: list[ft.Control] = [top, held]
    if on_back is not None:
        controls.append(ft.Container(_back(look, on_back), padding=ft.Padding(look.padding, 0, look.padding, 16)))
    return ft.Column(controls, spacing=0, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _back(look: Look, on_back: Callable[[], None]) -> ft.Row:
    palette = look.palette
    button = ft.Button(
        look.say(BACK),
        icon=ft.Icons.ARROW_BACK,
        height=theme.TARGET_MIN,
        width=200 if look.is_wide else None,
        expand=not look.is_wide,
        elevation=0,
        on_click=lambda _: on_back(),
        style=ft.ButtonStyle(
            bgcolor=palette.card,
            color=palette.ink,
            icon_size=28,
            icon_color=palette.ink,
            text_style=ft.TextStyle(size=theme.BODY, weight=ft.FontWeight.W_600, font_family=theme.FONT),
            side=ft.BorderSide(1, palette.line),
            shape=ft.RoundedRectangleBorder(radius=theme.RADIUS),
        ),
    )
    return ft.Row([button])
