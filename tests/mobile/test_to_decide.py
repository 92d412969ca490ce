"""What waits for a leader on a tablet: done there without a network too, and the server has the last word."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from mobile.outcome import OpenConflict, Outcome, Tone
from shared.label_code import CodeKind, make
from shared.schemas.commands import (
    AnswerVerdict,
    CloseCall,
    InspectionOutcome,
    PutMasterData,
    RecordInspection,
    ReportScan,
    ResolveConflict,
    VerdictAnswer,
)
from shared.schemas.door import Piece
from shared.schemas.people import Role
from shared.schemas.production import Strictness
from shared.schemas.quality import Conflict, ConflictState, LeaderCall, Resolution
from shared.schemas.sync import VerdictStatus
from sync_server.queries.calls import find_calls
from tests.simulation.world import Tablet, World, full_disk, run

LEADER, WORKER = "李强", "张伟"
UNKNOWN = make(CodeKind.PIECE, 1)


@dataclass
class Floor:
    """A leaf that was pressed and not cut, one that two inspectors disagree about, and a leader with a tablet."""

    world: World
    held: Piece
    contradicted: Piece
    tablet: Tablet

    @property
    def cards(self) -> Sequence[OpenConflict]:
        return self.tablet.engine.to_decide().conflicts

    def decide(self, piece: Piece, resolution: Resolution) -> Outcome:
        (card,) = [one.card for one in self.cards if one.card.piece.id == piece.id]
        return self.tablet.engine.decide_conflict(card.conflict.id, resolution)

    def sync(self) -> None:
        run(self.tablet.engine.sync_once())

    def conflict(self, piece: Piece) -> Conflict:
        (found,) = self.world.server.children(Conflict, piece.id)
        return found


@pytest.fixture
def floor(world: World) -> Floor:
    server = world.server
    leader = server.factory.people[LEADER].model_copy(update={"roles": [Role.TEAM_LEADER]})
    pin = {"pin": world.tablet().engine.people.workers()[0].pin}
    server.system(PutMasterData(people=[leader.model_copy(update=pin)]))
    server.system(server.factory.strict("PRESS", Strictness.ENFORCE))
    held, contradicted, *_ = server.released()
    sender = server.device("另一台平板")
    sender.scan(contradicted, 10)
    sender.scan(contradicted, 20, station="PRESS")
    for outcome, who in ((InspectionOutcome.PASS, "周敏"), (InspectionOutcome.FAIL, "陈静")):
        code = server.code_of(contradicted)
        inspected = RecordInspection(
            piece_id=contradicted.id, label_code=code, operation_number=100, outcome=outcome, reason="划伤"
        )
        sender.record(inspected, who, "FQC")
    world.clock.now += 1_000_000
    sender.scan(held, 20, station="PRESS")
    sender.push()
    tablet = world.tablet()
    tablet.work_at("CUT", LEADER)
    return Floor(world, held, contradicted, tablet)


def said(card: OpenConflict) -> tuple[str, Resolution | None, bool]:
    return card.card.conflict.state, card.decided, card.is_sent


class TestCards:
    def test_are_shown_to_a_leader_in_the_words_of_the_office(self, floor: Floor) -> None:
        first, second = floor.cards
        assert first.card.said.zh == (
            "“成品检验”两个检验结果不一样：周敏 说合格，陈静 说不合格。现在按不合格暂停。原因：划伤"
        )
        assert second.card.said.zh == "“压贴”扫到了，前面的还没扫：开料。"
        assert [card.card.choices for card in (first, second)] == [
            (Resolution.ACCEPT_PASS, Resolution.UPHOLD),
            (Resolution.ACCEPT_GAP, Resolution.SEND_BACK),
        ]
        assert (second.card.people, second.card.station and second.card.station.zh) == (("张伟",), "压贴")

    def test_are_shown_to_nobody_else(self, floor: Floor) -> None:
        floor.tablet.engine.people.sign_out()
        assert not floor.tablet.engine.to_decide()
        floor.tablet.sign_in(WORKER)
        assert not floor.tablet.engine.to_decide()

    def test_of_what_has_resolved_itself_are_gone(self, floor: Floor) -> None:
        late = floor.world.server.device("迟到的平板")
        late.scan(floor.held, 10)
        late.push()
        assert len(floor.cards) == 2
        floor.sync()
        assert [card.card.piece.id for card in floor.cards] == [floor.contradicted.id]


class TestDecideConflict:
    def test_is_kept_without_a_network_and_done_when_the_server_hears_of_it(self, floor: Floor) -> None:
        floor.tablet.platform.network.is_up = False
        outcome = floor.decide(floor.held, Resolution.ACCEPT_GAP)
        assert (outcome.tone, outcome.code, outcome.is_recorded, outcome.is_synced) == (Tone.OK, "decided", True, False)
        assert outcome.piece is not None
        assert outcome.piece.piece_id == floor.held.id
        floor.tablet.restart()
        floor.tablet.sign_in(LEADER)
        assert [said(card) for card in floor.cards] == [
            ("open", None, False),
            ("waiting", Resolution.ACCEPT_GAP, False),
        ]
        assert floor.tablet.engine.waiting().effects == 1
        floor.tablet.platform.network.is_up = True
        floor.sync()
        assert [card.card.piece.id for card in floor.cards] == [floor.contradicted.id]
        after = floor.conflict(floor.held)
        assert (after.state, after.resolution) == (ConflictState.RESOLVED, Resolution.ACCEPT_GAP)
        assert after.resolved_by == floor.world.server.factory.people[LEADER].id
        assert floor.tablet.engine.verdicts.unseen == []
        assert floor.tablet.engine.verdicts.recent(1)[0].outcome.is_synced

    def test_lifts_the_hold_on_this_device_at_once(self, floor: Floor) -> None:
        floor.tablet.platform.network.is_up = False
        packed = next(s for s in floor.tablet.engine.stations() if s.code == "S-PACK")
        floor.tablet.engine.pick_station(packed.id)
        code = floor.world.server.code_of(floor.contradicted)
        assert floor.tablet.engine.on_code(code).code == "piece_on_hold"
        floor.decide(floor.contradicted, Resolution.ACCEPT_PASS)
        assert floor.tablet.engine.on_code(code).code == "completed"

    def test_that_comes_after_somebody_elses_is_an_ordinary_piece_of_news(self, floor: Floor) -> None:
        conflict = floor.conflict(floor.held)
        command = ResolveConflict(conflict_id=conflict.id, resolution=Resolution.SEND_BACK)
        floor.decide(floor.held, Resolution.ACCEPT_GAP)
        assert floor.world.server.office(command).status is VerdictStatus.OK
        floor.sync()
        (news,) = floor.tablet.engine.verdicts.unseen
        assert (news.tone, news.code, news.facts["worker_name"]) == (Tone.STOP, "conflict_resolved", "陈静")
        assert news.next_steps == ("carry_on",)
        assert [card.card.piece.id for card in floor.cards] == [floor.contradicted.id]
        assert news.entry is not None
        floor.tablet.engine.verdicts.answer(*news.entry, VerdictAnswer.CALL_LEADER)
        floor.sync()
        (call,) = floor.world.server.children(LeaderCall, floor.held.id)
        assert call.code == "conflict_resolved"

    def test_twice_on_one_device_is_refused_there(self, floor: Floor) -> None:
        floor.tablet.platform.network.is_up = False
        conflict_id = floor.conflict(floor.held).id
        floor.decide(floor.held, Resolution.ACCEPT_GAP)
        assert floor.tablet.engine.decide_conflict(conflict_id, Resolution.SEND_BACK).code == "conflict_resolved"
        assert said(floor.cards[1])[1] is Resolution.ACCEPT_GAP

    def test_that_finds_no_room_is_not_shown_as_decided(self, floor: Floor) -> None:
        with full_disk(floor.tablet):
            outcome = floor.decide(floor.held, Resolution.ACCEPT_GAP)
        assert (outcome.tone, outcome.code, outcome.is_recorded) == (Tone.STOP, "storage_full", False)
        assert [card.decided for card in floor.cards] == [None, None]

    def test_is_shown_as_sent_until_the_servers_row_has_come(
        self, floor: Floor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        floor.decide(floor.held, Resolution.ACCEPT_GAP)
        network = floor.tablet.platform.network
        send = network.request

        def lose_pulls(method: str, url: str, body: bytes, headers: dict[str, str]) -> object:
            network.is_up = not url.endswith("/pull")
            return send(method, url, body, headers)

        monkeypatch.setitem(network.__dict__, "request", lose_pulls)
        floor.sync()
        assert said(floor.cards[1]) == ("waiting", Resolution.ACCEPT_GAP, True)


class TestCloseCall:
    @pytest.fixture
    def calls(self, floor: Floor) -> Floor:
        """One about a piece, and one about a label that nobody knows."""
        tablet = floor.world.server.device("包装平板")
        for label, piece_id in ((floor.world.server.code_of(floor.held), floor.held.id), (UNKNOWN, None)):
            n = tablet.record(ReportScan(label_code=label), station="PACK")
            answer = AnswerVerdict(
                incarnation="i1", answered_n=n, answer=VerdictAnswer.CALL_LEADER, piece_id=piece_id,
                label_code=label, code="label_unknown",
            )  # fmt: skip
            tablet.record(answer, station="PACK")
            floor.world.clock.now += 1_000_000
        tablet.push()
        floor.sync()
        return floor

    def test_is_kept_without_a_network_and_done_when_the_server_hears_of_it(self, calls: Floor) -> None:
        engine = calls.tablet.engine
        about_piece, about_label = engine.to_decide().calls
        assert (about_piece.card.piece and about_piece.card.piece.id, about_label.card.piece) == (calls.held.id, None)
        assert about_piece.card.said.zh == "张伟 叫组长：不认识这张标签"
        calls.tablet.platform.network.is_up = False
        for one in (about_piece, about_label):
            outcome = engine.close_call(one.card.call.id)
            assert (outcome.tone, outcome.code, outcome.is_recorded) == (Tone.OK, "call_closed", True)
        calls.tablet.restart()
        calls.tablet.sign_in(LEADER)
        open_calls = calls.tablet.engine.to_decide().calls
        assert [(one.is_done, one.is_sent) for one in open_calls] == [(True, False)] * 2
        calls.tablet.platform.network.is_up = True
        calls.sync()
        assert calls.tablet.engine.to_decide().calls == []
        assert calls.world.server.database.read(find_calls) == []
        assert calls.tablet.engine.verdicts.unseen == []

    def test_that_finds_no_room_is_not_shown_as_done(self, calls: Floor) -> None:
        engine = calls.tablet.engine
        with full_disk(calls.tablet):
            assert engine.close_call(engine.to_decide().calls[0].card.call.id).code == "storage_full"
        assert [one.is_done for one in engine.to_decide().calls] == [False, False]

    def test_after_somebody_else_is_no_news(self, calls: Floor) -> None:
        engine = calls.tablet.engine
        call_id = engine.to_decide().calls[0].card.call.id
        assert calls.world.server.office(CloseCall(call_id=call_id)).status is VerdictStatus.OK
        engine.close_call(call_id)
        calls.sync()
        assert engine.verdicts.unseen == []
        assert engine.verdicts.recent(1)[0].outcome.code == "already"
        assert len(engine.to_decide().calls) == 1
