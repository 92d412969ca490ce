"""How quickly labels are made, and whether every one of them can be read. See README.md for the figures."""

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import report, say
from labels.bitmap import Bitmap
from labels.content import PieceLabel
from labels.fonts import LabelFonts
from labels.pdf import labels_pdf
from labels.picture import Press, label_bitmap, png
from labels.reading.verify import find_unread, find_unread_label
from labels.symbol import matrix
from labels.templates import A4_3X8, LABEL_60X40, LabelTemplate, Resolution
from labels.tspl import tspl_label
from labels.zpl import zpl_label
from mobile.web.builder.fonts import ensure_fonts
from mumen.commands.labels.samples import piece_labels

LABELS = 1_000
ROUNDS = 3


def run() -> None:
    """Makes a thousand labels in each way, on one core, and reads every one back at both resolutions."""
    paths = ensure_fonts(Path("build"), say)
    fonts = LabelFonts(paths.regular, paths.semibold)
    labels, press = piece_labels(LABELS), Press(fonts)
    bitmaps = [label_bitmap(press, label, LABEL_60X40) for label in labels]
    figures = {
        "labels.pdf_per_s": _per_s(lambda: labels_pdf(labels, fonts, "1000", 0, A4_3X8)),
        "labels.bitmap_per_s": _per_s(lambda: [label_bitmap(press, label, LABEL_60X40) for label in labels]),
        "labels.zpl_per_s": _per_s(lambda: [_zpl(press, label) for label in labels]),
        "labels.tspl_per_s": _per_s(lambda: [_tspl(press, label) for label in labels]),
        "labels.png_per_s": _per_s(lambda: [_png(press, label) for label in labels]),
        "labels.verify_per_s": _per_s(
            lambda: [find_unread_label(b, label.code) for b, label in zip(bitmaps, labels, strict=True)]
        ),
    }
    pdf = labels_pdf(labels, fonts, "1000", 0, A4_3X8)
    codes = [label.code for label in labels]
    for resolution in Resolution:
        say(f"reading {LABELS} labels at {resolution.dpi} dpi: the sheets, and as a label printer gets them")
        template = LABEL_60X40.at(resolution)
        unread = {entry.code for entry in find_unread(pdf, codes, A4_3X8, resolution.dpi)}
        unread |= {
            code.code for label in labels for code in find_unread_label(_drawn(press, label, template), label.code)
        }
        figures[f"labels.verified_{resolution.dpi}"] = LABELS - len(unread)
    report("labels", figures)


def _per_s(make_all: Callable[[], object]) -> float:
    """Labels a second in the best of some rounds; what opening the fonts takes is part of it."""
    best = 0.0
    for _ in range(ROUNDS):
        matrix.cache_clear()
        began = time.perf_counter()
        make_all()
        best = max(best, LABELS / (time.perf_counter() - began))
    return best


def _drawn(press: Press, label: PieceLabel, template: LabelTemplate = LABEL_60X40) -> Bitmap:
    return label_bitmap(press, label, template)


def _zpl(press: Press, label: PieceLabel) -> bytes:
    return zpl_label(_drawn(press, label), label.code)


def _tspl(press: Press, label: PieceLabel) -> bytes:
    return tspl_label(_drawn(press, label), LABEL_60X40)


def _png(press: Press, label: PieceLabel) -> bytes:
    return png(_drawn(press, label), LABEL_60X40.dots_per_mm)


if __name__ == "__main__":
    run()
