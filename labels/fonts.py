"""The two faces in which labels are set."""

from dataclasses import dataclass
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
