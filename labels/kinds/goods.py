"""Labels of what leaves the factory: a package with its contents, and a shipment with where it goes."""

from labels.blocks import code_marks, head_marks, line_above, paragraph_marks, right_of_code, text_marks
from labels.content import PackageLabel, ShipmentLabel
from labels.fit import Measure
from labels.marks import Bar, Box, Mark
from labels.templates import LabelTemplate
from labels.words import LabelWords

WEIGHT_GAP_MM = 1.6
"""Between the weight and the black bar beside it."""


def package_marks(label: PackageLabel, template: LabelTemplate, words: LabelWords, measure: Measure) -> list[Mark]:
    """Which package of the order, what is in it, how heavy, and how to handle it."""
    head, order, contents, foot = right_of_code(template).rows((0.18, 0.16, 0.48, 0.18))
    marks = code_marks(label.code, template, measure)
    count = words.count.format(number=label.package_number, of=label.package_of)
    marks += head_marks(words.package, count, head, measure)
    marks += text_marks([label.order_number], order, order.height_mm * 0.8, measure, bold=True)
    marks.append(line_above(contents))
    marks += text_marks(list(label.contents), contents.inset(0, 0.6), 4.0, measure, from_top=True)
    marks.append(line_above(foot))
    return marks + _foot(label.weight, words, foot, measure)


def shipment_marks(label: ShipmentLabel, template: LabelTemplate, words: LabelWords, measure: Measure) -> list[Mark]:
    """Who gets it and where, large; which order and package, and by which trip."""
    head, name, address, order, foot = right_of_code(template).rows((0.16, 0.18, 0.32, 0.17, 0.17))
    marks = code_marks(label.code, template, measure)
    count = words.count.format(number=label.package_number, of=label.package_of)
    marks += head_marks(label.trip or words.shipment, count, head, measure)
    who = "  ".join(filter(None, (label.consignee_name, label.phone)))
    marks += text_marks([who], name, name.height_mm * 0.7, measure, bold=True)
    marks += paragraph_marks(label.address, address, 5.0, measure)
    marks.append(line_above(order))
    marks += text_marks([label.order_number], order, order.height_mm * 0.75, measure, bold=True)
    return marks + _foot(label.weight, words, foot, measure)


def _foot(weight: str, words: LabelWords, box: Box, measure: Measure) -> list[Mark]:
    """The weight, and how to handle it in white on black."""
    left, right = box.columns((0.42, 0.58))
    beside = Box(left.x_mm, left.y_mm, left.width_mm - WEIGHT_GAP_MM, left.height_mm)
    text = words.weight.format(weight=weight) if weight else ""
    marks = text_marks([text], beside, box.height_mm * 0.5, measure, one_line=True) if text else []
    bar = right.inset(0, 0.8)
    marks.append(Bar(bar.x_mm, bar.y_mm, bar.width_mm, bar.height_mm))
    size = box.height_mm * 0.5
    return marks + text_marks([words.handling], bar.inset(1), size, measure, bold=True, inverse=True, one_line=True)
