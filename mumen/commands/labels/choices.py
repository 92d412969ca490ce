"""What all of `mumen labels` lets one choose: sizes, print heads, languages; and what they need."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from labels.fonts import LabelFonts, fonts_in
from labels.templates import (
    A4_3X8,
    LABEL_60X40,
    LABEL_80X50,
    LABEL_100X70,
    LabelTemplate,
    Resolution,
    SheetTemplate,
    roll,
    sheet_of,
)
from labels.words import CHINESE, ENGLISH, LabelWords
from mumen.settings import Settings
from sync_server.errors import StartFault

LABEL_SIZES: Mapping[str, LabelTemplate] = {"60x40": LABEL_60X40, "80x50": LABEL_80X50, "100x70": LABEL_100X70}
SHEETS: Mapping[str, SheetTemplate] = {
    "a4-3x8": A4_3X8,
    **{name: roll(label) for name, label in LABEL_SIZES.items()},
    **{f"a4-{name}": sheet_of(label) for name, label in LABEL_SIZES.items()},
}
RESOLUTIONS: Mapping[int, Resolution] = {resolution.dpi: resolution for resolution in Resolution}
OWN_FOLDER = Path("build")
WORDS: Mapping[str, LabelWords] = {"zh": CHINESE, "en": ENGLISH}


def add_size(parser: argparse.ArgumentParser, sizes: Mapping[str, object], default: str) -> None:
    """Which size."""
    text = (
        f"size in mm; a4-… is a sheet of them ({default}) / 尺寸"
        if sizes is SHEETS
        else f"size in mm ({default}) / 尺寸"
    )
    parser.add_argument("--size", choices=list(sizes), default=default, help=text)


def add_dpi(parser: argparse.ArgumentParser) -> None:
    """Which print head."""
    parser.add_argument("--dpi", type=int, choices=list(RESOLUTIONS), default=203, help="of the printer (203) / 打印机")


def add_words(parser: argparse.ArgumentParser) -> None:
    """Which language."""
    parser.add_argument("--language", choices=list(WORDS), default="zh", help="of the words on it (zh) / 标签上的语言")


def fonts_for(settings: Settings) -> LabelFonts:
    """The fonts that the build keeps. Raises a `StartFault`."""
    fonts = fonts_in(settings.build_dir / "fonts")
    if fonts is None:
        raise StartFault("缺少字体，请先运行 make run。", "The fonts are missing; run `make run` or `mumen build-app`.")
    return fonts


def check_folder(out: Path) -> None:
    """Raises a `StartFault` where the folder of a file to be written does not exist; our own `build` is made."""
    if out.parent != OWN_FOLDER and not out.parent.is_dir():
        raise StartFault(
            f"没有文件夹 {out.parent}：先建好它，或改写 --out。",
            f"There is no folder {out.parent}: make it first, or give another --out.",
        )


def write_out(out: Path, data: bytes) -> None:
    """Writes the file. Raises a `StartFault`."""
    try:
        if out.parent == OWN_FOLDER:
            out.parent.mkdir(exist_ok=True)
        out.write_bytes(data)
    except OSError as error:
        raise StartFault(f"写不了 {out}：{error.strerror}。", f"{out} cannot be written: {error.strerror}.") from error


def read_in(path: Path) -> bytes:
    """The file's content. Raises a `StartFault`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise StartFault(f"读不了 {path}：{error.strerror}。", f"{path} cannot be read: {error.strerror}.") from error
