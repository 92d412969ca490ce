"""How wide text is in the two faces of labels, without anything that draws."""

from dataclasses import dataclass, field
from typing import Any

from fontTools.ttLib import TTFont

MISSING = "〓"
"""What printers have always set in place of a character that the font lacks."""


@dataclass(frozen=True)
class Widths:
    """The width of each character that a face holds, in units of its size; the bold face is under `True`."""

    by_weight: dict[bool, dict[int, float]]
    _measured: dict[tuple[str, bool], float] = field(default_factory=dict[tuple[str, bool], float])
    """Fitting a text asks for the same widths again and again."""

    def measure(self, text: str, bold: bool) -> float:  # noqa: FBT001  # the shape of `fit.Measure`
        """The width of this text in units of its size."""
        if (text, bold) not in self._measured:
            widths = self.by_weight[bold]
            width = sum(widths[ord(character)] for character in self.printable(text, bold=bold))
            self._measured[text, bold] = width
        return self._measured[text, bold]

    def printable(self, text: str, *, bold: bool) -> str:
        """The text with a visible mark for each character that the face does not hold."""
        held = self.by_weight[bold]
        return "".join(character if ord(character) in held else MISSING for character in text)


def widths_in(font: TTFont) -> dict[int, float]:
    """The width of each character of an open font, in units of its size."""
    opened: Any = font
    metrics, em = opened["hmtx"].metrics, opened["head"].unitsPerEm
    return {character: metrics[glyph][0] / em for character, glyph in opened.getBestCmap().items()}
