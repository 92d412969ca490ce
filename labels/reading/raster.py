"""Makes a PDF's pages into pictures as a label printer would print them. Not for devices: it needs pypdfium2."""

import importlib
from collections.abc import Generator
from typing import Any

from PIL import Image

PDFIUM: Any = importlib.import_module("pypdfium2")  # it declares few types
POINTS_PER_INCH = 72
LABEL_PRINTER_DPI = 203
PIXELS_MAX = 100_000_000
"""An A4 page at 300 dpi has 8.7 million; more than this is no sheet of labels."""


class PageTooLarge(ValueError):  # noqa: N818 - named as the other faults are
    """A page that would fill the memory."""


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points."""
    document = PDFIUM.PdfDocument(pdf)
    try:
        return [document.get_page_size(number) for number in range(len(document))]
    finally:
        document.close()


def raster(pdf: bytes, dpi: int) -> Generator[Image.Image, None, None]:
    """The pages one after another, grey, at this resolution. Raises `PageTooLarge`."""
    document = PDFIUM.PdfDocument(pdf)
    try:
        for number in range(len(document)):
            page = document[number]
            scale = dpi / POINTS_PER_INCH
            if page.get_width() * page.get_height() * scale * scale > PIXELS_MAX:
                raise PageTooLarge(f"第 {number + 1} 页太大。 Page {number + 1} is too large for {dpi} dpi.")
            bitmap = page.render(scale=scale, grayscale=True)
            picture: Image.Image = bitmap.to_pil().copy()
            bitmap.close()
            page.close()
            yield picture
    finally:
        document.close()
