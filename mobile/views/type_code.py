"""For a label that cannot be scanned: type what is printed under the QR."""

from collections.abc import Callable

import flet as ft

from mobile import theme
from mobile.views.components.page import bar, screen
from mobile.views.components.tile import tile
from shared.palette import Palette


def type_code_view(palette: Palette, on_code: Callable[[str], None], on_back: Callable[[], None]) -> ft.Column:
    """One field; small letters, blanks and O for 0 are understood."""
    field = ft.TextField(
        label="标签上的条码",
        hint_text="D1-XXXX-XXXX-XXXX-XX",
        text_size=28,
        autofocus=True,
        capitalization=ft.TextCapitalization.CHARACTERS,
        on_submit=lambda event: on_code(str(event.control.value)),
        border_color=palette.muted,
        color=palette.ink,
    )
    hint = ft.Text("大小写、空格、横线都可以；O 当作 0，I 和 L 当作 1。", size=theme.BODY, color=palette.muted)
    done = tile(ft.Icons.CHECK, "确定 OK", palette, lambda: on_code(field.value), is_main=True)
    return screen(bar("输入条码 Type the code", "印在二维码下面", palette), [field, hint, done], palette, on_back)
