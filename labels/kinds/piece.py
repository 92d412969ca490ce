"""The label of a piece: what it is, whose, how large, and what is done with it first."""

from labels.blocks import LEGIBLE_MM, code_marks, head_marks, line_above, right_of_code, shortened, text_marks
from labels.content import PieceLabel
from labels.fit import Measure, cut
from labels.marks import Box, Mark, Plan
from labels.templates import LabelTemplate
from labels.words import LabelWords

ROWS = (0.20, 0.13, 0.12, 0.17, 0.38)
"""The shares of the right column's rows: head, order, door and room, size, the rest."""

LAYOUTS = (ROWS, (0.20, 0.13, 0.20, 0.17, 0.30), (0.15, 0.12, 0.34, 0.14, 0.25))
"""For rooms of any length: the first is taken in which door and room are legible."""

DOOR_SHARE = 0.75
"""The largest size of door and room, in units of the height that their row has by `ROWS`."""


def piece_label_marks(label: PieceLabel, template: LabelTemplate, words: LabelWords, measure: Measure) -> list[Mark]:
    """The code on the left; what it is, whose, and how large on the right."""
    column = right_of_code(template)
    return code_marks(label.code, template, measure) + piece_marks(label, column, words, measure)


def piece_marks(label: PieceLabel, column: Box, words: LabelWords, measure: Measure) -> list[Mark]:
    """What a piece is, in this box: its head, order, door and room, size, and the rest."""
    door_text = " · ".join(filter(None, (words.door.format(number=label.door_number, of=label.door_of), label.room)))
    door_sizes = LEGIBLE_MM, column.height_mm * ROWS[2] * DOOR_SHARE
    head, order, door, size, rest = next(
        (rows for rows in map(column.rows, LAYOUTS) if _cut(door_text, rows[2], door_sizes, measure) == door_text),
        column.rows(LAYOUTS[-1]),
    )
    door_text = _cut(door_text, door, door_sizes, measure)
    marks = head_marks(
        label.piece_kind, words.piece.format(number=label.piece_number, of=label.piece_of), head, measure
    )
    marks += text_marks([label.order_number], order, order.height_mm * 0.92, measure, bold=True)
    marks += text_marks([door_text], door, door_sizes[1], measure)
    marks.append(line_above(size))
    marks += text_marks([label.size], size, size.height_mm * 0.86, measure, bold=True)
    return marks + _rest_marks(label, rest, words, measure)


def _cut(text: str, box: Box, sizes_mm: tuple[float, float], measure: Measure) -> str:
    return cut(text, box.width_mm, box.height_mm, sizes_mm, measure)


def _rest_marks(label: PieceLabel, box: Box, words: LabelWords, measure: Measure) -> list[Mark]:
    """The opening as a plan with its word, and beside it model, colour and the first operation."""
    operation = words.first_operation.format(name=label.first_operation) if label.first_operation else ""
    copy = words.copy.format(number=label.copy_number) if label.copy_number > 1 else ""
    largest = max(3.0, box.height_mm * 0.17)
    texts = [text for text in (label.model, label.colour, operation, copy) if text]
    if label.opening is None:
        return text_marks(shortened(texts, box, largest, measure), box, largest, measure)
    word_height = box.height_mm * 0.3
    side = min(box.height_mm - word_height - 0.6, box.width_mm * 0.3)
    plan = Plan(label.opening, box.x_mm + 0.3, box.y_mm + 0.6, side)
    word_box = Box(box.x_mm, box.y_mm + box.height_mm - word_height, side + 0.6, word_height)
    word = text_marks([words.openings[label.opening]], word_box, word_height * 0.95, measure, bold=True)
    right = Box(box.x_mm + side + 2, box.y_mm, box.width_mm - side - 2, box.height_mm)
    return [plan, *word, *text_marks(shortened(texts, right, largest, measure), right, largest, measure)]
