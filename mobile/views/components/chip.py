"""A small status: colour, icon and word together, never one alone."""

import flet as ft

from shared.palette import RoleColours


def chip(icon: ft.IconData, text: str, colours: RoleColours) -> ft.Container:
    """A pill that says one thing."""
    content = ft.Row(
        [
            ft.Icon(icon, color=colours.text, size=22),
            ft.Text(text, size=18, weight=ft.FontWeight.W_600, color=colours.text),
        ],
        spacing=6,
        tight=True,
    )
    return ft.Container(content, bgcolor=colours.ground, border_radius=20, padding=ft.Padding(12, 6, 14, 6))
