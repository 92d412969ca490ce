"""The two faces in which labels are set."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LabelFonts:
    """TrueType files that hold Chinese; both weights may be the same file."""

    regular: Path
    bold: Path
