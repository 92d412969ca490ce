"""Draws labels as dots, as a label printer prints them: PNG, ZPL and TSPL are made of that. It needs Pillow."""

import io
from functools import lru_cache
from typing import Any, cast

from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFont

from labels.bitmap import Bitmap
from labels.content import Label
from labels.fonts import FontFile, LabelFonts, font_file
from labels.kinds import marks_of
from labels.marks import Bar, Mark, Plan, Symbol, Text
from labels.pictogram import opening_plan
from labels.symbol import dark_rectangles, matrix
from labels.templates import LabelTemplate
from labels.widths import Widths, widths_in
from labels.words import CHINESE, LabelWords

BLACK, WHITE = 0, 255
DARK_ENOUGH = 150
"""A dot that a stroke covers to this degree is printed: thin strokes of small characters must not break."""

SWING_MM = 0.2
_TO_INK = [WHITE if value > DARK_ENOUGH else BLACK for value in range(256)]


class Press:
    """The two faces of labels, each opened once for every size that is drawn."""

    def __init__(self, fonts: LabelFonts) -> None:
        """Reads both faces; they are kept open."""
        self._paths = {False: fonts.regular, True: fonts.bold}
        self.widths = Widths({bold: _widths(font_file(path)) for bold, path in self._paths.items()})
        self._opened: dict[tuple[bool, int], ImageFont.FreeTypeFont] = {}

    def face(self, size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
        """The face at this size in dots."""
        key = (bold, size)
        if key not in self._opened:
            path = str(self._paths[bold])
            self._opened[key] = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
        return self._opened[key]


@lru_cache(maxsize=4)
def _widths(file: FontFile) -> dict[int, float]:
    """Half a second's work: every print job needs it."""
    with TTFont(str(file.path), lazy=True) as font:
        return widths_in(font)


def label_bitmap(press: Press, label: Label, template: LabelTemplate, words: LabelWords = CHINESE) -> Bitmap:
    """The label as dots of the template's print head."""
    picture = label_picture(press, label, template, words)
    data = ImageChops.invert(picture).convert("1").tobytes()
    return Bitmap(picture.width, picture.height, data)


def label_picture(press: Press, label: Label, template: LabelTemplate, words: LabelWords = CHINESE) -> Image.Image:
    """The label in black and white, one pixel a dot."""
    picture = Image.new("L", template.size_dots, WHITE)
    pen = ImageDraw.Draw(picture)
    for mark in marks_of(label, template, words, press.widths.measure):
        _draw(press, pen, mark, template.dots_per_mm)
    return cast("Any", picture).point(_TO_INK)


def picture_of(bitmap: Bitmap) -> Image.Image:
    """The dots as a grey picture, for a reader or a screen."""
    picture = Image.frombytes("1", (bitmap.width, bitmap.height), bitmap.data)
    return ImageChops.invert(picture.convert("L"))


def png(bitmap: Bitmap, dots_per_mm: int) -> bytes:
    """The dots as a PNG that says how large they are."""
    out = io.BytesIO()
    dpi = dots_per_mm * 25.4
    picture_of(bitmap).convert("1").save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


def _draw(press: Press, pen: ImageDraw.ImageDraw, mark: Mark, dots: int) -> None:
    match mark:
        case Text():
            face = press.face(max(1, round(mark.size_mm * dots)), bold=mark.is_bold)
            at = (round(mark.x_mm * dots), round(mark.baseline_mm * dots))
            ink = WHITE if mark.is_inverse else BLACK
            pen.text(at, press.widths.printable(mark.text, bold=mark.is_bold), fill=ink, font=face, anchor="ls")
        case Bar():
            _fill(pen, mark.x_mm * dots, mark.y_mm * dots, mark.width_mm * dots, mark.height_mm * dots)
        case Symbol():
            left, top, module = (round(length * dots) for length in (mark.x_mm, mark.y_mm, mark.module_mm))
            for column, row, columns, rows in dark_rectangles(matrix(mark.code)):
                _fill(pen, left + column * module, top + row * module, columns * module, rows * module)
        case Plan():
            _draw_plan(pen, mark, dots)


def _draw_plan(pen: ImageDraw.ImageDraw, mark: Plan, dots: int) -> None:
    plan = opening_plan(mark.opening)
    left, top, side = mark.x_mm * dots, mark.y_mm * dots, mark.side_mm * dots
    for x, y, width, height in (*plan.walls, plan.leaf):
        _fill(pen, left + x * side, top + y * side, width * side, height * side)
    pen.polygon([(left + x * side, top + y * side) for x, y in plan.outside], fill=BLACK)
    swing = [(left + x * side, top + y * side) for x, y in plan.swing]
    pen.line(swing, fill=BLACK, width=max(1, round(SWING_MM * dots)))


def _fill(pen: ImageDraw.ImageDraw, left: float, top: float, width: float, height: float) -> None:
    """A rectangle of whole dots, at least one wide and high."""
    x, y = round(left), round(top)
    right, bottom = max(x + 1, round(left + width)), max(y + 1, round(top + height))
    pen.rectangle((x, y, right - 1, bottom - 1), fill=BLACK)
