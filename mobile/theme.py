"""The app's sizes, in logical pixels, and Flet's theme, made from the palette that the office uses too."""

import flet as ft

from shared.palette import DARK, LIGHT, Palette

FONT = "Mumen"
"""The family that the web build ships."""
BODY = 20
TITLE = 26
VERDICT = 64
VERDICT_ICON = 96
TARGET = 84  # high enough for a gloved thumb
WIDE_FROM = 700


def flet_theme(palette: Palette) -> ft.Theme:
    """Flet's theme for one palette."""
    return ft.Theme(font_family=FONT, color_scheme_seed=palette.wood)


def palette_for(*, is_dark: bool) -> Palette:
    """The palette that a screen paints with."""
    return DARK if is_dark else LIGHT
