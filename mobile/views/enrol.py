"""The first screen of a new device: type the code that the office gave."""

from collections.abc import Callable

import flet as ft

from mobile import theme
from mobile.strings import next_step, verdict
from shared.palette import Palette


def enrol_view(code: str, fault: str | None, palette: Palette, on_code: Callable[[str], None]) -> ft.Container:
    """One field, prefilled with `code`; a `fault` (a refusal's code) stands beneath it with what to do."""
    field = ft.TextField(value=code, label="登记码 Code", text_size=theme.TITLE, autofocus=True)
    controls: list[ft.Control] = [
        ft.Text("登记这台设备", size=40, weight=ft.FontWeight.W_600, color=palette.ink),
        ft.Text("输入办公室给的登记码 Type the office's code", size=theme.BODY, color=palette.muted),
        field,
    ]
    if fault:
        sentence = f"{verdict(fault).zh} · {next_step('new_code_from_office').zh}"
        controls.append(ft.Text(sentence, size=theme.BODY, color=palette.stop.text))
    controls.append(ft.Button("登记 Enrol", height=theme.TARGET, on_click=lambda _: on_code(field.value.strip())))
    return ft.Container(
        ft.Column(controls, spacing=16, scroll=ft.ScrollMode.AUTO), bgcolor=palette.paper, padding=24, expand=True
    )
