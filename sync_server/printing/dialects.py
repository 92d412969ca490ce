"""How a printer of the office's list is asked: in its language; where it is a file, by looking into that file."""

import os
import re
from pathlib import Path

from shared.schemas.printing import PrinterLanguage
from sync_server.printing.addresses import check_address, is_device
from sync_server.printing.lines import File, WrongAddress
from sync_server.printing.status import TSPL, ZPL, Dialect, PrinterStatus

DIALECTS: dict[PrinterLanguage, Dialect] = {PrinterLanguage.ZPL: ZPL, PrinterLanguage.TSPL: TSPL}
_ENDS = {
    PrinterLanguage.ZPL: re.compile(rb"\^XZ\n"),
    PrinterLanguage.TSPL: re.compile(rb"\r\nPRINT \d+,\d+\r\n"),
}
"""What every label ends with (`labels/zpl.py`, `labels/tspl.py`)."""

TAIL_BYTES = 1 << 19
"""More than the largest label has: 100 by 70 mm at 300 dpi, in hex digits."""


def dialect_of(address: str, language: PrinterLanguage, data_dir: Path) -> Dialect:
    """The way to ask this printer. A device such as `/dev/usb/lp0` is asked like any other, and answers nothing."""
    try:
        where = check_address(address, data_dir)
    except WrongAddress:  # whoever opens the line says so
        return DIALECTS[language]
    if not isinstance(where, File) or is_device(where):
        return DIALECTS[language]
    return Dialect(
        status=lambda _: PrinterStatus(problem=None, is_idle=True),
        count=lambda _: whole_labels_bytes(where.path, language),
    )


def whole_labels_bytes(path: Path, language: PrinterLanguage) -> int | None:
    """The size of the file up to the end of its last whole label: a label that was cut off does not count.

    None where it cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES)
            file.seek(start)
            ends = [found.end() for found in _ENDS[language].finditer(file.read())]
    except FileNotFoundError:
        return 0
    except OSError:  # whoever writes to it says what is wrong
        return None
    return start + ends[-1] if ends else 0
