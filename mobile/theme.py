"""The app's sizes, in logical pixels, and Flet's theme, made from the palette that the office uses too."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import flet as ft

from shared.palette import DARK, LIGHT, Palette

if TYPE_CHECKING:
    # At run time it would bring SQLModel into the first frame.
    from mobile.strings import Phrase

FONT = "Mumen"
"""The family that the web build ships."""
SMALL = 16
BODY = 20
TITLE = 26
TARGET = 84  # high enough for a gloved thumb
TARGET_MIN = 64
RADIUS = 18
WIDE_FROM = 700
LOW_BELOW = 700
TIGHT_BELOW = 760
"""A tablet of 1280 × 800 whose browser keeps its bars."""
FADE_MS = 120


@dataclass(frozen=True)
class Look:
    """How a screen is to be painted: its colours, the room it has, and whether English stands beside the Chinese."""

    palette: Palette
    is_wide: bool = True
    is_low: bool = False
    is_tight: bool = False
    """Whether what is read from afar has to be a little smaller, so that all of it is seen."""
    has_english: bool = False

    @property
    def is_large(self) -> bool:
        """Whether there is room for what is read from three metres away."""
        return self.is_wide and not self.is_low

    @property
    def padding(self) -> int:
        """Around what a screen holds."""
        return 20 if self.is_wide else 12

    @property
    def gap(self) -> int:
        """Between an icon and its words."""
        return 14 if self.is_wide else 9

    def say(self, phrase: "Phrase") -> str:
        """A word: the Chinese, and the English behind it where it is wanted."""
        return f"{phrase.zh} {phrase.en}" if self.has_english and phrase.en else phrase.zh

    def lines(self, phrase: "Phrase") -> list[str]:
        """A sentence: the Chinese, and the English in a line of its own where it is wanted."""
        return [phrase.zh, phrase.en] if self.has_english and phrase.en else [phrase.zh]


def ems(text: str) -> float:
    """About how wide a text is, in heights of its type."""
    return sum(1.0 if ord(one) > 0x2E80 else 0.7 if one.isupper() else 0.6 for one in text)


def flet_theme(palette: Palette) -> ft.Theme:
    """Flet's theme for one palette."""
    return ft.Theme(font_family=FONT, color_scheme_seed=palette.wood)


def palette_for(*, is_dark: bool) -> Palette:
    """The palette that a screen paints with."""
    return DARK if is_dark else LIGHT
