"""The QR symbol of a label code as a matrix: version 2, level H, 25 × 25 modules, the mask chosen as the standard says.

Measured on photos and on damaged labels, 16 characters at level H are read best of all candidates: version 1 has no
alignment pattern, and a URL needs smaller modules on the same area.
"""

import re
from functools import lru_cache
from typing import Any, cast

from qrcode.constants import ERROR_CORRECT_H
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

from labels.masks import MASKS, penalty

MODULES = 25
QUIET_MODULES = 4
VERSION = 2
EXAMPLE = "D100000000000000"

_DARK = re.compile(b"\x01+")

Matrix = tuple[tuple[bool, ...], ...]


@lru_cache(maxsize=4096)
def matrix(code: str) -> Matrix:
    """Rows of modules from the top, True for dark, without the quiet zone.

    `qrcode` makes the symbol with one mask. What another mask changes is the same in every symbol of this version and
    level, so the other seven follow by one operation each; its own search makes each of them from the start.
    """
    made = _packed(_made(code, 0))
    rows, _ = min(
        ((made[0] ^ by_rows, made[1] ^ by_columns) for by_rows, by_columns in _changes()),
        key=lambda candidate: penalty(*candidate, MODULES),
    )
    text = f"{rows:0{MODULES * MODULES}b}"[::-1]
    return tuple(
        tuple(module == "1" for module in text[start : start + MODULES]) for start in range(0, len(text), MODULES)
    )


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


def _made(code: str, mask: int) -> list[list[bool]]:
    symbol = QRCode(version=VERSION, error_correction=ERROR_CORRECT_H, border=0, mask_pattern=mask)
    text = QRData(code.encode("ascii"), mode=MODE_ALPHA_NUM)  # pyright: ignore[reportArgumentType] - the constant is an int
    symbol.add_data(text, optimize=0)
    symbol.make(fit=False)
    return cast("list[list[bool]]", cast("Any", symbol).modules)


def _packed(modules: list[list[bool]]) -> tuple[int, int]:
    """The symbol as one number, row after row from the lowest bit; and column after column."""
    return _number(modules), _number([list(column) for column in zip(*modules, strict=True)])


def _number(lines: list[list[bool]]) -> int:
    return int("".join("1" if module else "0" for line in lines for module in line)[::-1], 2)


@lru_cache(maxsize=1)
def _changes() -> tuple[tuple[int, int], ...]:
    """For each mask, what it changes in a symbol that was made with the first: data, and the bits that name it."""
    first = _packed(_made(EXAMPLE, 0))
    others = (_packed(_made(EXAMPLE, mask)) for mask in range(MASKS))
    return tuple((first[0] ^ rows, first[1] ^ columns) for rows, columns in others)


def _runs(line: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Where dark modules stand side by side: the first one's column, and how many."""
    return [(run.start(), run.end() - run.start()) for run in _DARK.finditer(bytes(line))]
