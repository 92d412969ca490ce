"""The parts that labels have in common: lines of text that fill a box, the code with its symbol, a black bar."""

from labels.fit import ELLIPSIS, LINE_HEIGHT, Measure, cut, fit
from labels.marks import Bar, Box, Mark, Symbol, Text
from labels.symbol import MODULES, QUIET_MODULES
from labels.templates import LabelTemplate
from shared.label_code import pretty

CAP_MIDDLE = 0.36
"""The middle of digits and of Chinese characters above the baseline, in units of the size."""

LEAST_MM = 1.7
"""Characters of a 203 dpi printer that are still read at arm's length."""

LEGIBLE_MM = 2.45
"""Seven points: what is read on the floor without bending down to it."""

CODE_SHARE = 0.16
"""The size of the code for people, in units of the symbol's width."""

LINE_MM = 0.25


def text_marks(  # the one place where text becomes marks, so it has every option
    texts: list[str],
    box: Box,
    largest_mm: float,
    measure: Measure,
    *,
    bold: bool = False,
    inverse: bool = False,
    align_right: bool = False,
    from_top: bool = False,
    one_line: bool = False,
) -> list[Mark]:
    """The texts as lines that fill the box from its vertical middle, or from its top.

    `one_line`: each text is made smaller rather than broken.
    """
    if one_line:
        widest = max(measure(text, bold) for text in texts)
        largest_mm = min(largest_mm, box.width_mm / widest if widest else largest_mm)
    fitted = fit(texts, box.width_mm, box.height_mm, largest_mm, measure, bold=bold)
    size, pitch = fitted.size_mm, fitted.size_mm * LINE_HEIGHT
    first_middle = box.y_mm + (pitch / 2 if from_top else box.height_mm / 2 - pitch * (len(fitted.lines) - 1) / 2)
    marks: list[Mark] = []
    for number, line in enumerate(fitted.lines):
        spare = box.width_mm - measure(line, bold) * size if align_right else 0.0
        baseline = first_middle + number * pitch + CAP_MIDDLE * size
        marks.append(Text(line, box.x_mm + spare, baseline, size, bold, inverse))
    return marks


def shortened(texts: list[str], box: Box, largest_mm: float, measure: Measure) -> list[str]:
    """The texts, of which the longest are cut with an ellipsis until all of them can stand in the box at `LEAST_MM`."""
    shown = list(texts)
    while fit(shown, box.width_mm, box.height_mm, largest_mm, measure, bold=False).size_mm < LEAST_MM:
        at = max(range(len(shown)), key=lambda number: measure(shown[number], False))
        kept = shown[at].removesuffix(ELLIPSIS)[:-1].rstrip()
        if not kept:
            break
        shown[at] = kept + ELLIPSIS
    return shown


def paragraph_marks(text: str, box: Box, largest_mm: float, measure: Measure) -> list[Mark]:
    """Text that anybody may have written, however long: smaller where it must be, cut where it would be illegible."""
    if not text:
        return []
    shown = cut(text, box.width_mm, box.height_mm, (min(LEAST_MM, largest_mm), largest_mm), measure)
    return text_marks([shown], box, largest_mm, measure, from_top=True)


def code_marks(code: str, template: LabelTemplate, measure: Measure) -> list[Mark]:
    """The symbol in its quiet zone in the upper left corner, and the code for people in two lines below it."""
    quiet = template.snap(QUIET_MODULES * template.module_mm)
    bottom = template.symbol_box_mm
    width = MODULES * template.module_mm
    below = Box(quiet, bottom - 0.5, width, min(8.0, template.height_mm - template.inset_mm - bottom + 0.5))
    groups = pretty(code).split("-")
    lines = ["-".join(groups[:3]), "-".join(groups[3:])]
    return [Symbol(code, quiet, quiet, template.module_mm), *text_marks(lines, below, width * CODE_SHARE, measure)]


def right_of_code(template: LabelTemplate, height_mm: float | None = None) -> Box:
    """What is left of the label beside its symbol, down to this height or to the label's end."""
    left = template.symbol_box_mm + 0.5
    inset = template.inset_mm
    return Box(left, inset, template.width_mm - left - inset, height_mm or template.height_mm - 2 * inset)


def head_marks(title: str, count: str, box: Box, measure: Measure) -> list[Mark]:
    """A black bar with what it is on the left and which of how many on the right, in white."""
    height = box.height_mm - 0.8
    left = Box(box.x_mm + 1.2, box.y_mm, box.width_mm * 0.55 - 1.2, height)
    right = Box(box.x_mm + box.width_mm * 0.58, box.y_mm, box.width_mm * 0.42 - 1.2, height)
    kind = text_marks([title], left, box.height_mm * 0.66, measure, bold=True, inverse=True)
    number = text_marks([count], right, box.height_mm * 0.5, measure, inverse=True, align_right=True)
    return [Bar(box.x_mm, box.y_mm, box.width_mm, height), *kind, *number]


def line_above(box: Box, width_mm: float = LINE_MM) -> Bar:
    """A thin line along the upper edge."""
    return Bar(box.x_mm, box.y_mm, box.width_mm, width_mm)
