"""Text that fits: as large as wanted where there is room, wrapped, then smaller. Only `cut` leaves anything out."""

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

Measure = Callable[[str, bool], float]
"""The width of a text in units of its size; the second argument asks for the bold face."""

ELLIPSIS = "…"
LINE_HEIGHT = 1.22
SHRINK = 0.95
_TOKENS = re.compile(r"[!-~]+|.", re.DOTALL)


@dataclass(frozen=True)
class Fitted:
    """Lines and the size that makes them fit."""

    lines: tuple[str, ...]
    size_mm: float


def fit(
    texts: list[str], width_mm: float, height_mm: float, largest_mm: float, measure: Measure, *, bold: bool
) -> Fitted:
    """The paragraphs at the largest common size, at most `largest_mm`, at which all their lines fit the box."""
    size_mm = largest_mm
    while True:
        lines = tuple(line for text in texts for line in balanced(text, width_mm / size_mm, measure, bold=bold))
        is_wide = any(measure(line, bold) * size_mm > width_mm for line in lines)
        if not is_wide and len(lines) * size_mm * LINE_HEIGHT <= max(height_mm, size_mm * LINE_HEIGHT):
            return Fitted(lines, size_mm)
        size_mm *= SHRINK


def cut(text: str, width_mm: float, height_mm: float, sizes_mm: tuple[float, float], measure: Measure) -> str:
    """The text, shortened with an ellipsis where it would have to be smaller than the first of these sizes."""
    least_mm, largest_mm = sizes_mm

    def is_legible(shown: str) -> bool:
        return fit([shown], width_mm, height_mm, largest_mm, measure, bold=False).size_mm >= least_mm

    if is_legible(text):
        return text
    kept = bisect_left(range(1, len(text)), True, key=lambda length: not is_legible(f"{text[:length]}{ELLIPSIS}"))
    return f"{text[:kept].rstrip()}{ELLIPSIS}"


def balanced(text: str, width: float, measure: Measure, *, bold: bool) -> list[str]:
    """As `wrap`; where that leaves a character alone on its line, in as many lines of which none does, if there are."""
    lines = wrap(text, width, measure, bold=bold)
    narrower, tried = width, lines
    while len(tried) == len(lines) > 1 and _has_lone(tried):
        narrower *= SHRINK
        tried = wrap(text, narrower, measure, bold=bold)
    return tried if len(tried) == len(lines) else lines


def _has_lone(lines: list[str]) -> bool:
    return any(len(line) == 1 for line in lines)


def wrap(text: str, width: float, measure: Measure, *, bold: bool) -> list[str]:
    """The text in lines of at most `width` (in units of the size), broken between words or Chinese characters.

    A word that is wider than a line is broken where it must be; a single character may stay too wide.
    """
    lines: list[str] = []
    line = ""
    for token in _TOKENS.findall(" ".join(text.split())):
        if measure(line + token, bold) <= width:
            line += token
            continue
        if line.strip():
            lines.append(line.strip())
        *full, line = _broken(token.lstrip(), width, measure, bold=bold)
        lines += full
    return [*lines, line.strip()] if line.strip() else lines


def _broken(word: str, width: float, measure: Measure, *, bold: bool) -> list[str]:
    parts = [""]
    for character in word:
        if parts[-1] and measure(parts[-1] + character, bold) > width:
            parts.append("")
        parts[-1] += character
    return parts
