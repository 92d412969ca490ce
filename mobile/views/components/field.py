"""One large field for a code."""

from collections.abc import Callable

import flet as ft

from mobile import theme
from mobile.strings import Phrase
from mobile.theme import Look


def field(
    label: Phrase,
    look: Look,
    on_submit: Callable[[str], None],
    on_change: Callable[[str], None],
    *,
    hint: str = "",
    value: str = "",
    is_own_keys: bool = False,
) -> ft.TextField:
    """Capitals, and large enough to compare with paper character by character; `on_change` gets every new text.

    `is_own_keys`: the screen has keys itself; a keyboard types at once, and the system's does not come up.
    """
    palette = look.palette
    return ft.TextField(
        value=value,
        label=look.say(label),
        hint_text=hint,
        text_size=28 if look.is_wide else 22,
        autofocus=is_own_keys,
        keyboard_type=ft.KeyboardType.NONE if is_own_keys else ft.KeyboardType.TEXT,
        autocorrect=False,
        enable_suggestions=False,
        capitalization=ft.TextCapitalization.CHARACTERS,
        on_submit=lambda event: on_submit(event.control.value),
        on_change=lambda event: on_change(event.control.value),
        color=palette.ink,
        bgcolor=palette.card,
        cursor_color=palette.ink,
        border_color=palette.muted,
        focused_border_color=palette.info.text,
        border_radius=theme.RADIUS,
        label_style=ft.TextStyle(color=palette.muted, size=theme.BODY),
        hint_style=ft.TextStyle(color=palette.muted),
        content_padding=ft.Padding(20, 12, 20, 12) if is_own_keys and not look.is_wide else ft.Padding(20, 22, 20, 22),
    )
