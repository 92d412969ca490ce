"""What the camera's panel on a station PC says; like the browser's, in both languages at once."""

from collections.abc import Iterable

from labels.reading.readers import NoReader, Reader, missing, readers
from shared.words import Phrase

FAULTS = {
    "no_library": Phrase(
        "没有装相机库：pip install opencv-python-headless，再打开应用",
        "The camera library is missing: pip install opencv-python-headless, then start the app again",
    ),
    "none": Phrase("没有找到相机：请插上，会自动再试", "No camera found: plug it in; it is tried again by itself"),
    "busy": Phrase(
        "相机打不开：没插好，或被别的程序占用；会自动再试",
        "The camera does not open: not plugged in, or another program has it; it is tried again by itself",
    ),
    "lost": Phrase("相机断开了：请插好，会自动再试", "The camera is gone: plug it in; it is tried again by itself"),
    "no_reader": Phrase(
        "没有装读码库：pip install zxing-cpp，再打开应用",
        "No library reads codes here: pip install zxing-cpp, then start the app again",
    ),
}
READING_WITH = Phrase("读码：{readers}", "Reading with {readers}")
WITHOUT = Phrase("（没有 {missing}，脏标签读得少一些）", " (without {missing}: fewer worn labels are read)")


def both(phrase: Phrase) -> str:
    """Chinese, and English beside it."""
    return f"{phrase.zh} · {phrase.en}"


def panel_line() -> str:
    """With which libraries this camera reads."""
    return both(READING_WITH.filled(readers=reading_with()))


def reading_with() -> Phrase:
    """The libraries that read codes here and which is missing; what to install where there is none."""
    try:
        here = readers()
    except NoReader:
        return FAULTS["no_reader"]
    said = Phrase(_joined(here), _joined(here))
    if not (gone := missing()):
        return said
    without = WITHOUT.filled(missing=_joined(gone))
    return Phrase(said.zh + without.zh, said.en + without.en)


def _joined(names: Iterable[Reader]) -> str:
    return " + ".join(names)
