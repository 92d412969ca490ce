"""The answer to a scan, as large as the screen allows: a word, an icon, the piece, and what comes next."""

import flet as ft

from mobile import strings, theme
from mobile.outcome import Outcome, PieceView, Tone
from mobile.strings import KINDS, OPENINGS
from mobile.theme import Look
from shared.palette import RoleColours

ICONS = {
    Tone.OK: ft.Icons.CHECK_CIRCLE,
    Tone.WAIT: ft.Icons.HOURGLASS_TOP,
    Tone.STOP: ft.Icons.BLOCK,
    Tone.INFO: ft.Icons.REPEAT,
}
ASK_ICON = ft.Icons.FACT_CHECK
WORD_WIDTH_LARGE, WORD_WIDTH_SMALL = 560, 215


def piece_name(piece: PieceView) -> str:
    """`MD-0007 · 主卧 · 门扇 1/4`."""
    return " · ".join(part for part in (piece.order_number, _place(piece)) if part)


class VerdictCard:
    """The one card that every scan repaints; it stays until the next scan."""

    def __init__(self, look: Look) -> None:
        """A card that says: scan a label."""
        self._look = look
        self._lines = ft.Column(
            spacing=12 if look.is_large else 8,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            expand=look.is_wide,
            scroll=None if look.is_large else ft.ScrollMode.AUTO if look.is_wide else None,
        )
        self.control = ft.Container(
            self._lines,
            border_radius=24,
            padding=32 if look.is_large else 18,
            expand=look.is_wide,
            animate=ft.Animation(theme.FADE_MS),
        )

    def ready(self, station_name: str) -> None:
        """Nothing scanned yet: say what to do."""
        look, palette = self._look, self._look.palette
        word = ft.Text(
            look.say(strings.SCAN), size=64 if look.is_large else 44, weight=ft.FontWeight.W_600, color=palette.ink
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
        look, palette = self._look, self._look.palette
        role = palette.roles[outcome.tone]
        lines: list[ft.Control] = [_head(outcome, role, look)]
        if outcome.piece is not None:
            lines += _piece(outcome.piece, look)
        size = 24 if look.is_large else 18
        if below is None:  # what is to be answered needs the room
            lines += [ft.Text(look.say(p), size=size, color=palette.ink) for p in strings.detail(outcome, when)]
        feet = _feet(outcome, role, look)
        if below is not None:
            feet.append(below)
        if feet and look.is_large:
            lines.append(ft.Container(expand=True))
        self._lines.controls = lines + feet
        self._lines.alignment = ft.MainAxisAlignment.START
        self._lines.horizontal_alignment = ft.CrossAxisAlignment.STRETCH
        self.control.bgcolor = role.ground
        self.control.border = ft.Border.all(3, role.text)


def _head(outcome: Outcome, role: RoleColours, look: Look) -> ft.Row:
    phrase = strings.verdict(outcome.code)
    icon = ICONS[outcome.tone] if outcome.ask is None else ASK_ICON
    words: list[ft.Control] = [
        ft.Text(phrase.zh, size=word_size(phrase.zh, look), weight=ft.FontWeight.W_600, color=role.text),
        ft.Text(look.say(strings.where(outcome)), size=24 if look.is_large else 18, color=role.text),
    ]
    if look.has_english:
        words.insert(1, ft.Text(phrase.en, size=26 if look.is_large else 18, color=role.text))
    return ft.Row(
        [
            ft.Icon(icon, size=128 if look.is_large else 64, color=role.text),
            ft.Column(words, spacing=0, tight=True, expand=True),
        ],
        spacing=24 if look.is_large else 14,
    )


def word_size(word: str, look: Look) -> int:
    """As large as fits in one line, but never small: a long word rather takes two lines."""
    ems = sum(1.0 if ord(character) > 0x2E80 else 0.6 for character in word)
    if look.is_large:
        return int(max(64, min(96, WORD_WIDTH_LARGE / ems)))
    return int(max(38, min(60, WORD_WIDTH_SMALL / ems)))


def _piece(piece: PieceView, look: Look) -> list[ft.Control]:
    palette = look.palette
    opening = OPENINGS.get(piece.opening, piece.opening)
    if look.is_large:
        made_of = _joined(piece.model, piece.colour, piece.size_text, opening)
        return [
            ft.Text(piece_name(piece), size=34, weight=ft.FontWeight.W_600, color=palette.ink),
            ft.Text(made_of, size=26, color=palette.ink),
        ]
    return [
        ft.Text(_place(piece), size=24, weight=ft.FontWeight.W_600, color=palette.ink),
        ft.Text(piece.order_number, size=20, weight=ft.FontWeight.W_600, color=palette.ink),
        ft.Text(_joined(piece.model, piece.colour), size=18, color=palette.ink),
        ft.Text(_joined(piece.size_text, opening), size=18, color=palette.ink),
    ]


def _place(piece: PieceView) -> str:
    kind = KINDS.get(piece.kind, piece.kind)
    return _joined(piece.room, f"{kind} {piece.piece_number}/{piece.piece_count}")


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _feet(outcome: Outcome, role: RoleColours, look: Look) -> list[ft.Control]:
    """What to do next, on bands that are seen from afar."""
    bands: list[ft.Control] = []
    info = look.palette.info
    if outcome.next_operation_name is not None:
        station = f" {outcome.next_station_code}" if outcome.next_station_code else ""
        label = strings.NEXT_STATION if outcome.tone is not Tone.STOP else strings.ITS_STATION
        text = f"{look.say(label)}：{outcome.next_operation_name}{station}"
        bands.append(_band(ft.Icons.ARROW_FORWARD, text, info, look))
    if outcome.next_steps:
        text = " / ".join(look.say(strings.next_step(step)) for step in outcome.next_steps)
        bands.append(
            _band(ft.Icons.PAN_TOOL if outcome.tone is Tone.STOP else ft.Icons.ARROW_FORWARD, text, role, look)
        )
    return bands


def _band(icon: ft.IconData, text: str, role: RoleColours, look: Look) -> ft.Container:
    size = (24 if look.has_english else 30) if look.is_large else 21
    words = ft.Text(text, size=size, weight=ft.FontWeight.W_600, color=role.text, expand=True)
    row = ft.Row([ft.Icon(icon, color=role.text, size=size + 4), words], spacing=12)
    side = 20 if look.is_large else 12
    return ft.Container(
        row,
        bgcolor=look.palette.card,
        border_radius=theme.RADIUS,
        padding=ft.Padding(side, side * 0.7, side, side * 0.7),
    )
