"""The screen that stands in the way when the app cannot store what people do: it says why and what to do."""

from collections.abc import Callable

import flet as ft

from mobile import theme
from mobile.strings import RETRY, TAKE_OVER, Phrase
from mobile.theme import Look
from mobile.views.components.tile import tile

REASONS: dict[str, tuple[Phrase, Phrase]] = {
    "no_opfs": (
        Phrase("这个浏览器不能存数据", "This browser cannot store data"),
        Phrase("请用新版 Chrome 打开，不要用无痕窗口", "Use a current Chrome, not a private window"),
    ),
    "other_tab": (
        Phrase("另一个窗口正在使用", "Open in another tab"),
        Phrase("关掉另一个窗口，或改在这里用", "Close the other tab, or use this one"),
    ),
    "lost": (
        Phrase("已改在另一个窗口使用", "Now used in another tab"),
        Phrase("要在这里继续，点下面的按钮", "To go on here, press the button"),
    ),
    "newer_store": (
        Phrase("这里的数据来自更新的版本", "The data here is from a newer version"),
        Phrase("请联网后刷新页面，更新应用", "Connect, then reload to update the app"),
    ),
    "quota": (
        Phrase("存储空间已满", "Storage is full"),
        Phrase("先连网上传，再找组长清理空间", "Connect to upload, then ask the leader to free space"),
    ),
}


def blocked_view(code: str, look: Look, on_retry: Callable[[], None]) -> ft.Container:
    """Why the app cannot open (a `StorageUnavailable` code), and one button: take over, or try again."""
    what, remedy = REASONS.get(code, REASONS["no_opfs"])
    label = TAKE_OVER if code in {"other_tab", "lost"} else RETRY
    palette, role = look.palette, look.palette.stop
    lines = ft.Column(
        [
            ft.Row([ft.Icon(ft.Icons.BLOCK, size=96 if look.is_wide else 72, color=role.text)]),
            ft.Text(what.zh, size=48 if look.is_wide else 34, weight=ft.FontWeight.W_600, color=role.text),
            ft.Text(what.en, size=theme.BODY, color=role.text),
            ft.Text(remedy.zh, size=theme.TITLE, weight=ft.FontWeight.W_600, color=palette.ink),
            ft.Text(remedy.en, size=theme.BODY, color=palette.ink),
            tile(ft.Icons.REFRESH, f"{label.zh} {label.en}", look, on_retry, is_main=True),
        ],
        spacing=12,
        scroll=ft.ScrollMode.AUTO,
        width=640 if look.is_wide else None,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.Container(lines, bgcolor=role.ground, padding=24, expand=True, alignment=ft.Alignment(0, -0.4))
