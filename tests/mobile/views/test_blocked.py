import flet as ft
import pytest

from mobile.theme import Look, palette_for
from mobile.views.blocked import REASONS, blocked_view


@pytest.mark.parametrize("code", [*REASONS, "from_the_future"])
def test_every_reason_says_what_happened_and_what_to_do(code: str) -> None:
    screen = blocked_view(code, Look(palette_for(is_dark=False)), lambda: None)
    column = screen.content
    assert isinstance(column, ft.Column)
    texts = [control.value for control in column.controls if isinstance(control, ft.Text)]
    what, remedy = REASONS.get(code, REASONS["no_opfs"])
    assert texts == [what.zh, what.en, remedy.zh, remedy.en]
