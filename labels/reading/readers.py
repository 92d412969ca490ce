"""The two libraries that read QR codes. They fail at different things, so that each is worth having beside the other.

zxing-cpp is quick and reads in noise and in the dark; ZBar (pyzbar) reads through dust and scratches that cover a
finder. Either may be missing on a machine: pyzbar needs the system's libzbar, which only its Windows wheels contain.
"""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from PIL import Image


class Reader(StrEnum):
    """A library that reads QR codes."""

    ZXING = "zxing-cpp"
    PYZBAR = "pyzbar"


@dataclass(frozen=True)
class Found:
    """A code in a picture: its text, and where its middle is, in shares of the picture's width and height.

    `spare` is the share of the error correction that was not needed; 1 where a library does not tell.
    """

    text: str
    x: float
    y: float
    spare: float = 1.0


Read = Callable[[Image.Image], list[Found]]


class NoReader(ImportError):  # noqa: N818 - named as the other faults are
    """Neither library can be used here."""

    def __init__(self) -> None:
        """Say what to install."""
        super().__init__(
            "这台机器上没有读码库：请安装 zxing-cpp（pip install zxing-cpp）或 pyzbar（另需系统的 libzbar0）。\n"
            "No library reads codes here: install zxing-cpp (pip install zxing-cpp), or pyzbar with the system's "
            "libzbar0."
        )


@lru_cache(maxsize=1)
def readers() -> dict[Reader, Read]:
    """Those that can be used here, the quicker one first. Raises `NoReader` where there is none."""
    found: dict[Reader, Read] = {}
    for reader, load in ((Reader.ZXING, _zxing), (Reader.PYZBAR, _pyzbar)):
        try:
            found[reader] = load()
        except ImportError:  # pyzbar says so too where it finds no libzbar
            continue
    if not found:
        raise NoReader
    return found


def missing() -> tuple[Reader, ...]:
    """Those that cannot be used here."""
    try:
        usable = readers()
    except NoReader:
        return tuple(Reader)
    return tuple(reader for reader in Reader if reader not in usable)


def texts(found: Sequence[Found]) -> tuple[str, ...]:
    """What was read, in its order."""
    return tuple(one.text for one in found)


def global_zxing() -> Read | None:
    """zxing-cpp with one threshold for the whole picture, which reads what its usual one does not; None without it."""
    try:
        return _zxing("GlobalHistogram")
    except ImportError:
        return None


def _zxing(binarizer: str = "LocalAverage") -> Read:
    """Model 2 only: as a Micro QR, which has no error correction, it reads numbers into dust. Plain: text as it is."""
    zxing: Any = importlib.import_module("zxingcpp")
    how: dict[str, Any] = {
        "formats": zxing.BarcodeFormats(zxing.BarcodeFormat.QRCodeModel2),
        "text_mode": zxing.TextMode.Plain,
        "binarizer": getattr(zxing.Binarizer, binarizer),
    }

    def read(picture: Image.Image) -> list[Found]:
        found = zxing.read_barcodes(picture, **how)
        return [_placed(one.text, _corners(one.position), picture, _spare(one)) for one in found]

    return read


def _pyzbar() -> Read:
    zbar: Any = importlib.import_module("pyzbar.pyzbar")
    kinds = [zbar.ZBarSymbol.QRCODE]

    def read(picture: Image.Image) -> list[Found]:
        read = zbar.decode(picture, symbols=kinds)
        return [
            _placed(one.data.decode("utf-8", "replace"), [(p.x, p.y) for p in one.polygon], picture) for one in read
        ]

    return read


def _corners(position: Any) -> list[tuple[float, float]]:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return [(corner.x, corner.y) for corner in corners]


def _spare(barcode: Any) -> float:
    """Its unused error correction."""
    return float(barcode.extra.get("UEC", 1.0))


def _placed(text: str, corners: list[tuple[float, float]], picture: Image.Image, spare: float = 1.0) -> Found:
    count = max(1, len(corners))
    x, y = sum(x for x, _ in corners) / count, sum(y for _, y in corners) / count
    return Found(text, x / picture.width, y / picture.height, spare)
