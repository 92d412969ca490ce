"""A sheet of labels as a person and a scanner find it on paper: printed by poppler, not by the code that made it."""

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from labels.reading.raster import LABEL_PRINTER_DPI
from labels.reading.readers import readers, texts
from labels.reading.verify import MM_PER_INCH
from labels.templates import A4_3X8
from shared.label_code import pretty


@dataclass(frozen=True)
class PaperLabel:
    """What both readers read in the symbol, and the words beside it, line by line."""

    code: str
    words: tuple[str, ...]


def read_sheet(pdf: bytes, folder: Path) -> list[PaperLabel]:
    """The labels of a sheet, page by page and row by row; `folder` holds what the printer needs meanwhile."""
    sheet = folder / "sheet.pdf"
    sheet.write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(LABEL_PRINTER_DPI), "-gray", sheet, folder / "page"], check=True)
    found: list[PaperLabel] = []
    for number, path in enumerate(sorted(folder.glob("page-*.pgm")), start=1):
        with Image.open(path) as page:
            found += [label for box in _boxes() if (label := _read(sheet, number, page, box))]
        path.unlink()
    return found


def read_symbol(picture: bytes) -> str:
    """The text of the one QR in a screenshot, read as the tablet's own camera would."""
    with Image.open(io.BytesIO(picture)) as opened:
        (text,) = {found for read in readers().values() for found in texts(read(opened.convert("L")))}
    return text


def _boxes() -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of each label, in dots."""
    label = A4_3X8.label
    places = (A4_3X8.place(position) for position in range(A4_3X8.labels_per_page))
    return [(_dots(left), _dots(top), _dots(label.width_mm), _dots(label.height_mm)) for left, top in places]


def _dots(mm: float) -> int:
    return round(mm * LABEL_PRINTER_DPI / MM_PER_INCH)


def _read(sheet: Path, number: int, page: Image.Image, box: tuple[int, int, int, int]) -> PaperLabel | None:
    left, top, width, height = box
    picture = page.crop((left, top, left + width, top + height))
    read = {texts(reader(picture)) for reader in readers().values()}
    if read == {()}:
        return None
    ((code,),) = read  # both readers, the same one code
    window = ("-x", left, "-y", top, "-W", width, "-H", height)
    options = [str(part) for part in ("-r", LABEL_PRINTER_DPI, *window, "-f", number, "-l", number)]
    text = subprocess.run(["pdftotext", *options, sheet, "-"], check=True, capture_output=True, text=True).stdout
    words = tuple(line for line in text.splitlines() if line.strip("\f"))
    assert pretty(code).replace("-", "") in "".join(words).replace("-", ""), "people read another code than scanners"
    return PaperLabel(code, words)
