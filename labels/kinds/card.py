"""A card with a code and a name: a worker's badge, a station, a rack, a storage location."""

from labels.blocks import code_marks, line_above, right_of_code, text_marks
from labels.content import CodeCard
from labels.fit import Measure
from labels.marks import Mark
from labels.templates import LabelTemplate


def code_card_marks(card: CodeCard, template: LabelTemplate, measure: Measure) -> list[Mark]:
    """The code on the left, a large name and what it is on the right."""
    title, subtitle = right_of_code(template).rows((0.6, 0.4))
    marks = code_marks(card.code, template, measure)
    marks += text_marks([card.title], title, title.height_mm * 0.4, measure, bold=True, one_line=card.title.isascii())
    marks.append(line_above(subtitle, 0.4))
    if card.subtitle:
        marks += text_marks([card.subtitle], subtitle, subtitle.height_mm * 0.33, measure)
    return marks
