"""How this device is doing: what waits, since when, and what can be done about it."""

from collections.abc import Callable

import flet as ft

from mobile import theme
from mobile.outcome import SyncState, Waiting
from mobile.strings import problem
from mobile.views.components.page import bar, screen
from mobile.views.components.tile import grid, tile
from shared.palette import Palette


def status_view(
    device_name: str,
    waiting: Waiting,
    state: SyncState,
    clock: Callable[[int], str],
    palette: Palette,
    *,
    is_kept: bool,
    on_export: Callable[[], None],
    on_station: Callable[[], None],
    on_back: Callable[[], None],
) -> ft.Column:
    """Facts first, then the few things one can do."""
    facts = [
        ("网络 Network", "在线" if state.is_online else "离线 · 照常扫码，联网后自动上传"),
        ("待传 Waiting", f"{waiting.effects} 条" + (f"，重复 {waiting.repeats} 条" if waiting.repeats else "")),
        ("最早一条 Oldest", clock(waiting.oldest_us) if waiting.oldest_us else "—"),
        ("上次联网 Last contact", clock(state.last_contact_us) if state.last_contact_us else "还没有"),
        ("存储 Storage", "已固定，不会被清理" if is_kept else "未固定：请把应用安装到桌面"),
    ]
    if state.problem:
        facts.insert(0, ("问题 Problem", problem(state.problem)))
    rows: list[ft.Control] = [_fact(name, value, palette) for name, value in facts]
    actions = grid(
        [
            tile(ft.Icons.SAVE_ALT, "导出未上传的记录", palette, on_export, under="交给办公室导入 Export"),
            tile(ft.Icons.SWAP_HORIZ, "换工位", palette, on_station, under="Change station"),
        ]
    )
    top = bar("设备状态 Status", device_name, palette)
    return screen(top, [ft.Column(rows, spacing=0), actions], palette, on_back)


def _fact(name: str, value: str, palette: Palette) -> ft.Container:
    row = ft.Row(
        [
            ft.Text(name, size=18, color=palette.muted, width=220),
            ft.Text(value, size=theme.BODY, weight=ft.FontWeight.W_600, color=palette.ink),
        ],
        wrap=True,
    )
    return ft.Container(row, padding=ft.Padding(4, 10, 4, 10), border=ft.Border(bottom=ft.BorderSide(1, palette.line)))
