"""Labels as they leave for a printer: drawn, read back by every reader there is, and only then handed out."""

from collections.abc import Sequence

from labels.bitmap import Bitmap
from labels.content import Label
from labels.fonts import LabelFonts
from labels.pdf import labels_pdf
from labels.picture import Press, label_bitmap
from labels.reading.verify import Unread, find_unread, find_unread_label
from labels.templates import LabelTemplate, Resolution, SheetTemplate
from labels.words import CHINESE, LabelWords


class Unreadable(ValueError):  # noqa: N818 - named as the other faults are
    """A label that a scanner would not read; nothing of it is printed."""

    def __init__(self, unread: Sequence[Unread]) -> None:
        """Say which ones, and who could not read them."""
        super().__init__("\n".join(entry.sentence for entry in unread[:10]))
        self.unread = tuple(unread)


def verified_pdf(
    labels: Sequence[Label],
    fonts: LabelFonts,
    title: str,
    made_at_us: int,
    sheet: SheetTemplate,
    words: LabelWords = CHINESE,
) -> bytes:
    """As `labels_pdf`, read back at the coarser print head's resolution. Raises `Unreadable`."""
    pdf = labels_pdf(labels, fonts, title, made_at_us, sheet, words)
    unread = find_unread(pdf, [label.code for label in labels], sheet, Resolution.DPI_203.dpi)
    if unread:
        raise Unreadable(unread)
    return pdf


def verified_bitmap(press: Press, label: Label, template: LabelTemplate, words: LabelWords = CHINESE) -> Bitmap:
    """As `label_bitmap`, read back dot by dot. Raises `Unreadable`."""
    bitmap = label_bitmap(press, label, template, words)
    if unread := find_unread_label(bitmap, label.code):
        raise Unreadable(unread)
    return bitmap
