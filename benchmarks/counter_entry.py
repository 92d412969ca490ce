"""A bare Flet counter: the floor for every start-up time. It only adds the message that its first screen is there."""

import importlib
from typing import Any

import flet as ft


async def main(page: ft.Page) -> None:
    """A number and a button."""
    shown = ft.Text("0", size=40)

    def more() -> None:
        shown.value = str(int(shown.value) + 1)
        shown.update()

    page.add(shown, ft.Button("+", on_click=lambda _: more()))
    js: Any = importlib.import_module("js")
    js.BroadcastChannel.new("mumen-bench").postMessage(js.JSON.parse('{"kind": "ready"}'))


ft.run(main)
