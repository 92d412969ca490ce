"""Draws the marks of a label on a page of a PDF, and measures text in the fonts that are embedded."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.drawing import PaintedPath
from fpdf.enums import PathPaintRule
from fpdf.fonts import TTFFont
from fpdf.prefs import ViewerPreferences

from labels.faces import add_face
from labels.fonts import LabelFonts
from labels.marks import Bar, Mark, Plan, Symbol, Text
from labels.pictogram import opening_plan
from labels.symbol import dark_rectangles, matrix
from labels.widths import MISSING

POINTS_PER_MM = 72 / 25.4
FAMILY = "label"


@dataclass(frozen=True)
class Canvas:
    """A PDF in the making, with its two faces."""

    pdf: FPDF
    regular: TTFFont
    bold: TTFFont
    _measured: dict[tuple[str, bool], float] = field(default_factory=dict[tuple[str, bool], float])
    """Fitting a text asks for the same widths again and again."""

    def measure(self, text: str, bold: bool) -> float:  # noqa: FBT001  # the shape of `fit.Measure`
        """The width of this text in units of its size."""
        if (text, bold) not in self._measured:
            widths = self._face(bold=bold).cw
            width = sum(widths[ord(character)] for character in self.printable(text, bold=bold)) / 1000
            self._measured[text, bold] = width
        return self._measured[text, bold]

    def printable(self, text: str, *, bold: bool) -> str:
        """The text with a visible mark for each character that the face does not hold."""
        held = self._face(bold=bold).cmap
        return "".join(character if ord(character) in held else MISSING for character in text)

    def _face(self, *, bold: bool) -> TTFFont:
        return self.bold if bold else self.regular


@contextmanager
def open_canvas(fonts: LabelFonts, title: str, made_at_us: int) -> Generator[Canvas, None, None]:
    """An empty PDF that asks its viewer not to scale when it prints; its font files are closed at the end."""
    pdf = FPDF(unit="mm")
    pdf.set_title(title)
    pdf.set_creation_date(datetime.fromtimestamp(made_at_us / 1_000_000, UTC))
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(0)
    pdf.viewer_preferences = ViewerPreferences(print_scaling="None", display_doc_title=True)
    regular, bold = add_face(pdf, FAMILY, "", fonts.regular), add_face(pdf, FAMILY, "B", fonts.bold)
    try:
        yield Canvas(pdf, regular, bold)
    finally:  # fpdf2 closes them when it writes; a PDF that is refused is never written
        regular.close()
        bold.close()


def draw(canvas: Canvas, mark: Mark, left_mm: float, top_mm: float) -> None:
    """Draw one mark of the label whose upper left corner is here."""
    match mark:
        case Text():
            _draw_text(canvas, mark, left_mm, top_mm)
        case Bar():
            canvas.pdf.set_fill_color(0)
            canvas.pdf.rect(left_mm + mark.x_mm, top_mm + mark.y_mm, mark.width_mm, mark.height_mm, style="F")
        case Symbol():
            _draw_symbol(canvas, mark, left_mm, top_mm)
        case Plan():
            _draw_plan(canvas, mark, left_mm, top_mm)


def _draw_text(canvas: Canvas, mark: Text, left_mm: float, top_mm: float) -> None:
    canvas.pdf.set_font(FAMILY, "B" if mark.is_bold else "", mark.size_mm * POINTS_PER_MM)
    canvas.pdf.set_text_color(255 if mark.is_inverse else 0)
    text = canvas.printable(mark.text, bold=mark.is_bold)
    canvas.pdf.text(left_mm + mark.x_mm, top_mm + mark.baseline_mm, text)


def _draw_symbol(canvas: Canvas, mark: Symbol, left_mm: float, top_mm: float) -> None:
    """All modules in one path: rectangles filled one by one would leave hairlines between rows.

    The path is written as PDF operators: fpdf2's own path objects took two thirds of a label's time.
    """
    pdf, module = canvas.pdf, mark.module_mm * POINTS_PER_MM
    left = (left_mm + mark.x_mm) * POINTS_PER_MM
    bottom = (pdf.h - top_mm - mark.y_mm) * POINTS_PER_MM
    rectangles = " ".join(
        f"{left + column * module:.3f} {bottom - (row + rows) * module:.3f} "
        f"{columns * module:.3f} {rows * module:.3f} re"
        for column, row, columns, rows in dark_rectangles(matrix(mark.code))
    )
    pdf._out(f"q 0 g {rectangles} f Q")  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - there is no public way


def _draw_plan(canvas: Canvas, mark: Plan, left_mm: float, top_mm: float) -> None:
    plan = opening_plan(mark.opening)
    left, top, side = left_mm + mark.x_mm, top_mm + mark.y_mm, mark.side_mm
    filled = PaintedPath()
    _fill(filled)
    for x, y, width, height in (*plan.walls, plan.leaf):
        filled.rectangle(left + x * side, top + y * side, width * side, height * side)
    canvas.pdf.draw_path(filled, copy=False)  # pyright: ignore[reportArgumentType] - the same
    canvas.pdf.polygon([(left + x * side, top + y * side) for x, y in plan.outside], style="F")
    canvas.pdf.set_draw_color(0)
    canvas.pdf.set_line_width(0.2)
    canvas.pdf.polyline([(left + x * side, top + y * side) for x, y in plan.swing])


def _fill(path: PaintedPath) -> None:
    path.style.fill_color = "#000000"
    path.style.stroke_color = None
    path.style.paint_rule = PathPaintRule.FILL_NONZERO
