"""Which of our sizes a PDF of labels has, where another was named than it has."""

from collections.abc import Mapping

from labels.reading.verify import page_sizes_mm, read_back
from labels.templates import SheetTemplate

SAME_MM = 1.0
"""A printer's driver and a viewer round a page's size."""


def fitting_sizes(pdf: bytes, sheets: Mapping[str, SheetTemplate]) -> list[str]:
    """The sizes whose page is as large as every page of this PDF. Raises `NotAPdf`."""
    pages = page_sizes_mm(pdf)
    return [name for name, sheet in sheets.items() if pages and all(_is_page_of(sheet, page) for page in pages)]


def readable_size(pdf: bytes, sheets: Mapping[str, SheetTemplate], but: str, dpi: int) -> str | None:
    """The size at which all labels of this PDF are read, and most of them; None where there is none beside `but`.

    Raises `NotAPdf`, or `PageTooLarge`.
    """
    best, most = None, 0
    for name in fitting_sizes(pdf, sheets):
        read, unread = (0, []) if name == but else read_back(pdf, sheets[name], dpi)
        if read > most and not unread:
            best, most = name, read
    return best


def _is_page_of(sheet: SheetTemplate, page: tuple[float, float]) -> bool:
    width, height = page
    return abs(width - sheet.page_width_mm) < SAME_MM and abs(height - sheet.page_height_mm) < SAME_MM
