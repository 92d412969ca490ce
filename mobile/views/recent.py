"""What came before the last scan, newest first."""

from collections.abc import Callable, Sequence

import flet as ft

from mobile.outcome import Recent
from mobile.strings import KINDS, verdict
from mobile.views.verdict import ICONS
from shared.palette import Palette


def recent_view(
    entries: Sequence[Recent], clock: Callable[[int], str], palette: Palette, width: int | None
) -> ft.Container:
    """A short list; each entry has icon, words and time."""
    rows: list[ft.Control] = [ft.Text("最近 Recent", size=18, color=palette.muted)]
    if not entries:
        rows.append(ft.Text("还没有扫码", size=18, color=palette.muted))
    rows += [_row(entry, clock(entry.at_us), palette) for entry in entries]
    return ft.Container(ft.Column(rows, spacing=2, scroll=ft.ScrollMode.AUTO), padding=8, width=width)


def _row(entry: Recent, at: str, palette: Palette) -> ft.Container:
    role, piece = palette.roles[entry.outcome.tone], entry.outcome.piece
    title = f"{piece.order_number[-4:]} {KINDS.get(piece.kind, piece.kind)} {piece.room}" if piece else "标签"
    said = verdict(entry.outcome.code).zh + ("" if entry.outcome.is_synced else " · 待传")
    icon = ft.Container(
        ft.Icon(ICONS[entry.outcome.tone], color=role.text, size=24),
        width=44,
        height=44,
        bgcolor=role.ground,
        border_radius=22,
        alignment=ft.Alignment(0, 0),
    )
    words = ft.Column(
        [
            ft.Text(title, size=18, weight=ft.FontWeight.W_600, color=palette.ink),
            ft.Text(said, size=16, color=palette.muted),
        ],
        spacing=0,
        expand=True,
    )
    row = ft.Row([icon, words, ft.Text(at, size=16, color=palette.muted)], spacing=12)
    return ft.Container(row, padding=ft.Padding(4, 6, 4, 6), border=ft.Border(bottom=ft.BorderSide(1, palette.line)))
