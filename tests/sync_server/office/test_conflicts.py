"""The queue of what devices could not decide: everything is named, one button ends it, nothing is decided twice."""

import html
import re

import pytest

from shared.schemas.commands import InspectionOutcome, RecordInspection
from shared.schemas.door import OperationState, Piece
from shared.schemas.production import Strictness
from tests.sync_server.office.conftest import Office


def held(office: Office) -> Piece:
    """A piece that was pressed and not cut, at a press that is strict."""
    server = office.server
    server.system(server.factory.strict("PRESS", Strictness.ENFORCE))
    (leaf, *_), tablet = server.released(), server.device()
    tablet.scan(leaf, 20, station="PRESS", worker="李强")
    tablet.push()
    return leaf


def contradicted(office: Office) -> Piece:
    """A piece that one inspector passed and another failed."""
    server = office.server
    (leaf, *_), tablet = server.released(), server.device()
    tablet.scan(leaf, 10)
    tablet.scan(leaf, 20, station="PRESS")
    for outcome, who in ((InspectionOutcome.PASS, "周敏"), (InspectionOutcome.FAIL, "陈静")):
        reason = "" if outcome is InspectionOutcome.PASS else "划伤"
        code = server.code_of(leaf)
        inspected = RecordInspection(
            piece_id=leaf.id, label_code=code, operation_number=100, outcome=outcome, reason=reason
        )
        tablet.record(inspected, who, "FQC")
    tablet.push()
    return leaf


def decide(office: Office, choice: str, state: str = "open", note: str = "") -> int:
    """Presses this button of the first card on the page; the status of the answer."""
    text = office.client.get(f"/conflicts?state={state}").text
    card = text.partition('class="question"')[2].partition("</form>")[0]
    action = re.search(r'action="(/conflicts/[^"]+)"', text)
    assert action
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', card))
    sent = hidden | {"resolution": choice, "note": note}
    first = office.client.post(action[1], data=sent, follow_redirects=False)
    again = office.client.post(action[1], data=sent, follow_redirects=False)
    assert again.status_code == first.status_code, "the same form twice is one decision"
    return first.status_code


def said(text: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text)))


def test_a_scan_that_came_too_early_is_shown_with_what_it_waits_for_and_can_be_counted(office: Office) -> None:
    leaf = held(office)
    office.sign_in()
    assert "现在没有要决定的" in office.client.get("/conflicts").text
    text = said(office.client.get("/conflicts?state=waiting").text)
    for expected in ("“压贴”扫到了，前面的还没扫：开料。", "李强", "自动等到", f"{leaf.number}/{leaf.of}"):
        assert expected in text
    assert decide(office, "accept_gap", "waiting", note="组长看过实物") == 303
    states = {operation.number: operation.state for operation in office.server.piece(leaf.id).operations}
    assert states == {10: OperationState.INFERRED, 20: OperationState.COMPLETED}
    assert "算前面做过，已入账" in office.client.get("/conflicts?state=resolved").text
    assert "没有在等补扫的" in office.client.get("/conflicts?state=waiting").text


def test_a_piece_that_was_not_made_is_sent_back(office: Office) -> None:
    leaf = held(office)
    office.sign_in()
    assert decide(office, "send_back", "waiting") == 303
    assert office.server.piece(leaf.id).operations == []
    assert "退回补做" in office.client.get("/conflicts?state=resolved").text


@pytest.mark.parametrize(("choice", "holds"), [("accept_pass", 0), ("uphold", 1)])
def test_two_inspectors_who_disagree_are_named_and_a_leader_decides(office: Office, choice: str, holds: int) -> None:
    leaf = contradicted(office)
    office.sign_in()
    assert "1 件要您决定" in office.client.get("/").text
    text = said(office.client.get("/conflicts").text)
    assert "两个检验结果不一样：周敏 说合格，陈静 说不合格。" in text
    assert "原因：划伤" in text
    assert decide(office, choice) == 303
    assert len(office.server.piece(leaf.id).holds) == holds
    assert "要您决定</a>" not in office.client.get("/").text
    assert "陈静" in said(office.client.get("/conflicts?state=resolved").text)


def test_what_somebody_else_has_decided_meanwhile_stays_decided(office: Office) -> None:
    leaf = contradicted(office)
    office.sign_in()
    stale = office.client.get("/conflicts").text
    decide(office, "uphold")
    action = re.search(r'action="(/conflicts/[^"]+)"', stale)
    assert action
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', stale.partition('class="question"')[2]))
    answer = office.client.post(action[1], data=hidden | {"resolution": "accept_pass"})
    assert answer.status_code == 409
    assert "已由别人处理" in answer.text
    assert len(office.server.piece(leaf.id).holds) == 1


@pytest.mark.parametrize("choice", ["", "moot", "arrived", "nonsense"])
def test_only_what_the_buttons_offer_is_a_decision(office: Office, choice: str) -> None:
    contradicted(office)
    office.sign_in()
    assert decide(office, choice) in {409, 422}
    assert "1 件要您决定" in office.client.get("/").text
