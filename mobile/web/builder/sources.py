"""Where the parts of the app lie in this repository, and which of them a browser gets."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "mobile" / "web"
STATIC = WEB / "static"
ENTRY = WEB / "main.py"
"""What Pyodide runs."""

REQUIREMENTS = ROOT / "requirements" / "browser.txt"
PACKAGES = ("labels", "mobile", "shared")
NOT_IN_BROWSER = (
    *(Path("mobile/native"), Path("mobile/web/builder")),
    *(Path("labels/picture.py"), Path("labels/reading"), Path("labels/tspl.py"), Path("labels/zpl.py")),
)
"""What only a station PC, the server or the builder's machine runs, relative to `ROOT`."""


def own_sources() -> Iterator[Path]:
    """Every module that the app consists of or is built by."""
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))


def browser_sources() -> Iterator[Path]:
    """The modules that a browser gets."""
    for path in own_sources():
        place = path.relative_to(ROOT)
        if not any(place.is_relative_to(other) for other in NOT_IN_BROWSER):
            yield path
