"""Sizes of labels and sheets, and the dots of the printers that print them.

Millimetres from the upper left corner, y down. A QR's modules are whole dots, and so is its place: a module that is
seven and a half dots wide is printed with seven and with eight, and read by nobody.
"""

from dataclasses import dataclass, replace
from enum import Enum

from labels.symbol import MODULES, QUIET_MODULES


class Resolution(Enum):
    """The two print heads of label printers: dots in an inch by their name, and in a millimetre by their makers."""

    DPI_203 = (203, 8)
    DPI_300 = (300, 12)

    @property
    def dpi(self) -> int:
        """By its name."""
        return self.value[0]

    @property
    def dots_per_mm(self) -> int:
        """What a millimetre in a printer's own language is."""
        return self.value[1]


@dataclass(frozen=True)
class LabelTemplate:
    """One size of label. `module_dots` is the width of a QR module: fewer than 5 (203 dpi) are not read in dust."""

    width_mm: float
    height_mm: float
    inset_mm: float
    module_dots: int
    dots_per_mm: int = Resolution.DPI_203.dots_per_mm

    @property
    def module_mm(self) -> float:
        """The width of one module."""
        return self.module_dots / self.dots_per_mm

    @property
    def symbol_box_mm(self) -> float:
        """The symbol with its quiet zone on both sides."""
        return self.module_mm * (MODULES + 2 * QUIET_MODULES)

    @property
    def size_dots(self) -> tuple[int, int]:
        """Width and height in dots."""
        return round(self.width_mm * self.dots_per_mm), round(self.height_mm * self.dots_per_mm)

    def at(self, resolution: Resolution) -> "LabelTemplate":
        """The same label on this print head: its modules are as many whole dots as fit into the same place."""
        dots = resolution.dots_per_mm
        return replace(self, module_dots=int(self.module_mm * dots), dots_per_mm=dots)

    def snap(self, length_mm: float) -> float:
        """The nearest whole printer dot."""
        return round(length_mm * self.dots_per_mm) / self.dots_per_mm


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
        snap = self.label.snap
        return snap(self.left_mm + column * self.pitch_x_mm), snap(self.top_mm + row * self.pitch_y_mm)


LABEL_60X40 = LabelTemplate(60, 40, 2, 7)
LABEL_80X50 = LabelTemplate(80, 50, 2.5, 8)
LABEL_100X70 = LabelTemplate(100, 70, 3, 10)


def roll(label: LabelTemplate) -> SheetTemplate:
    """A label printer's roll: one label a page."""
    return SheetTemplate(label, page_width_mm=label.width_mm, page_height_mm=label.height_mm)


ROLL_60X40, ROLL_80X50, ROLL_100X70 = roll(LABEL_60X40), roll(LABEL_80X50), roll(LABEL_100X70)

A4_3X8 = SheetTemplate(LabelTemplate(63.5, 33.9, 2, 6), 210, 297, 3, 8, 7.2, 12.9, 66.0, 33.9, has_margin_notes=True)
"""24 rounded labels of 63.5 × 33.9 mm on an A4 sheet, with margins that every office printer can print."""

CARDS_A4_2X5 = SheetTemplate(
    LabelTemplate(85.6, 53.9, 3, 8), 210, 297, 2, 5, 14.4, 13.5, 95.6, 54.0, has_margin_notes=True
)
"""Ten cards of the size of an identity card, for badges and stations."""

FLOW_CARDS_A4_2X2 = SheetTemplate(LabelTemplate(96, 130, 4, 8), 210, 297, 2, 2, 7, 14, 100, 134, has_margin_notes=True)
"""Four cards that travel with a piece where its label would not survive."""


SETUP_SHEET = roll(LabelTemplate(210, 297, 15, 12))
"""A page beside a scanner gun."""


def sheet_of(label: LabelTemplate, page_width_mm: float = 210, page_height_mm: float = 297) -> SheetTemplate:
    """As many labels of this size as fit on a page (A4), with margins that every office printer can print.

    Raises `ValueError` where not even one does.
    """
    across = int((page_width_mm - 2 * MARGIN_MM + GAP_MM) // (label.width_mm + GAP_MM))
    down = int((page_height_mm - 2 * NOTED_MARGIN_MM + GAP_MM) // (label.height_mm + GAP_MM))
    if across < 1 or down < 1:
        raise ValueError(f"a label of {label.width_mm:g} × {label.height_mm:g} mm does not fit on the page")
    pitch_x, pitch_y = label.width_mm + GAP_MM, label.height_mm + GAP_MM
    left = (page_width_mm - across * pitch_x + GAP_MM) / 2
    top = (page_height_mm - down * pitch_y + GAP_MM) / 2
    return SheetTemplate(
        label, page_width_mm, page_height_mm, across, down, left, top, pitch_x, pitch_y, has_margin_notes=True
    )


MARGIN_MM = 5.0
NOTED_MARGIN_MM = 12.0
"""Above and below, where the title and the ruler stand."""

GAP_MM = 2.0
"""Room for a pair of scissors."""
