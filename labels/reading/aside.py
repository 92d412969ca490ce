"""`python -m labels.reading.aside`: reads the codes of one picture, from stdin, in a process of its own.

A picture from outside may crash a library, fill the memory or take for ever; here that costs nobody else anything, and
whoever started the process ends it in time. What comes out is one line of JSON: a `Report`.
"""

import io
import math
import os
import sys
import warnings
from collections.abc import Sequence

from PIL import Image, UnidentifiedImageError

from labels.reading.ladder import read_picture
from labels.reading.readers import Found, NoReader
from shared.label_code import LabelCode, is_credible, parse
from shared.schemas.picture import PICTURE_PIXELS_MAX, PictureReading, Report

FORMATS = ("JPEG", "PNG", "WEBP")
MEMORY_BYTES_MAX = 1_500_000_000
POLITENESS = 10
"""Scans are answered first."""


def run() -> None:
    """Reads stdin to its end and writes the report."""
    _be_modest()
    sys.stdout.write(report_of(sys.stdin.buffer.read()).model_dump_json())


def report_of(content: bytes) -> Report:
    """What these bytes show. Its size is looked at before a picture is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is wrong with somebody's file
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > PICTURE_PIXELS_MAX:
                    return Report(problem="too_many_pixels")
                grey = picture.convert("L")
    except Image.DecompressionBombError:
        return Report(problem="too_many_pixels")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError):
        return Report(problem="not_a_picture")
    try:
        reading = read_picture(grey, lambda text: isinstance(parse(text), LabelCode))
    except NoReader:
        return Report(problem="no_reader")
    return Report(reading=PictureReading(codes=in_order(reading.found), rung=reading.rung))


def in_order(found: Sequence[Found]) -> list[str]:
    """The texts that may have been read right: our codes first, those nearest to the middle first."""

    def key(one: Found) -> tuple[bool, float]:
        return not isinstance(parse(one.text), LabelCode), math.hypot(one.x - 0.5, one.y - 0.5)

    return [one.text for one in sorted(found, key=key) if is_credible(one.text)]


def _be_modest() -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    os.nice(POLITENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))


if __name__ == "__main__":
    run()
