"""Two independent readers read the symbol that labels carry."""

import importlib
import random
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from labels.symbol import dark_rectangles, matrix
from shared.label_code import RANDOM_BITS, CodeKind, make

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
