"""The label of one piece on the screen: drawn, then copied as a PDF that is shared or kept, with the server gone too.

What draws labels is imported when a label is first shown: a start of the app must not wait for it.
"""

import asyncio
from dataclasses import asdict, replace
from importlib import import_module
from typing import Any

from labels.content import PieceLabel
from labels.fonts import LabelFonts
from mobile.engine import Engine
from mobile.flows.frame import Frame
from mobile.outcome import LabelInHand, Tone
from mobile.platform import Platform
from mobile.views.label import LabelActions, LabelFault, LabelScreen, LabelShown
from shared.schemas.printing import LabelSize

PDF = "application/pdf"


class LabelVisit:
    """Owns what is on the screen of a label: its picture, what was chosen, and the copy that was made."""

    def __init__(
        self, frame: Frame, engine: Engine, platform: Platform, piece_id: str, *, is_counted: bool = False
    ) -> None:
        """Nothing is drawn yet; `is_counted` says that the copy is on record already: no reason is asked for."""
        self._frame, self._engine, self._platform = frame, engine, platform
        self._piece_id, self._is_counted = piece_id, is_counted
        self._shown = LabelShown(self._label(), is_counted=is_counted)
        self._screen: LabelScreen | None = None
        self._drawing: _Drawing | None = None
        self._is_prepared = asyncio.Event()
        self._made: tuple[str, bytes] | None = None

    def _label(self) -> LabelInHand | None:
        return self._engine.label_of(self._piece_id, is_counted=self._is_counted)

    def open(self) -> None:
        """Shows it, and begins to draw."""
        self._frame.go(self.paint)
        self._frame.stage.begin(self.prepare)

    def paint(self) -> None:
        """Puts it up as it is now."""
        stage = self._frame.stage
        actions = LabelActions(
            on_size=self.choose_size,
            on_reason=self.choose_reason,
            on_make=lambda: stage.begin(self.make),
            on_share=self.share,
            on_back=self._frame.go_home,
            on_language=self._frame.change_language,
        )
        self._screen = LabelScreen(self._shown, stage.look, actions)
        stage.show(self._screen.control)

    async def prepare(self) -> None:
        """Fetches fonts and what draws with them, and draws the label."""
        await asyncio.sleep(0)  # the screen is seen before Python is busy
        label = self._shown.label
        try:
            if label is not None:
                self._drawing = await _open_drawing(self._platform, label.content)
                self._draw(fault=None if self._drawing else LabelFault.NOT_HERE)
        finally:
            self._is_prepared.set()

    def _draw(self, **changed: Any) -> None:
        """Shows the label in its size, where it can be drawn by now."""
        shown = replace(self._shown, **changed)
        if self._drawing is not None and shown.label is not None:
            shown = replace(shown, picture=self._drawing.svg(shown.label.content, shown.size))
        self._show(shown)

    def choose_size(self, size: LabelSize) -> None:
        """The paper that the copy is for."""
        self._draw(size=size)

    def choose_reason(self, reason: str) -> None:
        """Why there is to be a copy: a code of `shared.words.REPRINT_REASONS`."""
        self._show(replace(self._shown, reason=reason))

    async def make(self) -> None:
        """One copy: made, recorded, and only then handed out. A second tap meanwhile makes no second one."""
        if self._shown.is_busy or not self._shown.is_ready:
            return
        self._show(replace(self._shown, is_busy=True, fault=None))
        await self._is_prepared.wait()
        await asyncio.sleep(0)
        label = self._label()  # anew: it may have been revoked since
        if label is None or not label.may_copy or self._drawing is None:
            fault = LabelFault.NOT_HERE if self._drawing is None else None
            self._draw(label=label, is_busy=False, fault=fault)
            return
        content = self._drawing.pdf(label.content, self._shown.size, self._platform.now_us())
        if not self._is_counted:
            outcome = self._engine.reprint_label(label.content.code, self._shown.reason)
            self._frame.heard(outcome.tone)
            if outcome.tone is not Tone.OK:
                self._show(replace(self._shown, fault=LabelFault.NOT_KEPT, is_busy=False))
                return
        self._made = (f"label-{label.content.code}-{label.content.copy_number}.pdf", content)
        self._draw(label=label, copy_made=label.content.copy_number, is_busy=False)
        self.share()

    def share(self) -> None:
        """Hands the copy out, once more where it was before; nothing where none was made."""
        if self._made is not None:
            self._platform.share(*self._made, PDF)

    def _show(self, shown: LabelShown) -> None:
        self._shown = shown
        if self._screen is not None and self._frame.is_up(self.paint):
            changed = self._screen.show(shown)
            if changed:
                self._frame.stage.update(*changed)


class _Drawing:
    """Both outputs over one pair of fonts, by modules that are imported only now."""

    def __init__(self, fonts: LabelFonts) -> None:
        self._fonts = fonts
        self._svg: Any = import_module("labels.svg")
        self._rolls: Any = import_module("labels.rolls")
        self._outlines: Any = self._svg.Outlines(fonts)

    def lacks_any(self, label: PieceLabel) -> bool:
        """Whether these fonts lack a character of the label."""
        said = "".join(text for text in asdict(label).values() if isinstance(text, str))
        return bool(self._outlines.widths.printable(said, bold=False) != said)

    def svg(self, label: PieceLabel, size: LabelSize) -> bytes:
        return bytes(self._svg.label_svg(self._outlines, label, self._rolls.page_of(size).label))

    def pdf(self, label: PieceLabel, size: LabelSize, made_at_us: int) -> bytes:
        """A page of the label's own size."""
        sheet = self._rolls.page_of(size)
        labels_pdf: Any = import_module("labels.pdf").labels_pdf
        return bytes(labels_pdf([label], self._fonts, label.order_number, made_at_us, sheet))


async def _open_drawing(platform: Platform, label: PieceLabel) -> _Drawing | None:
    """What draws this label, with the fonts that hold every character where the first ones do not."""
    fonts = await platform.label_fonts(has_rare=False)
    if fonts is None:
        return None
    drawing = _Drawing(fonts)
    if not drawing.lacks_any(label):
        return drawing
    whole = await platform.label_fonts(has_rare=True)
    return _Drawing(whole) if whole is not None else drawing
