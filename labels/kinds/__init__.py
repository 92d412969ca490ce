"""What stands where on each kind of label."""

from typing import assert_never

from labels.content import CodeCard, FlowCard, Label, PackageLabel, PieceLabel, SetupSheet, ShipmentLabel
from labels.fit import Measure
from labels.kinds.card import code_card_marks
from labels.kinds.flow_card import flow_card_marks
from labels.kinds.goods import package_marks, shipment_marks
from labels.kinds.piece import piece_label_marks
from labels.kinds.setup import setup_sheet_marks
from labels.marks import Mark
from labels.templates import LabelTemplate
from labels.words import LabelWords


def marks_of(label: Label, template: LabelTemplate, words: LabelWords, measure: Measure) -> list[Mark]:
    """The marks of this label, whichever it is."""
    match label:
        case PieceLabel():
            return piece_label_marks(label, template, words, measure)
        case FlowCard():
            return flow_card_marks(label, template, words, measure)
        case CodeCard():
            return code_card_marks(label, template, measure)
        case PackageLabel():
            return package_marks(label, template, words, measure)
        case ShipmentLabel():
            return shipment_marks(label, template, words, measure)
        case SetupSheet():
            return setup_sheet_marks(label, template, words, measure)
        case _:
            assert_never(label)
