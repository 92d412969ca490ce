"""The work behind `mumen labels`: what draws and reads labels is heavy, and a server that imports commands rests."""

from collections.abc import Sequence

from labels.content import Label
from labels.fonts import LabelFonts
from labels.picture import Press, png
from labels.reading.raster import PageTooLarge
from labels.reading.release import Unreadable, verified_bitmap, verified_pdf
from labels.reading.verify import NotAPdf, Unread, read_back
from labels.templates import LabelTemplate, SheetTemplate, roll
from labels.tspl import tspl_label
from labels.words import LabelWords
from labels.zpl import zpl_label
from mumen.commands.labels.choices import SHEETS
from mumen.commands.labels.sizes import fitting_sizes, readable_size
from mumen.serving.running import now_us
from sync_server.errors import StartFault


def make_pdf(labels: Sequence[Label], fonts: LabelFonts, title: str, sheet: SheetTemplate, words: LabelWords) -> bytes:
    """The labels on sheets. Raises a `StartFault` where one cannot be read."""
    try:
        return verified_pdf(labels, fonts, title, now_us(), sheet, words)
    except Unreadable as fault:
        raise _unreadable(fault) from fault


def make_printer_data(
    labels: Sequence[Label], fonts: LabelFonts, template: LabelTemplate, words: LabelWords, language: str
) -> bytes:
    """One label after the other as `zpl` or `tspl`. Raises a `StartFault` where one cannot be read."""
    press, made = Press(fonts), list[bytes]()
    for label in labels:
        try:
            bitmap = verified_bitmap(press, label, template, words)
        except Unreadable as fault:
            raise _unreadable(fault) from fault
        made.append(zpl_label(bitmap, label.code) if language == "zpl" else tspl_label(bitmap, template))
    return b"".join(made)


def make_preview(label: Label, fonts: LabelFonts, template: LabelTemplate, words: LabelWords, suffix: str) -> bytes:
    """The label as the file that its suffix says: `.png`, `.pdf`, `.zpl` or `.tspl`. Raises a `StartFault`."""
    match suffix:
        case ".pdf":
            return make_pdf([label], fonts, label.code, roll(template), words)
        case ".zpl" | ".tspl":
            return make_printer_data([label], fonts, template, words, suffix.removeprefix("."))
        case _:
            return _make_png(label, fonts, template, words)


def _make_png(label: Label, fonts: LabelFonts, template: LabelTemplate, words: LabelWords) -> bytes:
    """The label as its printer prints it, dot by dot."""
    try:
        return png(verified_bitmap(Press(fonts), label, template, words), template.dots_per_mm)
    except Unreadable as fault:
        raise _unreadable(fault) from fault


def read_sheet(pdf: bytes, name: str, sheet: SheetTemplate, dpi: int) -> tuple[int, list[Unread]]:
    """How many labels of a PDF are read, and which are not. Raises a `StartFault` where it is none."""
    try:
        return read_back(pdf, sheet, dpi)
    except (NotAPdf, PageTooLarge) as fault:
        raise StartFault(f"{name}: 不是能检查的 PDF。{fault}", f"{name} is no PDF that can be checked.") from fault


def other_size(pdf: bytes, size: str, dpi: int, *, is_read: bool) -> str | None:
    """The size that this PDF has where it is not the one that was named: its pages are of another size.

    Where its labels were not read at that size, it is also another sheet of the same page.
    """
    fitting = fitting_sizes(pdf, SHEETS)
    if is_read and (size in fitting or not fitting):
        return None
    return readable_size(pdf, SHEETS, size, dpi)


def _unreadable(fault: Unreadable) -> StartFault:
    return StartFault(f"有标签扫不出来，没有生成：\n{fault}", "Some labels cannot be read; nothing was made.")
