"""What came before the last scan, newest first; a tap on a piece shows its label."""

from collections.abc import Callable, Sequence

import flet as ft

from mobile import strings, theme
from mobile.outcome import Recent, Tone
from mobile.sentences import brief
from mobile.theme import Look
from shared.words import Phrase

ICONS = {
    Tone.OK: ft.Icons.CHECK,
    Tone.WAIT: ft.Icons.HOURGLASS_TOP,
    Tone.STOP: ft.Icons.BLOCK,
    Tone.INFO: ft.Icons.HISTORY,
    Tone.REPEAT: ft.Icons.REPEAT,
}


class RecentList:
    """A short list; a new scan adds one row to it and leaves the others as they are."""

    def __init__(self, look: Look, clock: Callable[[int], str], on_label: Callable[[str], None]) -> None:
        """An empty list; `on_label` gets the id of the piece whose row was tapped."""
        self._look = look
        self._on_label = on_label
        self._clock = clock
        self._shown: list[tuple[int, str, bool]] = []
        self._rows = ft.Column(spacing=0, tight=True)
        heading = ft.Text(look.say(strings.RECENT), size=18, color=look.palette.muted)
        self.control = ft.Column([heading, self._rows], spacing=4, scroll=None, tight=True)

    @property
    def rows(self) -> ft.Column:
        """What `show` changes."""
        return self._rows

    def show(self, entries: Sequence[Recent]) -> bool:
        """Brings the rows up to date; whether any changed."""
        wanted = [(entry.at_us, entry.outcome.code, entry.outcome.is_synced) for entry in entries]
        if wanted == self._shown and self._rows.controls:
            return False
        known = dict(zip(self._shown, self._rows.controls, strict=False))
        rows = [known.pop(key, None) or self._row(entry) for key, entry in zip(wanted, entries, strict=True)]
        self._shown = wanted
        empty = ft.Text(self._look.say(strings.NOTHING_YET), size=18, color=self._look.palette.muted)
        self._rows.controls = [*rows] if rows else [empty]
        return True

    def _row(self, entry: Recent) -> ft.Container:
        palette, outcome = self._look.palette, entry.outcome
        role, piece = palette.roles[outcome.tone], outcome.piece
        title = self._look.say(strings.LABEL)
        if piece is not None:
            kind = strings.PIECE_KINDS.get(piece.kind, Phrase(piece.kind, ""))
            title = f"{piece.order_number[-4:]} {self._look.say(kind)} {piece.room}"
        said = self._look.say(brief(outcome))
        if not outcome.is_synced:
            said += f" · {self._look.say(strings.UNSENT)}"
        icon = ft.Container(
            ft.Icon(ICONS[outcome.tone], color=role.text, size=24),
            width=44,
            height=44,
            bgcolor=role.ground,
            border_radius=22,
            alignment=ft.Alignment(0, 0),
        )
        # Two languages rather take more lines than lose their end.
        is_long = self._look.has_english and not self._look.is_wide
        lines: list[ft.Control] = [
            _line(title, 19, palette.ink, 2 if is_long else 1, is_bold=True),
            _line(said, 16, palette.muted, 3 if is_long else 1),
        ]
        words = ft.Column(lines, spacing=0)
        words.expand = True
        at = ft.Text(self._clock(entry.at_us), size=theme.SMALL, color=palette.muted)
        parts: list[ft.Control] = [icon, words, at]
        row = ft.Container(
            ft.Row(parts, spacing=12),
            padding=ft.Padding(4, 8, 4, 8),
            border=ft.Border(bottom=ft.BorderSide(1, palette.line)),
        )
        if piece is not None and piece.piece_id:
            parts.append(ft.Icon(ft.Icons.LABEL_OUTLINE, size=24, color=palette.muted))
            row.ink, row.on_click = True, self._opener(piece.piece_id)
        return row

    def _opener(self, piece_id: str) -> Callable[[], None]:
        return lambda: self._on_label(piece_id)


def _line(text: str, size: int, colour: str, most: int, *, is_bold: bool = False) -> ft.Text:
    weight = ft.FontWeight.W_600 if is_bold else None
    return ft.Text(text, size=size, weight=weight, color=colour, max_lines=most, overflow=ft.TextOverflow.ELLIPSIS)
