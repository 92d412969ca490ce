"""Noto Sans SC from npm: whole for labels, in parts for the app, whose first frame must not wait for 10 MB."""

import hashlib
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from fontTools import subset as untyped_subset

from mobile.web.builder.faults import FontsMissing
from mobile.web.builder.sources import ROOT, browser_sources

subset = cast("Any", untyped_subset)  # fontTools declares few types
PACKAGE = Path("node_modules/@expo-google-fonts/noto-sans-sc")
FONT_FAMILY = "Mumen"
"""The family of common characters; `mobile/theme.py` names it too."""

PUNCTUATION = "，。！？；：“”‘’（）《》【】、—…·￥°±×÷→←↑↓✓"


@dataclass(frozen=True)
class FontPaths:
    """Whole TrueType fonts with every character that a name or an address may hold."""

    regular: Path
    semibold: Path


def ensure_fonts(build_dir: Path, progress: Callable[[str], None], root: Path = Path()) -> FontPaths:
    """The whole fonts in `build_dir/fonts`, copied from npm's package under `root` where they are missing.

    Raises `FontsMissing`.
    """
    target = build_dir / "fonts"
    paths = FontPaths(target / "regular.ttf", target / "semibold.ttf")
    for path, weight in ((paths.regular, "400Regular"), (paths.semibold, "600SemiBold")):
        if path.exists():
            continue
        source = root / PACKAGE / weight / f"NotoSansSC_{weight}.ttf"
        if not source.exists():
            raise FontsMissing("字体还没有安装，请先运行 make run。", f"{source} is missing; run `make run`.")
        progress(f"字体 font: {path.name}")
        target.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        shutil.copy2(source, part)  # what has read one copy knows them all by their date
        part.replace(path)
    return paths


def common_characters(texts: Iterable[str]) -> str:
    """GB 2312, ASCII, our punctuation, and whatever these texts use."""
    hanzi = {bytes([high, low]).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)}
    ascii_ = {chr(code) for code in range(32, 127)}
    return "".join(sorted(hanzi | ascii_ | set(PUNCTUATION) | {c for text in texts for c in text if c.isprintable()}))


def write_subset(source: Path, characters: str, out: Path, cache: Path) -> None:
    """The font with these characters only; remembered in `cache`, because it takes seconds."""
    key = hashlib.sha256(f"{source.stat().st_size}{source.name}{characters}".encode()).hexdigest()[:16]
    kept = cache / f"font-{key}.ttf"
    if not kept.exists():
        options = subset.Options(layout_features=[], hinting=False, notdef_outline=True)
        cache.mkdir(parents=True, exist_ok=True)
        with subset.load_font(str(source), options) as font:
            subsetter = subset.Subsetter(options)
            subsetter.populate(text=characters)
            subsetter.subset(font)
            subset.save_font(font, str(kept), options)
    shutil.copyfile(kept, out)


def write_fonts(target: Path, cache: Path, progress: Callable[[str], None]) -> None:
    """Common characters in two weights for the first frame; every character in one weight for afterwards."""
    fonts = ensure_fonts(cache.parent, progress, ROOT)
    common = target / "assets" / "fonts"
    characters = common_characters(path.read_text(encoding="utf-8") for path in browser_sources())
    write_subset(fonts.regular, characters, common / "common.ttf", cache)
    write_subset(fonts.semibold, characters, common / "common-semibold.ttf", cache)
    (target / "fonts").mkdir()
    shutil.copyfile(fonts.regular, target / "fonts" / "all.ttf")
