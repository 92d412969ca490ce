"""The first screen of a new device: type the code that the office gave."""

from collections.abc import Callable

import flet as ft

from mobile import theme
from mobile.strings import enrol_problem
from mobile.views.components.page import bar, screen
from mobile.views.components.tile import tile
from shared.palette import Palette


def enrol_view(
    code: str, fault: str | None, palette: Palette, on_code: Callable[[str], None], *, is_busy: bool = False
) -> ft.Column:
    """One field, prefilled with `code`; a `fault` (a code) stands beneath it with what to do."""
    field = ft.TextField(
        value=code,
        label="登记码",
        text_size=28,
        autofocus=True,
        capitalization=ft.TextCapitalization.CHARACTERS,
        on_submit=lambda event: on_code(str(event.control.value)),
        color=palette.ink,
        border_color=palette.muted,
    )
    guide = ft.Text(
        "在办公室“设备”页生成二维码，用平板的相机扫一下；或者在这里输入登记码。", size=theme.BODY, color=palette.ink
    )
    controls: list[ft.Control] = [guide, field]
    if fault:
        words = ft.Text(enrol_problem(fault), size=theme.BODY, weight=ft.FontWeight.W_600, color=palette.stop.text)
        row = ft.Row([ft.Icon(ft.Icons.BLOCK, color=palette.stop.text), ft.Container(words, expand=True)], spacing=10)
        controls.append(ft.Container(row, bgcolor=palette.stop.ground, padding=14, border_radius=14))
    if is_busy:
        controls.append(ft.Text("正在登记，下载本厂资料…… Enrolling", size=theme.BODY, color=palette.info.text))
    controls.append(tile(ft.Icons.LOGIN, "登记 Enrol", palette, lambda: on_code(field.value), is_main=True))
    return screen(bar("登记这台设备 Enrol", "木门 Mumen", palette), controls, palette)
