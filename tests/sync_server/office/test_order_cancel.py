"""Cancelling an order: asked twice, with a reason that everybody can read afterwards."""

import re

from shared.schemas.commands import InspectionOutcome, RecordInspection
from shared.schemas.door import Door, Piece
from shared.schemas.order import Order
from tests.sync_server.office.conftest import Office, id_of


def pieces_of(office: Office, path: str) -> list[Piece]:
    doors = office.server.children(Door, id_of(path))
    return [piece for door in doors for piece in office.server.children(Piece, door.id)]


def state_of(office: Office, path: str) -> str:
    order = office.server.get(Order, id_of(path))
    assert isinstance(order, Order)
    return order.state


def test_a_released_order_is_cancelled_with_its_pieces_and_says_by_whom_and_why(office: Office) -> None:
    office.sign_in()
    path = office.released(**{"line-1-quantity": "2"})
    assert f'href="{path}/cancel"' in office.client.get(path).text
    asked = office.client.get(f"{path}/cancel").text
    assert "没做完的 4 件" in asked
    assert "不取消，返回" in asked
    assert state_of(office, path) == "released"
    shown = office.cancel(path, "客户退单").text
    assert "陈静 于 2026-11-18" in shown
    assert "取消：客户退单" in shown
    assert {piece.state for piece in pieces_of(office, path)} == {"cancelled"}
    assert f"{path}/cancel" not in shown
    assert "labels.pdf" not in shown
    assert "开料" not in shown  # nothing is next for a piece that nobody makes


def test_what_is_finished_stays(office: Office) -> None:
    office.sign_in()
    path = office.released()
    leaf, _frame = pieces_of(office, path)
    tablet = office.server.device()
    for number, station in ((10, "CUT"), (20, "PRESS")):
        tablet.scan(leaf, number, station=station)
    code = office.server.code_of(leaf)
    passed = RecordInspection(piece_id=leaf.id, label_code=code, operation_number=100, outcome=InspectionOutcome.PASS)
    tablet.record(passed, "周敏", "FQC")
    tablet.scan(leaf, 110, station="PACK")
    tablet.push()
    assert office.server.piece(leaf.id).state == "passed"
    asked = office.client.get(f"{path}/cancel").text
    assert "没做完的 1 件" in asked
    assert "做完的 1 件保留" in asked
    office.cancel(path, "客户退单")
    assert sorted(piece.state for piece in pieces_of(office, path)) == ["cancelled", "passed"]


def test_a_draft_can_be_cancelled_too(office: Office) -> None:
    office.sign_in()
    path = office.kept()
    assert f'href="{path}/cancel"' in office.client.get(path).text
    assert "还没有下达" in office.client.get(f"{path}/cancel").text
    shown = office.cancel(path, "重复下单").text
    assert "已取消" in shown
    assert "重复下单" in shown
    assert "还没有下达" not in shown


def test_a_form_that_nobody_has_kept_offers_nothing_to_cancel(office: Office) -> None:
    office.sign_in()
    assert "/cancel" not in office.client.get("/orders/new").text


def test_without_a_reason_nothing_is_cancelled(office: Office) -> None:
    office.sign_in()
    path = office.released()
    question = office.client.get(f"{path}/cancel").text
    assert not re.search(r"<input[^>]* required", question), "the browser would complain in its own language"
    answer = office.cancel(path, "  ")
    assert answer.status_code == 422
    assert "请写下原因" in answer.text
    assert state_of(office, path) == "released"


def test_sending_it_twice_cancels_once_and_asking_again_says_so(office: Office) -> None:
    office.sign_in()
    path = office.released()
    sent = office.hidden(f"{path}/cancel") | {"reason": "客户退单"}
    answers = [office.client.post(f"{path}/cancel", data=sent, follow_redirects=False) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert [event.kind for event in office.server.events(id_of(path))].count("order_cancelled") == 1
    again = office.client.get(f"{path}/cancel")
    assert again.status_code == 409
    assert "已经取消" in again.text
    late = office.client.post(f"{path}/cancel", data=sent | {"key": "another"})
    assert late.status_code == 409
    assert "订单已取消" in late.text


def test_a_clerk_is_not_offered_it_and_may_not(office: Office) -> None:
    office.sign_in("吴刚")
    path = office.kept()
    assert "/cancel" not in office.client.get(path).text
    assert office.client.get(f"{path}/cancel").status_code == 403
    assert state_of(office, path) == "draft"
