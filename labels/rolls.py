"""What is on a printer's roll, in the dots of its head."""

from labels.templates import LABEL_60X40, LABEL_80X50, LABEL_100X70, LabelTemplate, Resolution, SheetTemplate, roll
from shared.schemas.printing import LabelSize, PrintHead

_SIZES = {
    LabelSize.SIZE_60X40: LABEL_60X40,
    LabelSize.SIZE_80X50: LABEL_80X50,
    LabelSize.SIZE_100X70: LABEL_100X70,
}
_HEADS = {PrintHead.DPI_203: Resolution.DPI_203, PrintHead.DPI_300: Resolution.DPI_300}


def template_of(size: LabelSize, head: PrintHead) -> LabelTemplate:
    """The label of this size for this print head."""
    return _SIZES[size].at(_HEADS[head])


def page_of(size: LabelSize) -> SheetTemplate:
    """A page of one label of this size, for a PDF."""
    return roll(_SIZES[size])
