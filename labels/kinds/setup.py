"""A page beside a scanner gun: what it must send, and a code to try it with."""

from labels.blocks import code_marks, line_above, right_of_code, text_marks
from labels.content import SetupSheet
from labels.fit import Measure
from labels.marks import Box, Mark
from labels.templates import LabelTemplate
from labels.words import LabelWords


def setup_sheet_marks(sheet: SetupSheet, template: LabelTemplate, words: LabelWords, measure: Measure) -> list[Mark]:
    """The code to try on the left, the title beside it, and the steps one under the other."""
    top_mm = template.symbol_box_mm + 10
    marks = code_marks(sheet.code, template, measure)
    title, hint = right_of_code(template, top_mm - template.inset_mm).rows((0.5, 0.5))
    marks += text_marks([words.setup_title], title, 9, measure, bold=True)
    marks += text_marks([words.setup_hint], hint, 5, measure)
    inset = template.inset_mm
    steps = Box(inset, top_mm, template.width_mm - 2 * inset, template.height_mm - inset - top_mm)
    shares = tuple(1 / len(words.setup_steps) for _ in words.setup_steps)
    for number, (step, row) in enumerate(zip(words.setup_steps, steps.rows(shares), strict=True), start=1):
        marks.append(line_above(row))
        left, right = row.columns((0.08, 0.92))
        marks += text_marks([str(number)], left, 9, measure, bold=True)
        marks += text_marks([step], right.inset(1, 1), 5, measure)
    return marks
