"""The label of a piece: what it is, whose, how large, and what is done with it first."""

from labels.blocks import LEAST_MM, code_marks, head_marks, line_above, right_of_code, text_marks
from labels.content import PieceLabel
from labels.fit import Measure, cut
from labels.marks import Box, Mark, Plan
from labels.templates import LabelTemplate
from labels.words import LabelWords

ROWS = (0.20, 0.13, 0.12, 0.17, 0.38)
"""The shares of the right column's rows: head, order, door and room, size, the rest."""

ROWS_FOR_LONG_ROOM = (0.20, 0.13, 0.20, 0.17, 0.30)
DOOR_SHARE = 0.75
"""The largest size of door and room, in units of the height that their row has by `ROWS`."""


def piece_label_marks(label: PieceLabel, template: LabelTemplate, words: LabelWords, measure: Measure) -> list[Mark]:
    """The code on the left; what it is, whose, and how large on the right."""
    column = right_of_code(template)
    return code_marks(label.code, template, measure) + piece_marks(label, column, words, measure)


def piece_marks(label: PieceLabel, column: Box, words: LabelWords, measure: Measure) -> list[Mark]:
    """What a piece is, in this box: its head, order, door and room, size, and the rest."""
    door_text = " · ".join(filter(None, (words.door.format(number=label.door_number, of=label.door_of), label.room)))
    door_sizes = LEAST_MM, column.height_mm * ROWS[2] * DOOR_SHARE
    is_short = cut(door_text, column.width_mm, column.height_mm * ROWS[2], door_sizes, measure) == door_text
    head, order, door, size, rest = column.rows(ROWS if is_short else ROWS_FOR_LONG_ROOM)
    door_text = cut(door_text, door.width_mm, door.height_mm, door_sizes, measure)
    marks = head_marks(
        label.piece_kind, words.piece.format(number=label.piece_number, of=label.piece_of), head, measure
    )
    marks += text_marks([label.order_number], order, order.height_mm * 0.92, measure, bold=True)
    marks += text_marks([door_text], door, door_sizes[1], measure)
    marks.append(line_above(size))
    marks += text_marks([label.size], size, size.height_mm * 0.86, measure, bold=True)
    return marks + _rest_marks(label, rest, words, measure)


def _rest_marks(label: PieceLabel, box: Box, words: LabelWords, measure: Measure) -> list[Mark]:
    """The opening as a plan with its word, and beside it model, colour and the first operation."""
    operation = words.first_operation.format(name=label.first_operation) if label.first_operation else ""
    copy = words.copy.format(number=label.copy_number) if label.copy_number > 1 else ""
    largest = max(3.0, box.height_mm * 0.17)
    texts = [text for text in (label.model, label.colour, operation, copy) if text]
    if label.opening is None:
        return text_marks(texts, box, largest, measure)
    word_height = box.height_mm * 0.3
    side = min(box.height_mm - word_height - 0.6, box.width_mm * 0.3)
    plan = Plan(label.opening, box.x_mm + 0.3, box.y_mm + 0.6, side)
    word_box = Box(box.x_mm, box.y_mm + box.height_mm - word_height, side + 0.6, word_height)
    word = text_marks([words.openings[label.opening]], word_box, word_height * 0.95, measure, bold=True)
    right = Box(box.x_mm + side + 2, box.y_mm, box.width_mm - side - 2, box.height_mm)
    return [plan, *word, *text_marks(texts, right, largest, measure)]
