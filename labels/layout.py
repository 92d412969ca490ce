"""Where everything stands on a label: templates, and the marks that make up one label.

Millimetres from the label's upper left corner, y down. A mark says what to draw, not how: a PDF and a label printer
draw the same marks. The QR's modules are whole dots of a 203 dpi printer (8 dots a millimetre), and so is its place.
"""

from dataclasses import dataclass

from labels.content import CodeCard, PieceLabel
from labels.fit import LINE_HEIGHT, Measure, cut, fit
from labels.symbol import MODULES, QUIET_MODULES
from labels.words import LabelWords
from shared.label_code import pretty
from shared.schemas.order import Opening

DOTS_PER_MM = 8
CAP_MIDDLE = 0.36
"""The middle of digits and of Chinese characters above the baseline, in units of the size."""

ROWS = (0.20, 0.13, 0.12, 0.17, 0.38)
"""The shares of the right column's rows: head, order, door and room, size, the rest."""

ROWS_FOR_LONG_ROOM = (0.20, 0.13, 0.20, 0.17, 0.30)
DOOR_LEAST_MM = 1.7
"""Characters of a 203 dpi printer that are still read at arm's length."""

DOOR_SHARE = 0.75
"""The largest size of door and room, in units of the height that their row has by `ROWS`."""


@dataclass(frozen=True)
class LabelTemplate:
    """One size of label. `module_dots` is the width of a QR module; fewer than 5 dots are not read in dust."""

    width_mm: float
    height_mm: float
    inset_mm: float
    module_dots: int

    @property
    def module_mm(self) -> float:
        """The width of one module."""
        return self.module_dots / DOTS_PER_MM

    @property
    def symbol_box_mm(self) -> float:
        """The symbol with its quiet zone on both sides."""
        return self.module_mm * (MODULES + 2 * QUIET_MODULES)


@dataclass(frozen=True)
class SheetTemplate:
    """A page of labels, filled row by row. `has_margin_notes`: there is room for a title above and a ruler below."""

    label: LabelTemplate
    page_width_mm: float
    page_height_mm: float
    columns: int = 1
    rows: int = 1
    left_mm: float = 0.0
    top_mm: float = 0.0
    pitch_x_mm: float = 0.0
    pitch_y_mm: float = 0.0
    has_margin_notes: bool = False

    @property
    def labels_per_page(self) -> int:
        """How many labels one page holds."""
        return self.columns * self.rows

    def place(self, position: int) -> tuple[float, float]:
        """The upper left corner of the n-th label on its page, snapped to printer dots."""
        row, column = divmod(position, self.columns)
        return snap(self.left_mm + column * self.pitch_x_mm), snap(self.top_mm + row * self.pitch_y_mm)


ROLL_60X40 = SheetTemplate(LabelTemplate(60, 40, 2, 7), page_width_mm=60, page_height_mm=40)
"""A label printer's roll: one label a page."""

A4_3X8 = SheetTemplate(LabelTemplate(63.5, 33.9, 2, 6), 210, 297, 3, 8, 7.2, 12.9, 66.0, 33.9, has_margin_notes=True)
"""24 rounded labels of 63.5 × 33.9 mm on an A4 sheet, with margins that every office printer can print."""

CARDS_A4_2X5 = SheetTemplate(
    LabelTemplate(85.6, 53.9, 3, 8), 210, 297, 2, 5, 14.4, 13.5, 95.6, 54.0, has_margin_notes=True
)
"""Ten cards of the size of an identity card, for badges and stations."""


@dataclass(frozen=True)
class Text:
    """One line; `x_mm` is its left end, `baseline_mm` its baseline. `is_inverse`: white on a bar."""

    text: str
    x_mm: float
    baseline_mm: float
    size_mm: float
    is_bold: bool = False
    is_inverse: bool = False


@dataclass(frozen=True)
class Bar:
    """A filled rectangle."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True)
class Symbol:
    """A QR; `x_mm`, `y_mm` is the corner of its first module, the quiet zone lies around it."""

    code: str
    x_mm: float
    y_mm: float
    module_mm: float


@dataclass(frozen=True)
class Plan:
    """The pictogram of an opening in a square."""

    opening: Opening
    x_mm: float
    y_mm: float
    side_mm: float


Mark = Text | Bar | Symbol | Plan


@dataclass(frozen=True)
class Box:
    """A place to fill."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


def snap(length_mm: float) -> float:
    """The nearest whole printer dot."""
    return round(length_mm * DOTS_PER_MM) / DOTS_PER_MM


def piece_label_marks(label: PieceLabel, template: LabelTemplate, words: LabelWords, measure: Measure) -> list[Mark]:
    """The label of a piece: the code on the left; what it is, whose, and how large on the right."""
    column = _right_column(template)
    door_text = " · ".join(filter(None, (words.door.format(number=label.door_number, of=label.door_of), label.room)))
    door_sizes = DOOR_LEAST_MM, column.height_mm * ROWS[2] * DOOR_SHARE
    is_short = cut(door_text, column.width_mm, column.height_mm * ROWS[2], door_sizes, measure) == door_text
    head, order, door, size, rest = _split(column, ROWS if is_short else ROWS_FOR_LONG_ROOM)
    door_text = cut(door_text, door.width_mm, door.height_mm, door_sizes, measure)
    marks: list[Mark] = _code_marks(label.code, template, measure)
    marks += _head_marks(label, head, words, measure)
    marks += _text_marks([label.order_number], order, order.height_mm * 0.92, measure, bold=True)
    marks += _text_marks([door_text], door, door_sizes[1], measure)
    marks.append(Bar(size.x_mm, size.y_mm, size.width_mm, 0.25))
    marks += _text_marks([label.size], size, size.height_mm * 0.86, measure, bold=True)
    return marks + _rest_marks(label, rest, words, measure)


def code_card_marks(card: CodeCard, template: LabelTemplate, measure: Measure) -> list[Mark]:
    """A card: the code on the left, a large name and what it is on the right."""
    column = _right_column(template)
    title, subtitle = _split(column, (0.6, 0.4))
    marks: list[Mark] = _code_marks(card.code, template, measure)
    marks += _text_marks([card.title], title, 9, measure, bold=True)
    marks.append(Bar(column.x_mm, subtitle.y_mm, column.width_mm, 0.4))
    if card.subtitle:
        marks += _text_marks([card.subtitle], subtitle, 5, measure)
    return marks


def _right_column(template: LabelTemplate) -> Box:
    left = template.symbol_box_mm + 0.5
    inset = template.inset_mm
    return Box(left, inset, template.width_mm - left - inset, template.height_mm - 2 * inset)


def _split(box: Box, shares: tuple[float, ...]) -> list[Box]:
    """The box cut into rows with these shares of its height."""
    tops = [box.y_mm + box.height_mm * sum(shares[:row]) for row in range(len(shares))]
    return [Box(box.x_mm, top, box.width_mm, box.height_mm * share) for top, share in zip(tops, shares, strict=True)]


def _code_marks(code: str, template: LabelTemplate, measure: Measure) -> list[Mark]:
    """The symbol in its quiet zone, and the code for people in two lines below it."""
    quiet = snap(QUIET_MODULES * template.module_mm)
    bottom = template.symbol_box_mm
    width = MODULES * template.module_mm
    below = Box(quiet, bottom - 0.5, width, template.height_mm - template.inset_mm - bottom + 0.5)
    groups = pretty(code).split("-")
    lines = ["-".join(groups[:3]), "-".join(groups[3:])]
    return [Symbol(code, quiet, quiet, template.module_mm), *_text_marks(lines, below, 3.4, measure)]


def _head_marks(label: PieceLabel, box: Box, words: LabelWords, measure: Measure) -> list[Mark]:
    """A black bar with the kind of the piece and n of N in white."""
    count = words.piece.format(number=label.piece_number, of=label.piece_of)
    left = Box(box.x_mm + 1.2, box.y_mm, box.width_mm * 0.55 - 1.2, box.height_mm - 0.8)
    right = Box(box.x_mm + box.width_mm * 0.58, box.y_mm, box.width_mm * 0.42 - 1.2, box.height_mm - 0.8)
    bar = Bar(box.x_mm, box.y_mm, box.width_mm, box.height_mm - 0.8)
    kind = _text_marks([label.piece_kind], left, box.height_mm * 0.66, measure, bold=True, inverse=True)
    number = _text_marks([count], right, box.height_mm * 0.5, measure, inverse=True, align_right=True)
    return [bar, *kind, *number]


def _rest_marks(label: PieceLabel, box: Box, words: LabelWords, measure: Measure) -> list[Mark]:
    """The opening as a plan with its word, and beside it model, colour and the first operation."""
    operation = words.first_operation.format(name=label.first_operation) if label.first_operation else ""
    copy = words.copy.format(number=label.copy_number) if label.copy_number > 1 else ""
    texts = [text for text in (label.model, label.colour, operation, copy) if text]
    if label.opening is None:
        return _text_marks(texts, box, 3.0, measure)
    word_height = box.height_mm * 0.3
    side = min(box.height_mm - word_height - 0.6, box.width_mm * 0.3)
    plan = Plan(label.opening, box.x_mm + 0.3, box.y_mm + 0.6, side)
    word_box = Box(box.x_mm, box.y_mm + box.height_mm - word_height, side + 0.6, word_height)
    word = _text_marks([words.openings[label.opening]], word_box, word_height * 0.95, measure, bold=True)
    right = Box(box.x_mm + side + 2, box.y_mm, box.width_mm - side - 2, box.height_mm)
    return [plan, *word, *_text_marks(texts, right, 3.0, measure)]


def _text_marks(  # the one place where text becomes marks, so it has every option
    texts: list[str],
    box: Box,
    largest_mm: float,
    measure: Measure,
    *,
    bold: bool = False,
    inverse: bool = False,
    align_right: bool = False,
) -> list[Mark]:
    """The texts as lines that fill the box from its vertical middle."""
    fitted = fit(texts, box.width_mm, box.height_mm, largest_mm, measure, bold=bold)
    size, pitch = fitted.size_mm, fitted.size_mm * LINE_HEIGHT
    first_middle = box.y_mm + box.height_mm / 2 - pitch * (len(fitted.lines) - 1) / 2
    marks: list[Mark] = []
    for number, line in enumerate(fitted.lines):
        spare = box.width_mm - measure(line, bold) * size if align_right else 0.0
        baseline = first_middle + number * pitch + CAP_MIDDLE * size
        marks.append(Text(line, box.x_mm + spare, baseline, size, bold, inverse))
    return marks
