"""What is tried on a picture, one rung after the other, until something is read.

Measured on photographs: zxing-cpp first reads as many as pyzbar first, in a tenth of the time; smaller pictures read
what large ones do not; and what both miss, some reads after its contrast was mended. Every rung makes the same promise
(a code that is wrong is not read), so that more rungs cost time and nothing else.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from PIL import Image, ImageChops, ImageFilter

from labels.reading.readers import Found, Read, Reader, global_zxing, readers

LARGE, SMALL = 1280, 640
"""Sizes of the longer side in pixels: a code is found in them quicker, and dust and noise are averaged away."""

UPSCALED_MAX = 1000
BLUR = 1.2
"""The radius in pixels that takes the grain of dust and noise out of a picture, and leaves small modules."""

SURROUNDINGS_SHARE = 0.04
"""How far around a dot its surroundings are looked at, in units of the longer side."""


@dataclass(frozen=True)
class Reading:
    """What was read, and by which rung; nothing and no rung where there was nothing to read."""

    found: tuple[Found, ...]
    rung: str = ""


@dataclass(frozen=True)
class _Rung:
    name: str
    prepare: Callable[["_Sizes"], Image.Image | None]
    read: Read


def read_picture(picture: Image.Image, is_wanted: Callable[[str], bool] = bool) -> Reading:
    """The codes of the first rung that reads one of those that are wanted; otherwise what the first reading gave.

    Raises `NoReader`.
    """
    sizes, first = _Sizes(picture.convert("L")), Reading(())
    for rung in _ladder():
        prepared = rung.prepare(sizes)
        if prepared is None:
            continue
        found = tuple(rung.read(prepared))
        if any(is_wanted(one.text) for one in found):
            return Reading(found, rung.name)
        if found and not first.found:
            first = Reading(found, rung.name)
    return first


def read_frame(picture: Image.Image, rung_number: int | None, is_wanted: Callable[[str], bool] = bool) -> Reading:
    """What a frame of a camera shows: the quick rung, and if that reads nothing the one of this number, if any.

    Raises `NoReader`.
    """
    sizes, rungs = _Sizes(picture.convert("L")), list(_ladder())
    further = rungs[1:]
    chosen = [rungs[0], *([further[rung_number % len(further)]] if further and rung_number is not None else [])]
    first = Reading(())
    for rung in chosen:
        prepared = rung.prepare(sizes)
        found = tuple(rung.read(prepared)) if prepared is not None else ()
        if any(is_wanted(one.text) for one in found):
            return Reading(found, rung.name)
        first = first if first.found else Reading(found, rung.name if found else "")
    return first


def rung_names() -> list[str]:
    """The rungs that there are on this machine, in their order. Raises `NoReader`."""
    return [rung.name for rung in _ladder()]


class _Sizes:
    """A grey picture in the sizes that rungs ask for, each made once."""

    def __init__(self, grey: Image.Image) -> None:
        self.native = grey
        self._made: dict[int, Image.Image] = {}

    @property
    def longest(self) -> int:
        return max(self.native.size)

    def at_most(self, side: int) -> Image.Image:
        """The picture with a longer side of at most this many pixels."""
        if self.longest <= side:
            return self.native
        if side not in self._made:
            share = side / self.longest
            size = max(1, round(self.native.width * share)), max(1, round(self.native.height * share))
            self._made[side] = _resized(self.native, size, Image.Resampling.BILINEAR)
        return self._made[side]

    def below(self, side: int) -> Image.Image | None:
        """The same, or None where the picture is no larger: that was tried already."""
        return self.at_most(side) if self.longest > side else None


def _ladder() -> Iterator[_Rung]:
    here = readers()
    zxing, pyzbar = here.get(Reader.ZXING), here.get(Reader.PYZBAR)
    for name, read in ((Reader.ZXING, zxing), (Reader.PYZBAR, pyzbar)):
        if read is None:
            continue
        yield _Rung(f"{name} {LARGE}", lambda sizes: sizes.at_most(LARGE), read)
        yield _Rung(f"{name} {SMALL}", lambda sizes: sizes.below(SMALL), read)
        if name is Reader.ZXING:
            yield _Rung(f"{name} native", lambda sizes: sizes.native if sizes.longest > LARGE else None, read)
    for name, read in ((Reader.ZXING, zxing), (Reader.PYZBAR, pyzbar)):
        if read is None:
            continue
        yield _Rung(f"{name} contrast", lambda sizes: _local_contrast(sizes.at_most(LARGE)), read)
        yield _Rung(f"{name} enlarged", lambda sizes: _enlarged(sizes.at_most(LARGE)), read)
        yield _Rung(f"{name} threshold", lambda sizes: _adaptive_threshold(sizes.at_most(SMALL)), read)
        yield _Rung(f"{name} blurred", lambda sizes: sizes.at_most(LARGE).filter(ImageFilter.GaussianBlur(BLUR)), read)
    if (read := global_zxing()) is not None:
        yield _Rung(f"{Reader.ZXING} global", lambda sizes: sizes.at_most(LARGE), read)
        yield _Rung(f"{Reader.ZXING} brighter", lambda sizes: _mapped(sizes.at_most(LARGE), _BRIGHTER), read)


_BRIGHTER = [round(255 * (value / 255) ** 0.5) for value in range(256)]
_DARK = [0 if value < 121 else 255 for value in range(256)]


def _local_contrast(grey: Image.Image) -> Image.Image:
    """Each dot against its surroundings: shadows and glare go, edges stay."""
    around = grey.filter(ImageFilter.BoxBlur(max(8, max(grey.size) * SURROUNDINGS_SHARE)))
    return ImageChops.subtract(grey, around, scale=0.4, offset=128)


def _adaptive_threshold(grey: Image.Image) -> Image.Image:
    """Black where a dot is clearly darker than its surroundings, else white."""
    around = grey.filter(ImageFilter.BoxBlur(max(8, max(grey.size) * SURROUNDINGS_SHARE)))
    return _mapped(ImageChops.subtract(grey, around, scale=1.0, offset=128), _DARK)


def _enlarged(grey: Image.Image) -> Image.Image | None:
    """Twice as large and sharper; None where it is large already."""
    if max(grey.size) > UPSCALED_MAX:
        return None
    doubled = _resized(grey, (grey.width * 2, grey.height * 2), Image.Resampling.LANCZOS)
    return doubled.filter(ImageFilter.UnsharpMask(radius=3, percent=150, threshold=2))


def _resized(grey: Image.Image, size: tuple[int, int], how: Image.Resampling) -> Image.Image:
    return cast("Any", grey).resize(size, how, reducing_gap=2.0)  # annotated in part only


def _mapped(grey: Image.Image, table: list[int]) -> Image.Image:
    return cast("Any", grey).point(table)  # the same
