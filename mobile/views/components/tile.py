"""A big button: an icon, a word, and a second line where it helps."""

from collections.abc import Callable, Sequence

import flet as ft

from mobile import theme
from mobile.strings import Phrase
from mobile.theme import Look
from shared.palette import RoleColours

ENGLISH_LINES = 20
"""What two small lines below a button's word take beside a smaller icon."""

TALKING_LINE = 24


def tile(
    icon: ft.IconData,
    title: str,
    look: Look,
    on_click: Callable[[], None],
    *,
    under: str = "",
    role: RoleColours | None = None,
    is_main: bool = False,
) -> ft.Button:
    """High enough for a gloved thumb; `is_main` is the one button that most people want."""
    palette = look.palette
    ink = palette.on_wood if is_main else role.text if role else palette.ink
    ground = palette.wood if is_main else role.ground if role else palette.card
    lines: list[ft.Control] = [
        ft.Text(
            title,
            size=theme.BODY,
            weight=ft.FontWeight.W_600,
            color=ink,
            max_lines=2 if not under else 1,
            overflow=ft.TextOverflow.ELLIPSIS,
        )
    ]
    if under:
        quiet = ink if is_main or role else palette.muted
        lines.append(ft.Text(under, size=theme.SMALL, color=quiet, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS))
    words = ft.Column(lines, spacing=0, tight=True, expand=True)
    return ft.Button(
        content=ft.Row([ft.Icon(icon, size=30 if look.is_wide else 26, color=ink), words], spacing=look.gap),
        on_click=lambda _: on_click(),
        height=theme.TARGET,
        elevation=0,
        style=ft.ButtonStyle(
            bgcolor=ground,
            side=ft.BorderSide(2 if role else 1, role.text if role else palette.line),
            shape=ft.RoundedRectangleBorder(radius=theme.RADIUS),
            padding=ft.Padding(look.gap + 4, 8, look.gap + 4, 8),
        ),
    )


def talking_tile(
    icon: ft.IconData, lines: Sequence[str], look: Look, on_click: Callable[[], None], role: RoleColours
) -> ft.Button:
    """A big button that says a whole sentence: lines take the room that they need, above all the English one."""
    sizes = [theme.BODY] + [theme.SMALL] * (len(lines) - 1)
    words = ft.Column(
        [
            ft.Text(line, size=size, weight=ft.FontWeight.W_600 if size == theme.BODY else None, color=role.text)
            for line, size in zip(lines, sizes, strict=True)
        ],
        spacing=0,
        tight=True,
        expand=True,
    )
    return ft.Button(
        content=ft.Row([ft.Icon(icon, size=30 if look.is_wide else 26, color=role.text), words], spacing=look.gap),
        on_click=lambda _: on_click(),
        height=theme.TARGET + TALKING_LINE * (len(lines) - 1 if look.has_english else 0),
        elevation=0,
        style=ft.ButtonStyle(
            bgcolor=role.ground,
            side=ft.BorderSide(2, role.text),
            shape=ft.RoundedRectangleBorder(radius=theme.RADIUS),
            padding=ft.Padding(look.gap + 4, 8, look.gap + 4, 8),
        ),
    )


def action(icon: ft.IconData, phrase: Phrase, look: Look, on_click: Callable[[], None]) -> ft.Button:
    """One of the few buttons at the bottom of a screen: icon above word, all of one width."""
    palette = look.palette
    words = ft.Text(
        look.say(phrase) if look.is_wide else phrase.zh,
        size=17,
        weight=ft.FontWeight.W_600,
        color=palette.ink,
        no_wrap=True,
        overflow=ft.TextOverflow.FADE,
    )
    has_more = look.has_english and bool(phrase.en) and not look.is_wide
    # Four of them stand side by side on a phone: the second language has two small lines of its own.
    more = [_english_below(phrase.en, palette.ink)] if has_more else []
    return ft.Button(
        content=ft.Column(
            [ft.Icon(icon, size=26 if has_more else 32, color=palette.ink), words, *more],
            spacing=2,
            tight=True,
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        on_click=lambda _: on_click(),
        height=theme.TARGET + (ENGLISH_LINES if has_more else 0),
        expand=True,
        elevation=0,
        style=ft.ButtonStyle(
            bgcolor=palette.card,
            side=ft.BorderSide(1, palette.line),
            shape=ft.RoundedRectangleBorder(radius=theme.RADIUS),
            padding=2,
        ),
    )


def _english_below(english: str, colour: str) -> ft.Text:
    return ft.Text(english, size=13, color=colour, text_align=ft.TextAlign.CENTER, max_lines=2)


def grid(tiles: Sequence[ft.Control], *, wide_columns: int = 3) -> ft.ResponsiveRow:
    """Tiles side by side: one column on a phone, two or three on a tablet."""
    each = 12 // wide_columns
    cells: list[ft.Control] = [ft.Container(one, col={"xs": 12, "sm": 6, "lg": each}) for one in tiles]
    return ft.ResponsiveRow(cells, spacing=12, run_spacing=12)
