"""The faces that a PDF is set in: a font file is read once, which takes a second, and every PDF gets copies of that."""

from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools import ttLib
from fpdf import FPDF
from fpdf.fonts import SubsetMap, TTFFont

from labels.fonts import FontFile, font_file

SHARED = ("cmap", "glyf", "hmtx", "vmtx")
"""The tables that know every character; what else a font has is quickly read."""


@dataclass(frozen=True)
class _Known:
    """A face that was read and with which nobody draws: writing a PDF cuts its face down to what was drawn."""

    face: TTFFont
    tables: dict[str, Any]


class _Copies(dict[str, Any]):
    """Outlines by glyph; whoever takes one gets a copy, for a cut gives them other numbers and unpacks them."""

    def __getitem__(self, name: str) -> Any:
        return copy(super().__getitem__(name))


def add_face(pdf: FPDF, family: str, style: str, path: Path) -> TTFFont:
    """What `FPDF.add_font` does, but for reading the file again. Whoever adds a face closes it."""
    known = _known(font_file(path), style)
    face = copy(known.face)
    face.i = len(pdf.fonts) + 1
    face.fontkey = f"{family}{style}"
    face.desc = copy(face.desc)  # has a number in the PDF
    face.missing_glyphs = []
    face.ttfont = _copied(known, path)
    face.subset = SubsetMap(face)
    pdf.fonts[face.fontkey] = face
    return face


@lru_cache(maxsize=4)
def _known(file: FontFile, style: str) -> _Known:
    face = TTFFont(FPDF(), file.path, "", style)
    read: Any = face.ttfont
    tables = {tag: read[tag] for tag in SHARED if tag in read}
    tables["cmap"].ensureDecompiled()
    face.close()
    return _Known(face, tables)


def _copied(known: _Known, path: Path) -> ttLib.TTFont:
    """The font file, opened, with what is read of it already; a cut changes nothing that two of these share."""
    opened: Any = ttLib.TTFont(str(path), recalcTimestamp=False, lazy=True)
    opened.setGlyphOrder(known.face.ttfont.getGlyphOrder())
    opened.tables |= {tag: copy(table) for tag, table in known.tables.items()}
    opened["cmap"].tables = [copy(table) for table in opened["cmap"].tables]
    opened["glyf"].glyphs = _Copies(opened["glyf"].glyphs)
    return opened
