"""For a label that cannot be scanned: the likely pieces first, then keys that a glove can hit and that check along."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flet as ft

from mobile import strings, theme
from mobile.candidates import Candidate, Typed, read_typed
from mobile.theme import Look
from mobile.views.components.candidate import candidate_tile
from mobile.views.components.field import field
from mobile.views.components.page import bar, screen
from shared.label_code import ALPHABET, LENGTH, CodeProblem
from shared.palette import RoleColours
from shared.words import Phrase

PER_ROW_WIDE, PER_ROW_NARROW = 8, 6
KEY_HEIGHT, GAP = 56, 6
LIST_HEIGHT, LIST_HEIGHT_TIGHT, LIST_HEIGHT_NARROW = 570, 484, 150
LIST_WIDTH = 420
CAPTION_ABOVE = 10
"""A field's caption sticks out above it, where what scrolls is cut off."""


@dataclass(frozen=True)
class TypeActions:
    """`on_code` scans, `on_change` keeps what was typed; `likely` and `near` find pieces for a text."""

    on_code: Callable[[str], None]
    on_change: Callable[[str], None]
    on_back: Callable[[], None]
    likely: Callable[[str], Sequence[Candidate]]
    near: Callable[[str], Sequence[Candidate]]


class TypeScreen:
    """Built once; a key changes the field, what is said of it, and the pieces that fit."""

    def __init__(self, text: str, look: Look, actions: TypeActions) -> None:
        """With `text` typed already."""
        self._look, self._actions = look, actions
        self._field = field(
            strings.TYPE_FIELD, look, self._done, self._typed, hint="D1-XXXX-XXXX-XXXX-XX", value=text, is_own_keys=True
        )
        self._said = ft.Text(size=theme.BODY if look.is_wide else 18, weight=ft.FontWeight.W_600)
        self._heading = ft.Text(size=theme.SMALL, color=look.palette.muted)
        scroll = ft.ScrollMode.AUTO
        self._pieces = (
            ft.Column(spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, scroll=scroll, expand=True)
            if look.is_wide
            else ft.Column(
                spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH, scroll=scroll, height=LIST_HEIGHT_NARROW
            )
        )
        self._ok = _key(strings.OK.zh, look, lambda _: self._done_here(), is_main=True)
        self._keys = self._keypad()
        self._show(text)
        top = bar(look.say(strings.TYPE_TITLE), look.say(strings.TYPE_UNDER), look)
        self.control = screen(top, [self._wide() if look.is_wide else self._narrow()], look, actions.on_back)

    def _wide(self) -> ft.Control:
        high = LIST_HEIGHT_TIGHT if self._look.is_tight else LIST_HEIGHT
        left = ft.Column([self._heading, self._pieces], spacing=6, width=LIST_WIDTH, height=high)
        right = ft.Column([self._field, self._said, self._keys], spacing=10, expand=True)
        right.horizontal_alignment = ft.CrossAxisAlignment.STRETCH
        below_caption = ft.Container(right, padding=ft.Padding(0, CAPTION_ABOVE, 0, 0), expand=True)
        return ft.Row([left, below_caption], spacing=20, vertical_alignment=ft.CrossAxisAlignment.START)

    def _narrow(self) -> ft.Control:
        every = [self._heading, self._pieces, self._field, self._said, self._keys]
        return ft.Column([*every], spacing=6, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)

    def _typed(self, text: str) -> None:
        self._actions.on_change(text)
        self._show(text)
        self.control.update()

    def _press(self, key: str) -> None:
        text = str(self._field.value or "")
        if key == strings.PIN_BACK.zh:
            text = read_typed(text).text[:-1]
        elif len(read_typed(text).text) < LENGTH:
            text = read_typed(text).text + key
        self._field.value = read_typed(text).shown
        self._typed(self._field.value)

    def _done(self, text: str) -> None:
        if read_typed(text).is_valid:
            self._actions.on_code(text)

    def _done_here(self) -> None:
        self._done(str(self._field.value or ""))

    def _show(self, text: str) -> None:
        look, typed = self._look, read_typed(text)
        said, role = _said(typed)
        colours: RoleColours = look.palette.roles[role]
        self._said.value, self._said.color = look.say(said), colours.text
        self._ok.disabled = not typed.is_valid
        self._ok.opacity = 1.0 if typed.is_valid else 0.4
        near = self._actions.near(text) if typed.problem is CodeProblem.WRONG_CHECK else ()
        found = near or self._actions.likely(text)
        heading = strings.DID_YOU_MEAN if near else strings.TYPE_FITTING if typed.text else strings.TYPE_LIKELY
        self._heading.value = look.say(heading if found else strings.TYPE_NOTHING_FITS)
        self._pieces.controls = [self._tile(one) for one in found]

    def _tile(self, one: Candidate) -> ft.Control:
        return candidate_tile(one, self._look, lambda: self._actions.on_code(one.code))

    def _keypad(self) -> ft.Column:
        look, per_row = self._look, PER_ROW_WIDE if self._look.is_wide else PER_ROW_NARROW
        keys = list(ALPHABET)
        rows: list[ft.Row] = [
            ft.Row([_key(key, look, self._press) for key in keys[start : start + per_row]], spacing=GAP)
            for start in range(0, len(keys), per_row)
        ]
        back = _key(strings.PIN_BACK.zh, look, self._press)
        self._ok.expand = back.expand = 2
        if look.is_wide:
            rows.append(ft.Row([back, self._ok], spacing=GAP))
        else:
            rows[-1].controls += [back, self._ok]
        return ft.Column([*rows], spacing=GAP)


def _said(typed: Typed) -> tuple[Phrase, str]:
    """What is said of it, and the role in which."""
    if not typed.text:
        return strings.TYPE_HINT_SHORT, "info"
    if typed.is_valid:
        return strings.TYPE_WHOLE, "ok"
    if typed.problem is None:
        return strings.TYPE_MISSING.filled(count=typed.missing), "info"
    return (strings.TYPE_WRONG if typed.problem is CodeProblem.WRONG_CHECK else strings.TYPE_NOT_OURS), "stop"


def _key(key: str, look: Look, press: Callable[[str], None], *, is_main: bool = False) -> ft.Button:
    palette = look.palette
    return ft.Button(
        key,
        height=KEY_HEIGHT,
        expand=True,
        elevation=0,
        on_click=lambda _: press(key),
        style=ft.ButtonStyle(
            bgcolor=palette.wood if is_main else palette.card,
            color=palette.on_wood if is_main else palette.ink,
            padding=0,
            text_style=ft.TextStyle(
                size=theme.BODY if is_main else 24, weight=ft.FontWeight.W_600, font_family=theme.FONT
            ),
            shape=ft.RoundedRectangleBorder(radius=12),
            side=ft.BorderSide(1, palette.line),
        ),
    )
