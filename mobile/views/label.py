"""The label of a piece, as large as the screen allows and as it is printed; a copy of it for who may make one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import flet as ft

from mobile import strings, theme
from mobile.outcome import LabelInHand, Outcome, Tone
from mobile.sentences import detail
from mobile.strings import Phrase
from mobile.theme import Look
from mobile.views.components.page import bar, paragraphs, screen
from mobile.views.components.tile import tile
from shared.label_code import pretty
from shared.palette import RoleColours
from shared.schemas.printing import LabelSize
from shared.words import REPRINT_REASONS

CHOICES_WIDTH = 460
SIZES = {
    LabelSize.SIZE_60X40: Phrase("60×40", ""),
    LabelSize.SIZE_80X50: Phrase("80×50", ""),
    LabelSize.SIZE_100X70: Phrase("100×70", ""),
}


class LabelFault(Enum):
    """What went wrong, in the words for it."""

    NOT_HERE = strings.LABEL_NOT_DRAWN
    NOT_KEPT = strings.NOT_SAVED


@dataclass(frozen=True)
class LabelShown:
    """What the screen says; `picture` is the label as SVG, empty until it is drawn.

    `reason` is a code of `REPRINT_REASONS`, empty until one is chosen; `copy_made` the number of the copy made here.
    """

    label: LabelInHand | None
    picture: bytes = b""
    size: LabelSize = LabelSize.SIZE_60X40
    reason: str = ""
    copy_made: int | None = None
    is_busy: bool = False
    fault: LabelFault | None = None
    is_counted: bool = False
    """Whether the copy is on record already, with its reason."""

    @property
    def is_ready(self) -> bool:
        """Whether all is known that a copy needs."""
        return self.is_counted or bool(self.reason)


@dataclass(frozen=True)
class LabelActions:
    """What the buttons do."""

    on_size: Callable[[LabelSize], None]
    on_reason: Callable[[str], None]
    on_make: Callable[[], None]
    on_share: Callable[[], None]
    on_back: Callable[[], None]
    on_language: Callable[[], None]


class LabelScreen:
    """Picture beside choices, or above them on a phone: no button is replaced under a finger when it comes."""

    def __init__(self, shown: LabelShown, look: Look, actions: LabelActions) -> None:
        """The screen as it is now."""
        self._look, self._actions = look, actions
        self._shown: LabelShown | None = None
        # White in the dark too: it is paper.
        self._paper = ft.Container(
            bgcolor="#ffffff", border=ft.Border.all(1, look.palette.line), border_radius=8, padding=6
        )
        self._choices = ft.Column(spacing=14, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        label = shown.label
        code = pretty(label.content.code) if label else ""
        under = f"{label.content.order_number} · {code}" if label and look.is_wide else code
        top = bar(look.say(strings.LABEL_TITLE), under, look, on_language=actions.on_language)
        self.control = screen(top, self._body() if label else [self._choices], look, actions.on_back)
        self.show(shown)

    def show(self, shown: LabelShown) -> list[ft.Control]:
        """Puts this on the screen; the controls that changed, for the page to send."""
        before, self._shown = self._shown, shown
        changed: list[ft.Control] = []
        if before is None or (before.picture, before.size) != (shown.picture, shown.size):
            self._put_picture(shown)
            changed.append(self._paper)
        if before is None or replace(before, picture=b"") != replace(shown, picture=b""):
            self._choices.controls = _choices(shown, self._look, self._actions)
            changed.append(self._choices)
        return changed

    def _body(self) -> list[ft.Control]:
        if not self._look.is_wide:
            return [self._paper, self._choices]
        beside: list[ft.Control] = [
            ft.Container(self._paper, expand=True),
            ft.Container(self._choices, width=CHOICES_WIDTH),
        ]
        return [ft.Row(beside, spacing=24, vertical_alignment=ft.CrossAxisAlignment.START)]

    def _put_picture(self, shown: LabelShown) -> None:
        width, height = (int(side) for side in shown.size.split("x"))
        self._paper.aspect_ratio = width / height
        if shown.picture:  # without an alignment it fills the paper
            self._paper.alignment = None
            self._paper.content = ft.Image(shown.picture, fit=ft.BoxFit.CONTAIN, semantics_label=strings.LABEL.zh)
        else:
            self._paper.alignment = ft.Alignment(0, 0)
            self._paper.content = ft.Text(self._look.say(strings.LABEL_DRAWING), size=theme.BODY, color="#000000")


def _choices(shown: LabelShown, look: Look, actions: LabelActions) -> list[ft.Control]:
    """What may be done with it; where nothing may, why, and who can."""
    label, palette = shown.label, look.palette
    if label is None:
        return paragraphs(strings.LABEL_NOT_ARRIVED, look)
    if label.refusal:
        why = detail(Outcome(Tone.STOP, label.refusal, label.facts), "")
        return _told([strings.verdict(label.refusal), *why], palette.stop, ft.Icons.BLOCK, look)
    if not label.may_copy:
        return _told([strings.LABEL_ASK_LEADER], palette.info, ft.Icons.INFO, look)
    fault = _told([shown.fault.value], palette.stop, ft.Icons.BLOCK, look) if shown.fault else []
    if shown.copy_made is not None:
        said = strings.LABEL_COPIED.filled(number=shown.copy_made)
        again = _main(strings.LABEL_SHARE_AGAIN, look, actions.on_share)
        return [*fault, *_told([said], palette.ok, ft.Icons.CHECK_CIRCLE, look), again]
    sizes = _row([_choice(SIZES[size], size is shown.size, look, lambda s=size: actions.on_size(s)) for size in SIZES])
    reasons = [
        _choice(word, code == shown.reason, look, lambda c=code: actions.on_reason(c))
        for code, word in REPRINT_REASONS.items()
    ]
    make = _main(strings.LABEL_MAKING if shown.is_busy else strings.LABEL_SHARE, look, actions.on_make)
    make.disabled = shown.is_busy or not shown.is_ready
    make.opacity = 0.5 if make.disabled else 1.0
    if shown.is_counted:
        return [*fault, sizes, make]
    pairs = [_row(reasons[start : start + 2]) for start in range(0, len(reasons), 2)]
    return [*fault, sizes, _heading(strings.LABEL_WHY, look), *pairs, make]


def _told(phrases: Sequence[Phrase], role: RoleColours, icon: ft.IconData, look: Look) -> list[ft.Control]:
    words: list[ft.Control] = [
        ft.Text(line, size=size, color=role.text)
        for phrase in phrases
        for line, size in zip(look.lines(phrase), (theme.BODY, theme.SMALL), strict=False)
    ]
    said = ft.Column(words, spacing=2, tight=True, expand=True)
    row = ft.Row([ft.Icon(icon, color=role.text, size=32), said], spacing=12)
    return [ft.Container(row, bgcolor=role.ground, border_radius=theme.RADIUS, padding=16)]


def _heading(phrase: Phrase, look: Look) -> ft.Text:
    return ft.Text(look.say(phrase), size=theme.BODY, weight=ft.FontWeight.W_600, color=look.palette.ink)


def _main(phrase: Phrase, look: Look, on_click: Callable[[], None]) -> ft.Button:
    return tile(
        ft.Icons.IOS_SHARE, phrase.zh, look, on_click, under=phrase.en if look.has_english else "", is_main=True
    )


def _choice(phrase: Phrase, is_chosen: bool, look: Look, on_click: Callable[[], None]) -> ft.Button:  # noqa: FBT001
    """One of a few that exclude each other: the chosen one is filled, and has a tick."""
    palette = look.palette
    ink = palette.on_wood if is_chosen else palette.ink
    sizes = (18, theme.SMALL)
    lines: list[ft.Control] = [
        ft.Text(line, size=size, color=ink, weight=ft.FontWeight.W_600, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS)
        for line, size in zip(look.lines(phrase), sizes, strict=False)
    ]
    words = ft.Column(lines, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER)
    inside: list[ft.Control] = [ft.Icon(ft.Icons.CHECK, color=ink, size=22), words] if is_chosen else [words]
    return ft.Button(
        content=ft.Row(inside, spacing=6, alignment=ft.MainAxisAlignment.CENTER),
        on_click=lambda _: on_click(),
        height=theme.TARGET_MIN,
        expand=True,
        elevation=0,
        style=ft.ButtonStyle(
            bgcolor=palette.wood if is_chosen else palette.card,
            side=ft.BorderSide(1, palette.line),
            shape=ft.RoundedRectangleBorder(radius=theme.RADIUS),
            padding=4,
        ),
    )


def _row(buttons: Sequence[ft.Control]) -> ft.Row:
    return ft.Row(list(buttons), spacing=10)
