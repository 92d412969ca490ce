"""The QR symbol of a label code as a matrix: version 2, level H, 25 × 25 modules, the mask chosen as the standard says.

Measured on photos and on damaged labels, 16 characters at level H are read best of all candidates: version 1 has no
alignment pattern, and a URL needs smaller modules on the same area.
"""

from functools import lru_cache
from typing import cast

from qrcode.constants import ERROR_CORRECT_H
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

MODULES = 25
QUIET_MODULES = 4
VERSION = 2

Matrix = tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=4096)
def matrix(code: str) -> Matrix:
    """Rows of modules from the top, True for dark, without the quiet zone."""
    symbol = QRCode(version=VERSION, error_correction=ERROR_CORRECT_H, border=0)
    text = QRData(code.encode("ascii"), mode=MODE_ALPHA_NUM)  # pyright: ignore[reportArgumentType] - the constant is an int
    symbol.add_data(text, optimize=0)
    symbol.make(fit=False)
    rows = cast("list[list[bool | None]]", symbol.get_matrix())
    return tuple(tuple(bool(module) for module in row) for row in rows)


def dark_rectangles(modules: Matrix) -> list[tuple[int, int, int, int]]:
    """The dark modules as few rectangles (column, row, columns, rows): runs in a row, merged where rows repeat them."""
    open_runs: dict[tuple[int, int], int] = {}
    found: list[tuple[int, int, int, int]] = []
    for row, line in enumerate((*modules, (False,) * len(modules))):
        runs = set(_runs(line))
        for start, width in [run for run in open_runs if run not in runs]:
            top = open_runs.pop((start, width))
            found.append((start, top, width, row - top))
        for run in runs:
            open_runs.setdefault(run, row)
    return sorted(found)


def _runs(line: tuple[bool, ...]) -> list[tuple[int, int]]:
    starts = [column for column, dark in enumerate(line) if dark and (column == 0 or not line[column - 1])]
    return [(start, _length(line, start)) for start in starts]


def _length(line: tuple[bool, ...], start: int) -> int:
    end = next((column for column in range(start, len(line)) if not line[column]), len(line))
    return end - start
