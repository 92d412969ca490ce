"""A job's labels as a printer wants them, each read back before it is handed out. Heavy: Pillow and both readers."""

from collections.abc import Sequence
from typing import overload

from labels.content import Label
from labels.fonts import LabelFonts
from labels.picture import Press
from labels.reading.release import verified_bitmap
from labels.rolls import template_of
from labels.tspl import tspl_label
from labels.zpl import zpl_label
from shared.schemas.printing import Printer, PrinterLanguage


class LabelPages(Sequence[bytes]):
    """Each label in the printer's language, drawn when it is asked for; empty for one that is not printed any more.

    Asking raises `Unreadable` where a scanner would not read the label.
    """

    def __init__(self, labels: Sequence[Label | None], fonts: LabelFonts, printer: Printer) -> None:
        """Opens the fonts."""
        self._labels = labels
        self._press = Press(fonts)
        self._template = template_of(printer.label_size, printer.print_head)
        self._language = printer.language

    def __len__(self) -> int:
        """How many labels the job has, with those that are not printed any more."""
        return len(self._labels)

    @overload
    def __getitem__(self, place: int) -> bytes: ...

    @overload
    def __getitem__(self, place: slice) -> list[bytes]: ...

    def __getitem__(self, place: int | slice) -> bytes | list[bytes]:
        """The label at this place."""
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        label = self._labels[place]
        if label is None:
            return b""
        bitmap = verified_bitmap(self._press, label, self._template)
        if self._language is PrinterLanguage.TSPL:
            return tspl_label(bitmap, self._template)
        return zpl_label(bitmap, label.code)
