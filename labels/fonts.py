"""The two faces in which labels are set."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class LabelFonts:
    """TrueType files that hold Chinese; both weights may be the same file."""

    regular: Path
    bold: Path


def fonts_in(folder: Path | None) -> LabelFonts | None:
    """The two weights that the build keeps in this folder, if they are there."""
    if folder is None or not (folder / "regular.ttf").exists():
        return None
    return LabelFonts(folder / "regular.ttf", folder / "semibold.ttf")


@dataclass(frozen=True)
class FontFile:
    """A font file as it is now. Copies that keep its date are equal to it; one that takes its place is not."""

    path: Path = field(compare=False)
    name: str
    size_bytes: int
    changed_ns: int


def font_file(path: Path) -> FontFile:
    """What to remember a font by that was read from here."""
    found = path.stat()
    return FontFile(path, path.name, found.st_size, found.st_mtime_ns)
