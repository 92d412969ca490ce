"""A small status: colour, icon and word together, never one alone."""

import flet as ft

from mobile import theme
from mobile.theme import Look
from shared.palette import RoleColours
from shared.words import Phrase


def chip(icon: ft.IconData, text: str, colours: RoleColours, look: Look) -> ft.Container:
    """A pill that says one thing; three of them stand side by side on the narrowest phone."""
    content = ft.Row(
        [
            ft.Icon(icon, color=colours.text, size=22 if look.is_wide else 18),
            ft.Text(
                text,
                size=18 if look.is_wide else 16,
                weight=ft.FontWeight.W_600,
                color=colours.text,
                no_wrap=True,
            ),
        ],
        spacing=6 if look.is_wide else 4,
        tight=True,
    )
    padding = ft.Padding(12, 6, 14, 6) if look.is_wide else ft.Padding(8, 4, 10, 4)
    return ft.Container(content, bgcolor=colours.ground, border_radius=20, padding=padding)


def notice(icon: ft.IconData, phrase: Phrase, colours: RoleColours, look: Look) -> ft.Container:
    """A sentence that must be read: why something did not work and what to do."""
    words = ft.Column(
        [
            ft.Text(line, size=size, weight=ft.FontWeight.W_600, color=colours.text)
            for line, size in zip(look.lines(phrase), (theme.BODY, theme.SMALL), strict=False)
        ],
        spacing=0,
        expand=True,
    )
    row = ft.Row([ft.Icon(icon, color=colours.text, size=28), words], spacing=12)
    return ft.Container(row, bgcolor=colours.ground, padding=14, border_radius=theme.RADIUS)
