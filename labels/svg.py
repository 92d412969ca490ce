"""A label as SVG, for a screen: the marks that are printed, the letters as outlines of the very fonts that print them.

Lighter than the other outputs: it needs neither Pillow nor fpdf2.
"""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from labels.content import Label
from labels.fonts import LabelFonts
from labels.kinds import marks_of
from labels.marks import Bar, Mark, Plan, Symbol, Text
from labels.pictogram import opening_plan
from labels.symbol import dark_rectangles, matrix
from labels.templates import LabelTemplate
from labels.widths import Widths, widths_in
from labels.words import CHINESE, LabelWords

BLACK, WHITE = "#000", "#fff"
SWING_MM = 0.2


class Outlines:
    """The two faces of labels, read once for every label that is drawn."""

    def __init__(self, fonts: LabelFonts) -> None:
        """Reads both faces, and decodes of them what is asked for."""
        self._opened: dict[bool, Any] = {False: _opened(fonts.regular), True: _opened(fonts.bold)}
        self._glyphs = {bold: opened.getGlyphSet() for bold, opened in self._opened.items()}
        self._names = {bold: opened.getBestCmap() for bold, opened in self._opened.items()}
        self.widths = Widths({bold: widths_in(opened) for bold, opened in self._opened.items()})

    def path(self, mark: Text) -> str:
        """The letters of this text where they stand, as one path."""
        bold, x_mm = mark.is_bold, mark.x_mm
        glyphs, names = self._glyphs[bold], self._names[bold]
        scale = mark.size_mm / self._opened[bold]["head"].unitsPerEm
        pen = SVGPathPen(glyphs, ntos=_number)
        for character in self.widths.printable(mark.text, bold=bold):
            glyphs[names[ord(character)]].draw(TransformPen(pen, (scale, 0, 0, -scale, x_mm, mark.baseline_mm)))
            x_mm += self.widths.measure(character, bold) * mark.size_mm
        return pen.getCommands()


def label_svg(outlines: Outlines, label: Label, template: LabelTemplate, words: LabelWords = CHINESE) -> bytes:
    """The label in its own size; one unit is a millimetre."""
    width, height = template.width_mm, template.height_mm
    shapes = "".join(_shape(outlines, mark) for mark in marks_of(label, template, words, outlines.widths.measure))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}mm" height="{height}mm">'
        f'<rect width="{width}" height="{height}" fill="{WHITE}"/>{shapes}</svg>'
    ).encode()


def _opened(path: Path) -> TTFont:
    """The font over its bytes, so that no file stays open."""
    return TTFont(io.BytesIO(path.read_bytes()), lazy=True)


def _shape(outlines: Outlines, mark: Mark) -> str:
    match mark:
        case Text():
            return _filled(outlines.path(mark), WHITE if mark.is_inverse else BLACK)
        case Bar():
            return _filled(_rectangle(mark.x_mm, mark.y_mm, mark.width_mm, mark.height_mm))
        case Symbol():
            module = mark.module_mm
            dark = (
                _rectangle(mark.x_mm + x * module, mark.y_mm + y * module, columns * module, rows * module)
                for x, y, columns, rows in dark_rectangles(matrix(mark.code))
            )
            return _filled("".join(dark))
        case Plan():
            return _plan(mark)


def _plan(mark: Plan) -> str:
    plan = opening_plan(mark.opening)
    left, top, side = mark.x_mm, mark.y_mm, mark.side_mm
    filled = [
        _rectangle(left + x * side, top + y * side, width * side, height * side)
        for x, y, width, height in (*plan.walls, plan.leaf)
    ]
    outside, swing = (
        _line((left + x * side, top + y * side) for x, y in points) for points in (plan.outside, plan.swing)
    )
    stroke = f'<path d="{swing}" fill="none" stroke="{BLACK}" stroke-width="{SWING_MM}"/>'
    return _filled("".join((*filled, f"{outside}Z"))) + stroke


def _filled(path: str, colour: str = BLACK) -> str:
    return f'<path d="{path}" fill="{colour}"/>'


def _rectangle(x: float, y: float, width: float, height: float) -> str:
    return f"M{_number(x)} {_number(y)}h{_number(width)}v{_number(height)}h{_number(-width)}Z"


def _line(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _number(value: float) -> str:
    """To a thousandth of a millimetre, as short as can be."""
    return f"{value:.3f}".rstrip("0").rstrip(".")
