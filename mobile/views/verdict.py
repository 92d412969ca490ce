"""The answer to a scan, as large as the screen allows: a word, an icon, the piece, and what comes next."""

from collections.abc import Sequence

import flet as ft

from mobile import strings, theme
from mobile.outcome import Outcome, Tone
from mobile.sentences import detail, next_station, steps, where
from mobile.theme import Look, ems
from mobile.views.components.piece_lines import piece_lines
from shared.palette import RoleColours
from shared.words import Phrase

ICONS = {
    Tone.OK: ft.Icons.CHECK_CIRCLE,
    Tone.WAIT: ft.Icons.HOURGLASS_TOP,
    Tone.STOP: ft.Icons.BLOCK,
    Tone.INFO: ft.Icons.HISTORY,
    Tone.REPEAT: ft.Icons.REPEAT,
}
ASK_ICON = ft.Icons.FACT_CHECK
WORD_WIDTH_LARGE, WORD_WIDTH_SMALL = 560, 206
WORD_MAX, WORD_MAX_LESS = 96, 72
"""A second language takes room from the first, and so does a low window; 64 still reads well from three metres away."""


class VerdictCard:
    """The one card that every scan repaints; it stays until the next scan."""

    def __init__(self, look: Look) -> None:
        """A card that says: scan a label."""
        self._look = look
        has_room = not (look.has_english or look.is_tight)
        self._spacing = 12 if look.is_large and has_room else 4 if look.is_tight else 8
        self._lines = ft.Column(
            spacing=self._spacing,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            expand=look.is_wide,
            scroll=None if look.is_large else ft.ScrollMode.AUTO if look.is_wide else None,
        )
        self.control = ft.Container(
            self._lines,
            border_radius=24,
            padding=(32 if has_room else 24) if look.is_large else 18,
            expand=look.is_wide,
            animate=ft.Animation(theme.FADE_MS),
        )

    def ready(self, station_name: str) -> None:
        """Nothing scanned yet: say what to do."""
        look, palette = self._look, self._look.palette
        word = ft.Text(
            look.say(strings.SCAN),
            size=64 if look.is_large else 44,
            weight=ft.FontWeight.W_600,
            color=palette.ink,
            text_align=ft.TextAlign.CENTER,
        )
        self._lines.controls = [
            ft.Icon(ft.Icons.QR_CODE_SCANNER, size=128 if look.is_large else 72, color=palette.muted),
            word,
            ft.Text(station_name, size=24 if look.is_large else 20, color=palette.muted),
        ]
        self._lines.alignment = ft.MainAxisAlignment.CENTER
        self._lines.horizontal_alignment = ft.CrossAxisAlignment.CENTER
        self.control.bgcolor = palette.card
        self.control.border = ft.Border.all(2, palette.line)

    def show(self, outcome: Outcome, when: str, below: ft.Control | None = None) -> None:
        """One outcome; `when` is the time of the first scan, `below` what there is to answer."""
        look = self._look
        role = look.palette.roles[outcome.tone]
        lines = piece_lines(outcome.piece, look) if outcome.piece is not None else []
        if below is None:  # what is to be answered needs the room
            lines += [line for phrase in detail(outcome, when) for line in _sentence(phrase, look)]
        feet = _feet(outcome, role, look)
        if below is not None:
            feet.append(below)
        head = _head(outcome, role, look)
        # Where there is little height, what to do comes before what it is about.
        self._lines.controls = [head, *feet, *lines] if look.is_low else [head, *self._middle(lines), *feet]
        self._lines.alignment = ft.MainAxisAlignment.START
        self._lines.horizontal_alignment = ft.CrossAxisAlignment.STRETCH
        self.control.bgcolor = role.ground
        self.control.border = ft.Border.all(3, role.text)

    def _middle(self, lines: list[ft.Control]) -> list[ft.Control]:
        """On a large screen it takes what head and feet leave, and scrolls: what to do is never pushed out of sight."""
        if not self._look.is_large:
            return lines
        return [ft.Container(ft.Column(lines, spacing=self._spacing, scroll=ft.ScrollMode.AUTO), expand=True)]


def word_size(word: str, look: Look) -> int:
    """As large as fits in one line, but never small: a long word rather takes two lines."""
    width = ems(word)
    if look.is_large:
        largest = WORD_MAX_LESS if look.has_english or look.is_tight else WORD_MAX
        return int(max(64, min(largest, WORD_WIDTH_LARGE / width)))
    return int(max(34, min(60, WORD_WIDTH_SMALL / width)))


def _head(outcome: Outcome, role: RoleColours, look: Look) -> ft.Row:
    phrase, kept = strings.verdict(outcome.code), where(outcome)
    icon = ICONS[outcome.tone] if outcome.ask is None else ASK_ICON
    words: list[ft.Control] = [
        ft.Text(phrase.zh, size=word_size(phrase.zh, look), weight=ft.FontWeight.W_600, color=role.text)
    ]
    if look.has_english:
        words.append(ft.Text(phrase.en, size=24 if look.is_large else 18, color=role.text))
    if look.is_large:
        words.append(ft.Text(look.say(kept), size=20 if look.has_english else 24, color=role.text))
    else:
        sizes = (18, theme.SMALL)
        words += [
            ft.Text(line, size=size, color=role.text) for line, size in zip(look.lines(kept), sizes, strict=False)
        ]
    return ft.Row(
        [
            ft.Icon(icon, size=128 if look.is_large else 64, color=role.text),
            ft.Column(words, spacing=0, tight=True, expand=True),
        ],
        spacing=24 if look.is_large else 14,
    )


def _sentence(phrase: Phrase, look: Look) -> list[ft.Control]:
    """The Chinese to be read from afar, and the English where it is wanted."""
    ink, muted = look.palette.ink, look.palette.muted
    if look.is_large:
        return [ft.Text(phrase.zh, size=20 if look.has_english else 24, color=ink, spans=_aside(phrase, look))]
    lines = zip(look.lines(phrase), (18, theme.SMALL), (ink, muted), strict=False)
    return [ft.Text(line, size=size, color=colour) for line, size, colour in lines]


def _aside(phrase: Phrase, look: Look) -> list[ft.TextSpan]:
    """The English behind the Chinese, smaller."""
    style = ft.TextStyle(size=theme.SMALL, color=look.palette.muted)
    return [ft.TextSpan(f"  {line}", style=style) for line in look.lines(phrase)[1:]]


def _feet(outcome: Outcome, role: RoleColours, look: Look) -> list[ft.Control]:
    """Where to and what to do, on bands that are seen from afar; side by side where there is room for both."""
    bands: list[ft.Control] = []
    place, todo = next_station(outcome), steps(outcome)
    is_double = look.is_large and place is not None and todo is not None
    size = (24 if is_double else 30) if look.is_large else 21
    if place is not None:
        icon = ft.Icons.PLACE if outcome.is_misplaced else ft.Icons.ARROW_FORWARD
        bands.append(_band(icon, place, look.palette.info, look, size))
    if todo is not None:
        icon = ft.Icons.PAN_TOOL if outcome.tone is Tone.STOP else ft.Icons.ARROW_FORWARD
        bands.append(_band(icon, todo, role, look, size))
    return [_side_by_side(bands)] if is_double else bands


def _side_by_side(bands: Sequence[ft.Control]) -> ft.Row:
    for band in bands:
        band.expand = True
    return ft.Row(list(bands), spacing=12, vertical_alignment=ft.CrossAxisAlignment.STRETCH, intrinsic_height=True)


def _band(icon: ft.IconData, phrase: Phrase, role: RoleColours, look: Look, size: int) -> ft.Container:
    sizes = (size, 18 if look.is_large else theme.SMALL)
    words = ft.Column(
        [
            ft.Text(line, size=high, weight=ft.FontWeight.W_600, color=role.text)
            for line, high in zip(look.lines(phrase), sizes, strict=False)
        ],
        spacing=0,
        tight=True,
        expand=True,
    )
    row = ft.Row([ft.Icon(icon, color=role.text, size=size + 4), words], spacing=12)
    side = 20 if look.is_large else 12
    return ft.Container(
        row,
        bgcolor=look.palette.card,
        border_radius=theme.RADIUS,
        padding=ft.Padding(side, side * 0.7, side, side * 0.7),
    )
