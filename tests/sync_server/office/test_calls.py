"""Who calls for a leader stands in the queue until somebody has seen to it, and in the piece's history for ever."""

import re

import pytest

from shared.label_code import CodeKind, make
from shared.schemas.commands import AnswerVerdict, ReportScan, ResolveConflict, VerdictAnswer
from shared.schemas.door import Piece
from shared.schemas.production import Strictness
from shared.schemas.quality import Conflict, Resolution
from shared.schemas.sync import VerdictStatus
from tests.sync_server.office.conftest import Office
from tests.sync_server.office.test_conflicts import said
from tests.sync_server.office.test_pieces import history_of
from tests.sync_server.server import TabletSender

UNKNOWN = make(CodeKind.PIECE, 1)


def answered(office: Office, answer: VerdictAnswer) -> tuple[Piece, TabletSender]:
    """A leaf that was scanned at the wrong station, and what the worker there does about it."""
    leaf, tablet = office.server.released()[0], office.server.device("包装平板")
    n = tablet.record(ReportScan(label_code=office.server.code_of(leaf)), "李强", "PACK")
    command = AnswerVerdict(incarnation="i1", answered_n=n, answer=answer, piece_id=leaf.id, code="not_at_this_station")
    office.server.factory.clock.now += 1_000_000
    tablet.record(command, "李强", "PACK")
    assert tablet.statuses() == [VerdictStatus.REJECTED, VerdictStatus.OK]
    return leaf, tablet


def close(office: Office) -> int:
    """Presses the button of the first call, twice."""
    text = office.client.get("/conflicts").text
    action = re.search(r'action="(/calls/[^"]+)"', text)
    assert action
    form = text.partition(action[0])[2].partition("</form>")[0]
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    first = office.client.post(action[1], data=sent, follow_redirects=False)
    assert office.client.post(action[1], data=sent, follow_redirects=False).status_code == first.status_code
    return first.status_code


def test_a_call_waits_in_the_queue_until_somebody_has_seen_to_it(office: Office) -> None:
    leaf, _ = answered(office, VerdictAnswer.CALL_LEADER)
    office.sign_in()
    assert "1 次叫组长，等人处理" in office.client.get("/").text
    text = said(office.client.get("/conflicts").text)
    for expected in ("李强 叫组长：不在本工位做", "包装", f" {leaf.number}/{leaf.of}", "2026-11-18", "要您决定 1"):
        assert expected in text
    assert "现在没有要决定的" not in text
    office.server.factory.clock.now += 1_000_000
    assert close(office) == 303
    assert "现在没有要决定的" in office.client.get("/conflicts").text
    assert "次叫组长" not in office.client.get("/").text
    rows = history_of(office, leaf)
    assert ["看了结果：叫组长" in rows[1], "李强" in rows[1], "包装平板" in rows[1]] == [True] * 3
    assert ["叫组长：处理好了" in rows[2], "陈静" in rows[2]] == [True] * 2


@pytest.mark.parametrize(("answer", "word"), [(VerdictAnswer.UNDERSTOOD, "知道了"), (VerdictAnswer.REDO, "重新做")])
def test_any_other_answer_stands_in_the_history_only(office: Office, answer: VerdictAnswer, word: str) -> None:
    leaf, _ = answered(office, answer)
    office.sign_in()
    assert f"看了结果：{word}" in history_of(office, leaf)[1]
    assert "现在没有要决定的" in office.client.get("/conflicts").text


def test_a_label_that_nobody_knows_can_be_called_about(office: Office) -> None:
    tablet = office.server.device()
    n = tablet.record(ReportScan(label_code=UNKNOWN))
    tablet.record(
        AnswerVerdict(
            incarnation="i1", answered_n=n, answer=VerdictAnswer.CALL_LEADER, label_code=UNKNOWN, code="label_unknown"
        )
    )
    assert tablet.statuses() == [VerdictStatus.REJECTED, VerdictStatus.OK]
    office.sign_in()
    text = said(office.client.get("/conflicts").text)
    assert "张伟 叫组长：不认识这张标签" in text
    assert UNKNOWN in text
    assert close(office) == 303


@pytest.mark.parametrize("is_decided_first", [False, True])
def test_a_call_about_a_scan_that_waits_ends_with_it(office: Office, *, is_decided_first: bool) -> None:
    server = office.server
    server.system(server.factory.strict("PRESS", Strictness.ENFORCE))
    (leaf, *_), tablet = server.released(), server.device()
    n = tablet.scan(leaf, 20, station="PRESS")
    tablet.push()
    (conflict,) = server.children(Conflict, leaf.id)
    command = AnswerVerdict(
        incarnation="i1", answered_n=n, answer=VerdictAnswer.CALL_LEADER, piece_id=leaf.id,
        code="earlier_operation_missing",
    )  # fmt: skip
    decision = ResolveConflict(conflict_id=conflict.id, resolution=Resolution.SEND_BACK)
    office.sign_in()
    tablet.record(command, station="PRESS")
    if is_decided_first:
        server.office(decision)
        tablet.push(n + 1)
    else:
        tablet.push(n + 1)
        assert "叫组长：上站未扫" in said(office.client.get("/conflicts").text)
        server.office(decision)
    assert "现在没有要决定的" in office.client.get("/conflicts").text
