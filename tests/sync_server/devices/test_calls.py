"""A call for a leader: from the tablet where somebody is stuck to every tablet of the floor, and off again."""

import json

from shared.schemas.commands import AnswerVerdict, CloseCall, PutMasterData, ReportScan, VerdictAnswer
from shared.schemas.people import Role
from shared.schemas.quality import LeaderCall
from shared.schemas.sync import Cursor, FeedRow, RowOp, VerdictStatus
from tests.sync_server.server import Server, TabletSender

LEADER = "李强"


def called(server: Server) -> tuple[TabletSender, LeaderCall]:
    leaf, tablet = server.released()[0], server.device("包装平板")
    n = tablet.record(ReportScan(label_code=server.code_of(leaf)), station="PACK")
    answer = VerdictAnswer.CALL_LEADER
    tablet.record(
        AnswerVerdict(incarnation="i1", answered_n=n, answer=answer, piece_id=leaf.id, code="not_at_this_station"),
        station="PACK",
    )
    assert tablet.statuses() == [VerdictStatus.REJECTED, VerdictStatus.OK]
    (call,) = server.children(LeaderCall, leaf.id)
    return tablet, call


def on_the_floor(server: Server, after: Cursor | None = None) -> list[FeedRow]:
    page = server.page(f"floor:{server.factory.site.id}", after)
    return [row for row in page.rows if row.entity == "leader_call"]


def test_it_travels_to_every_tablet_of_the_floor(server: Server) -> None:
    _, call = called(server)
    (row,) = on_the_floor(server)
    assert (row.op, row.id) == (RowOp.PUT, call.id)
    body = json.loads(row.body)
    assert (body["called_by"], body["code"]) == (server.factory.people["张伟"].id, "not_at_this_station")
    assert "site_id" not in body


def test_a_leader_closes_it_on_a_tablet_and_it_leaves_the_floor(server: Server) -> None:
    leader = server.factory.people[LEADER].model_copy(update={"roles": [Role.TEAM_LEADER]})
    server.system(PutMasterData(people=[leader]))
    tablet, call = called(server)
    before = server.page(f"floor:{server.factory.site.id}").next
    tablet.record(CloseCall(call_id=call.id))
    assert tablet.push(3).verdicts[0].code == "not_permitted"
    for name, status in (("组长平板", VerdictStatus.OK), ("另一台", VerdictStatus.OK_ALREADY)):
        leaders = server.device(name)
        leaders.record(CloseCall(call_id=call.id), LEADER)
        (verdict,) = leaders.push().verdicts
        assert verdict.status is status
    assert verdict.facts == {"worker_id": leader.id, "event_time_us": server.factory.clock.now}
    (row,) = on_the_floor(server, before)
    assert (row.op, row.id) == (RowOp.REMOVE, call.id)


def test_an_answer_that_is_sent_again_calls_once(server: Server) -> None:
    tablet, call = called(server)
    tablet.push()
    assert server.children(LeaderCall, call.piece_id) == [call]
