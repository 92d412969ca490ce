"""Builds what the office serves besides its pages: its fonts, htmx, and Swagger UI for `/docs`, all from npm.

Everything lands in `build/office`, so that a server needs neither npm's packages nor the app's own build.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from fontTools.ttLib import TTFont

from mobile.web.builder.fonts import common_characters, ensure_fonts, write_subset

ROOT = Path(__file__).resolve().parents[1]
COPIED = (
    Path("node_modules/htmx.org/dist/htmx.min.js"),
    Path("node_modules/swagger-ui-dist/swagger-ui-bundle.js"),
    Path("node_modules/swagger-ui-dist/swagger-ui.css"),
)
TEXTS = ("shared", "labels", "sync_server", "mumen")
"""The packages whose texts may stand on a page of the office."""


def missing_sources() -> Path | None:
    """The first of npm's files that is not there."""
    return next((path for path in COPIED if not (ROOT / path).is_file()), None)


def build_office(build_dir: Path, progress: Callable[[str], None]) -> None:
    """Copies the scripts and makes the fonts; what is made is kept, so that the next time takes no time.

    Raises `FontsMissing`.
    """
    target, cache = build_dir / "office", build_dir / "cache"
    progress("办公室 office: 字体和脚本 fonts and scripts")
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    for path in COPIED:
        shutil.copyfile(ROOT / path, target / path.name)
    fonts, characters = ensure_fonts(build_dir, progress, ROOT), common_characters(_texts())
    for source, name in ((fonts.regular, "common"), (fonts.semibold, "common-semibold")):
        write_woff(source, characters, target / "fonts" / f"{name}.woff", cache)


def write_woff(source: Path, characters: str, out: Path, cache: Path) -> None:
    """The font with these characters only, compressed: browsers fetch it before they can show a page as it is meant."""
    plain = out.with_suffix(".part")
    write_subset(source, characters, plain, cache)
    with TTFont(plain, recalcTimestamp=False) as font:
        font.flavor = "woff"
        font.save(out)
    plain.unlink()


def _texts() -> Iterator[str]:
    for package in TEXTS:
        for pattern in ("*.py", "*.html", "*.css"):
            for path in sorted((ROOT / package).rglob(pattern)):
                yield path.read_text(encoding="utf-8")
