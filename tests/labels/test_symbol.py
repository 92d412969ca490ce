"""Two independent readers read the symbol that labels carry."""

import importlib
import itertools
import random
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from qrcode import util
from qrcode.constants import ERROR_CORRECT_H
from qrcode.main import QRCode

from labels.masks import penalty
from labels.symbol import dark_rectangles, matrix
from shared.label_code import RANDOM_BITS, CodeKind, make

UTIL: Any = util  # few of its types are declared
PYZBAR: Any = importlib.import_module("pyzbar.pyzbar")  # it has no types
QUIET_MODULES = 4
DOTS_A_MODULE = 5


def picture(code: str) -> Image.Image:
    modules = matrix(code)
    side = (len(modules) + 2 * QUIET_MODULES) * DOTS_A_MODULE
    image = Image.new("L", (side, side), 255)
    for column, row, columns, rows in dark_rectangles(modules):
        left, top = (column + QUIET_MODULES) * DOTS_A_MODULE, (row + QUIET_MODULES) * DOTS_A_MODULE
        image.paste(0, (left, top, left + columns * DOTS_A_MODULE, top + rows * DOTS_A_MODULE))
    return image


@pytest.mark.parametrize("kind", list(CodeKind))
def test_both_readers_read_every_kind_of_code(kind: CodeKind) -> None:
    code = make(kind, random.Random(kind.value).getrandbits(RANDOM_BITS))
    image = picture(code)
    assert [found.data.decode() for found in PYZBAR.decode(image)] == [code]
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [code]


def test_the_mask_is_the_one_with_the_least_penalty_by_the_standard() -> None:
    seeded = random.Random(4)
    for _ in range(20):
        code = make(CodeKind.PIECE, seeded.getrandbits(RANDOM_BITS))
        made = [QRCode(version=2, error_correction=ERROR_CORRECT_H, border=0, mask_pattern=mask) for mask in range(8)]
        for symbol in made:
            symbol.add_data(UTIL.QRData(code.encode(), mode=util.MODE_ALPHA_NUM), optimize=0)
            symbol.make(fit=False)
        modules = [[list(map(bool, row)) for row in symbol.modules] for symbol in made]
        best = min(modules, key=UTIL.lost_point)  # the library's own measure, on whole symbols
        assert [list(row) for row in matrix(code)] == best


@pytest.mark.parametrize("seed", range(40))
def test_the_penalty_is_the_librarys(seed: int) -> None:
    side, seeded = 25, random.Random(seed)
    share = seeded.choice((0.05, 0.3, 0.5, 0.7, 0.95))  # long runs and blocks too
    rows = [[seeded.random() < share for _ in range(side)] for _ in range(side)]
    if seed % 2:
        rows[3][7:18] = [bit == "1" for bit in "10111010000"]
        rows[9][0:11] = [bit == "1" for bit in "00001011101"]
    assert penalty(packed(rows), packed(transposed(rows)), side) == UTIL.lost_point(rows)


def transposed(rows: list[list[bool]]) -> list[list[bool]]:
    return [list(column) for column in zip(*rows, strict=True)]


def packed(rows: list[list[bool]]) -> int:
    return sum(bit << place for place, bit in enumerate(itertools.chain(*rows)))
