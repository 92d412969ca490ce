import flet as ft

from mobile.theme import palette_for
from mobile.views.enrol import enrol_view


def _controls(fault: str | None) -> list[ft.Control]:
    column = enrol_view("AB12", fault, palette_for(is_dark=False), lambda _: None).content
    assert isinstance(column, ft.Column)
    return column.controls


def test_the_code_of_the_address_is_prefilled() -> None:
    assert [control.value for control in _controls(None) if isinstance(control, ft.TextField)] == ["AB12"]


def test_a_fault_says_what_to_do() -> None:
    texts = [control.value for control in _controls("enrolment_expired") if isinstance(control, ft.Text)]
    assert texts[-1] == "登记码已过期 · 向办公室要新码"
