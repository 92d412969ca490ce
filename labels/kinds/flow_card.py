"""The flow card (流转卡): it goes beside a piece through the stages that no label survives, and is signed at each."""

from labels.blocks import code_marks, line_above, paragraph_marks, right_of_code, text_marks
from labels.content import FlowCard
from labels.fit import Measure
from labels.kinds.piece import piece_marks
from labels.marks import Bar, Box, Mark
from labels.templates import LabelTemplate
from labels.words import LabelWords

COLUMNS = (0.12, 0.38, 0.27, 0.23)
"""Number, operation, who, when."""

ROW_LARGEST_MM = 9.0
REMARKS_MM = 12.0
CODE_LINES_MM = 8.0


def flow_card_marks(card: FlowCard, template: LabelTemplate, words: LabelWords, measure: Measure) -> list[Mark]:
    """The piece as on its label, remarks, and a line for each operation to sign."""
    top_mm = template.symbol_box_mm + CODE_LINES_MM
    marks = code_marks(card.piece.code, template, measure)
    marks += piece_marks(card.piece, right_of_code(template, top_mm - template.inset_mm - 1), words, measure)
    inset = template.inset_mm
    width, end = template.width_mm - 2 * inset, template.height_mm - inset
    if card.remarks:
        remarks = Box(inset, top_mm, width, REMARKS_MM)
        marks += [line_above(remarks), *paragraph_marks(card.remarks, remarks.inset(0.5, 0.8), 4.0, measure)]
        top_mm += REMARKS_MM
    return marks + _table(card.operations, Box(inset, top_mm, width, end - top_mm), words, measure)


def _table(operations: tuple[str, ...], box: Box, words: LabelWords, measure: Measure) -> list[Mark]:
    height = min(ROW_LARGEST_MM, box.height_mm / (len(operations) + 1))
    lines = [("", *words.flow_columns), *((str(n), name, "", "") for n, name in enumerate(operations, start=1))]
    marks: list[Mark] = []
    for at, texts in enumerate(lines):
        row = Box(box.x_mm, box.y_mm + at * height, box.width_mm, height)
        marks.append(line_above(row))
        for text, cell in zip(texts, row.columns(COLUMNS), strict=True):
            marks += text_marks([text], cell.inset(0.8), height * 0.5, measure, bold=at == 0) if text else []
    last = box.y_mm + len(lines) * height
    marks.append(Bar(box.x_mm, last - 0.25, box.width_mm, 0.25))
    edges = [cell.x_mm for cell in box.columns(COLUMNS)] + [box.x_mm + box.width_mm - 0.25]
    return marks + [Bar(x, box.y_mm, 0.25, last - box.y_mm) for x in edges]
