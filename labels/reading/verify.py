"""Reads a finished sheet of labels back, before anybody sticks one on a door that no scanner can read.

Each label is read where it should be, by two independent readers: a symbol that one of them misses is a bad symbol.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from PIL import Image

from labels.bitmap import Bitmap
from labels.picture import picture_of
from labels.reading.raster import PDFIUM, POINTS_PER_INCH, page_sizes, raster
from labels.reading.readers import Reader, readers, texts
from labels.templates import SheetTemplate

MM_PER_INCH = 25.4
POINTS_PER_MM = POINTS_PER_INCH / MM_PER_INCH


@dataclass(frozen=True)
class Unread:
    """A label that a reader did not read as it should; positions count from 1, row by row."""

    code: str
    page: int
    position: int
    reader: Reader
    found: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What is wrong with which label."""
        place = f"第 {self.page} 页第 {self.position} 张 {self.code}"
        if not self.found:
            return f"{place}: {self.reader} 读不出 / cannot be read (page {self.page}, label {self.position})"
        read = "、".join(self.found)
        return f"{place}: {self.reader} 读成 / read as {read} (page {self.page}, label {self.position})"


def find_unread(pdf: bytes, codes: Sequence[str], sheet: SheetTemplate, dpi: int) -> list[Unread]:
    """What cannot be read on this sheet at this printer's resolution; empty where every label is good.

    `codes` are the labels in their order. A missing page makes its labels unread; one too many raises `ValueError`.
    """
    size = sheet.labels_per_page
    wanted = [codes[start : start + size] for start in range(0, len(codes), size)]
    found: list[Unread] = []
    pages = 0
    for picture in raster(pdf, dpi):
        pages += 1
        if pages > len(wanted):
            raise ValueError(f"the sheet has more pages than its {len(codes)} labels need")
        found += _unread_of_page(picture, wanted[pages - 1], pages, sheet, dpi)
    for number, missing in enumerate(wanted[pages:], start=pages + 1):
        found += _unread_of_page(Image.new("L", (1, 1), 255), missing, number, sheet, dpi)
    return found


class NotAPdf(ValueError):  # noqa: N818 - named as the other faults are
    """A file that no page can be made of."""


def read_back(pdf: bytes, sheet: SheetTemplate, dpi: int) -> tuple[int, list[Unread]]:
    """How many labels of a sheet of which nothing is known are read, and those on which the readers disagree.

    A place with nothing printed on it is no label. Raises `NotAPdf`, or `PageTooLarge`.
    """
    read, unread = 0, list[Unread]()
    for number, page in enumerate(_pages(pdf, dpi), start=1):
        for position in range(sheet.labels_per_page):
            label = _label_of(page, sheet, position, dpi)
            if label.getextrema() == (255, 255):
                continue
            found = {texts(reader(label)) for reader in readers().values()}
            code = next((one[0] for one in found if one), "?")
            wrong = _unread_of_label(label, code, number, position + 1)
            read, unread = read + (not wrong), unread + wrong
    return read, unread


def page_sizes_mm(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page. Raises `NotAPdf`."""
    try:
        return [(width / POINTS_PER_MM, height / POINTS_PER_MM) for width, height in page_sizes(pdf)]
    except PDFIUM.PdfiumError as error:
        raise NotAPdf(str(error)) from error


def _pages(pdf: bytes, dpi: int) -> Generator[Image.Image, None, None]:
    try:
        yield from raster(pdf, dpi)
    except PDFIUM.PdfiumError as error:
        raise NotAPdf(str(error)) from error


def find_unread_label(bitmap: Bitmap, code: str) -> list[Unread]:
    """The same for one label as it goes to a label printer, dot by dot."""
    return _unread_of_label(picture_of(bitmap), code, 1, 1)


def _unread_of_page(
    picture: Image.Image, codes: Sequence[str], page: int, sheet: SheetTemplate, dpi: int
) -> list[Unread]:
    return [
        unread
        for position, code in enumerate(codes)
        for unread in _unread_of_label(_label_of(picture, sheet, position, dpi), code, page, position + 1)
    ]


def _unread_of_label(picture: Image.Image, code: str, page: int, position: int) -> list[Unread]:
    read = ((reader, texts(read(picture))) for reader, read in readers().items())
    return [Unread(code, page, position, reader, found) for reader, found in read if found != (code,)]


def _label_of(picture: Image.Image, sheet: SheetTemplate, position: int, dpi: int) -> Image.Image:
    left, top = sheet.place(position)
    edges = (left, top, left + sheet.label.width_mm, top + sheet.label.height_mm)
    return picture.crop(tuple(round(edge * dpi / MM_PER_INCH) for edge in edges))  # pyright: ignore[reportArgumentType]
