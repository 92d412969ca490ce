"""The answer to a scan, as large as the screen allows: a word, an icon, the piece, and what comes next."""

import flet as ft

from mobile import theme
from mobile.outcome import Outcome, PieceView, Tone
from mobile.strings import KINDS, OPENINGS, detail, next_step, verdict
from shared.palette import Palette

ICONS = {
    Tone.OK: ft.Icons.CHECK_CIRCLE,
    Tone.WAIT: ft.Icons.HOURGLASS_TOP,
    Tone.STOP: ft.Icons.BLOCK,
    Tone.INFO: ft.Icons.REPEAT,
}


def piece_name(piece: PieceView) -> str:
    """`MD-0007 · 主卧 · 门扇 1/4`."""
    kind = KINDS.get(piece.kind, piece.kind)
    return " · ".join(
        part for part in (piece.order_number, piece.room, f"{kind} {piece.piece_number}/{piece.piece_count}") if part
    )


def verdict_view(outcome: Outcome, when: str, palette: Palette, *, is_wide: bool) -> ft.Container:
    """One outcome; `when` is the time of the first scan, where that is what it tells."""
    role = palette.roles[outcome.tone]
    phrase = verdict(outcome.code)
    size = theme.VERDICT if is_wide else 44
    head = ft.Row(
        [
            ft.Icon(ICONS[outcome.tone], size=theme.VERDICT_ICON if is_wide else 64, color=role.text),
            ft.Column(
                [
                    ft.Text(
                        phrase.zh,
                        size=size if len(phrase.zh) < 7 else size * 0.7,
                        weight=ft.FontWeight.W_600,
                        color=role.text,
                    ),
                    ft.Text(f"{phrase.en} · {_where(outcome)}", size=18, color=role.text),
                ],
                spacing=0,
                expand=True,
            ),
        ],
        spacing=20,
    )
    lines: list[ft.Control] = [head]
    if outcome.piece is not None:
        lines.append(
            ft.Text(
                piece_name(outcome.piece), size=26 if is_wide else 20, weight=ft.FontWeight.W_600, color=palette.ink
            )
        )
        lines.append(ft.Text(_made_of(outcome.piece), size=22 if is_wide else 18, color=palette.ink))
    lines += [ft.Text(line, size=22 if is_wide else 18, color=palette.ink) for line in detail(outcome, when)]
    if outcome.next_operation_name is not None:
        lines.append(_next(outcome, palette, is_wide=is_wide))
    if outcome.next_steps:
        steps = " / ".join(next_step(step).zh for step in outcome.next_steps)
        lines.append(ft.Text(f"→ {steps}", size=24 if is_wide else 20, weight=ft.FontWeight.W_600, color=role.text))
    return ft.Container(
        ft.Column(lines, spacing=10, scroll=ft.ScrollMode.AUTO),
        bgcolor=role.ground,
        border_radius=24,
        border=ft.Border.all(3, role.text),
        padding=28 if is_wide else 18,
        expand=is_wide,
    )


def ready_view(station_name: str, palette: Palette, *, is_wide: bool) -> ft.Container:
    """Nothing scanned yet: say what to do."""
    return ft.Container(
        ft.Column(
            [
                ft.Icon(ft.Icons.QR_CODE_SCANNER, size=theme.VERDICT_ICON if is_wide else 64, color=palette.muted),
                ft.Text(
                    "请扫标签", size=theme.VERDICT if is_wide else 44, weight=ft.FontWeight.W_600, color=palette.ink
                ),
                ft.Text(f"{station_name} · Scan a label", size=20, color=palette.muted),
            ],
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
            alignment=ft.MainAxisAlignment.CENTER,
        ),
        bgcolor=palette.card,
        border_radius=24,
        border=ft.Border.all(2, palette.line),
        padding=28,
        expand=is_wide,
        alignment=ft.Alignment(0, 0),
    )


def _where(outcome: Outcome) -> str:
    if outcome.is_synced:
        return "已入账"
    if outcome.is_recorded:
        return "本机已记录 · 待传"
    return "未记录" if outcome.ask is None else "等结果"


def _made_of(piece: PieceView) -> str:
    opening = OPENINGS.get(piece.opening, piece.opening)
    return " · ".join(part for part in (piece.model, piece.colour, piece.size_text, opening) if part)


def _next(outcome: Outcome, palette: Palette, *, is_wide: bool) -> ft.Row:
    station = f" {outcome.next_station_code}" if outcome.next_station_code else ""
    words = ft.Text(
        f"下一站：{outcome.next_operation_name}{station}",
        size=24 if is_wide else 20,
        weight=ft.FontWeight.W_600,
        color=palette.info.text,
    )
    return ft.Row([ft.Icon(ft.Icons.ARROW_FORWARD, color=palette.info.text), words], spacing=8)
