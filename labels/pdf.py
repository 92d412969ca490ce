"""Label sheets as PDF: vector symbols and an embedded subset of the font. Light to import; time and fonts come in."""

from collections.abc import Sequence

from labels.canvas import Canvas, draw, open_canvas
from labels.content import Label
from labels.fonts import LabelFonts
from labels.kinds import marks_of
from labels.marks import Bar, Mark, Text
from labels.templates import SheetTemplate
from labels.words import CHINESE, LabelWords

NOTE_SIZE_MM = 3.2
RULER_MM = 50.0


def labels_pdf(
    labels: Sequence[Label],
    fonts: LabelFonts,
    title: str,
    made_at_us: int,
    sheet: SheetTemplate,
    words: LabelWords = CHINESE,
) -> bytes:
    """These labels in this order, as a PDF that is to be printed at 100 %. The same arguments give the same bytes."""
    with open_canvas(fonts, title, made_at_us) as canvas:
        marks = [marks_of(label, sheet.label, words, canvas.measure) for label in labels]
        return _sheets(canvas, marks, title, sheet, words)


def _sheets(
    canvas: Canvas, labels: Sequence[Sequence[Mark]], title: str, sheet: SheetTemplate, words: LabelWords
) -> bytes:
    if not labels:
        raise ValueError("a label sheet needs at least one label")
    size = sheet.labels_per_page
    pages = [labels[start : start + size] for start in range(0, len(labels), size)]
    for number, page in enumerate(pages, start=1):
        canvas.pdf.add_page(format=(sheet.page_width_mm, sheet.page_height_mm))
        if sheet.has_margin_notes:
            heading = words.page.format(title=title, number=number, of=len(pages))
            _draw_margin_notes(canvas, heading, sheet, words)
        for position, marks in enumerate(page):
            left, top = sheet.place(position)
            for mark in marks:
                draw(canvas, mark, left, top)
    return bytes(canvas.pdf.output())


def _draw_margin_notes(canvas: Canvas, heading: str, sheet: SheetTemplate, words: LabelWords) -> None:
    """The title above the labels and a ruler below, which shows whether the printer has scaled the page."""
    left, above, below = sheet.left_mm, sheet.top_mm - 4.0, sheet.page_height_mm - 7.0
    width = sheet.page_width_mm - 2 * left
    notes: list[Mark] = [
        Bar(left, below, RULER_MM, 0.25),
        Bar(left, below - 1.5, 0.25, 3.0),
        Bar(left + RULER_MM - 0.25, below - 1.5, 0.25, 3.0),
        Text(f"{words.ruler} · {words.print_hint}", left + RULER_MM + 3, below + 1.2, NOTE_SIZE_MM),
    ]
    heading_size = min(NOTE_SIZE_MM, width / max(canvas.measure(heading, False), 1))
    notes.append(Text(heading, left, above, heading_size))
    for note in notes:
        draw(canvas, note, 0, 0)
