"""A leader decides conflicts on a tablet: what the office can do there, in the leader's name, whenever it arrives."""

import pytest

from shared.schemas.commands import InspectionOutcome, PutMasterData, RecordInspection, ResolveConflict
from shared.schemas.door import OperationState, Piece
from shared.schemas.people import Role
from shared.schemas.production import Strictness
from shared.schemas.quality import Conflict, ConflictState, Resolution
from shared.schemas.sync import VerdictRow, VerdictStatus
from tests.sync_server.server import Server, TabletSender

LEADER = "李强"


@pytest.fixture(autouse=True)
def _leader(server: Server) -> None:
    leader = server.factory.people[LEADER].model_copy(update={"roles": [Role.TEAM_LEADER]})
    server.system(PutMasterData(people=[leader]))
    server.system(server.factory.strict("PRESS", Strictness.ENFORCE))


def held(server: Server) -> tuple[Piece, TabletSender, Conflict]:
    """A leaf that was pressed and not cut, and the tablet that said so."""
    (leaf, *_), tablet = server.released(), server.device("压贴平板")
    tablet.scan(leaf, 20, station="PRESS")
    assert tablet.statuses() == [VerdictStatus.HELD]
    return leaf, tablet, card(server, leaf)


def contradicted(server: Server) -> tuple[Piece, Conflict]:
    """A leaf that one inspector passed and another failed."""
    (leaf, *_), tablet = server.released(), server.device("检验平板")
    tablet.scan(leaf, 10)
    tablet.scan(leaf, 20, station="PRESS")
    for outcome, who in ((InspectionOutcome.PASS, "周敏"), (InspectionOutcome.FAIL, "陈静")):
        inspected = RecordInspection(
            piece_id=leaf.id, label_code=server.code_of(leaf), operation_number=100, outcome=outcome, reason="划伤"
        )
        tablet.record(inspected, who, "FQC")
    tablet.push()
    return leaf, card(server, leaf)


def card(server: Server, leaf: Piece) -> Conflict:
    (found,) = server.children(Conflict, leaf.id)
    return found


def decision(conflict: Conflict, resolution: Resolution) -> ResolveConflict:
    return ResolveConflict(conflict_id=conflict.id, resolution=resolution)


def states(server: Server, leaf: Piece) -> dict[int, OperationState]:
    return {operation.number: operation.state for operation in server.piece(leaf.id).operations}


class TestOnATablet:
    def test_a_leader_lets_a_held_scan_count_and_its_tablet_hears_of_it(self, server: Server) -> None:
        leaf, tablet, conflict = held(server)
        leaders = server.device("组长平板")
        leaders.record(decision(conflict, Resolution.ACCEPT_GAP), LEADER)
        (verdict,) = leaders.push().verdicts
        assert (verdict.status, verdict.facts) == (VerdictStatus.OK, {"resolution": "accept_gap"})
        assert list(verdict.visible_at) == [f"floor:{server.factory.site.id}"]
        assert states(server, leaf) == {10: OperationState.INFERRED, 20: OperationState.COMPLETED}
        after = card(server, leaf)
        assert (after.state, after.resolution) == (ConflictState.RESOLVED, Resolution.ACCEPT_GAP)
        (row,) = [r for r in server.page(f"device:{tablet.sender.device_id}").rows if r.entity == "verdict"]
        assert VerdictRow.model_validate_json(row.body).status is VerdictStatus.OK_LATE
        (decided,) = [event for event in server.events(leaf.id) if event.kind == "conflict_resolved"]
        assert (decided.person_id, decided.device_id, decided.was_offline) == (
            server.factory.people[LEADER].id, leaders.sender.device_id, True,
        )  # fmt: skip

    def test_a_leader_sends_the_piece_back(self, server: Server) -> None:
        leaf, tablet, conflict = held(server)
        leaders = server.device("组长平板")
        leaders.record(decision(conflict, Resolution.SEND_BACK), LEADER)
        assert leaders.statuses() == [VerdictStatus.OK]
        assert states(server, leaf) == {}
        assert [(v.status, v.code) for v in tablet.push().verdicts] == [(VerdictStatus.REJECTED, "sent_back")]

    @pytest.mark.parametrize(("resolution", "holds"), [(Resolution.ACCEPT_PASS, 0), (Resolution.UPHOLD, 1)])
    def test_a_leader_settles_two_inspectors(self, server: Server, resolution: Resolution, holds: int) -> None:
        leaf, conflict = contradicted(server)
        leaders = server.device("组长平板")
        leaders.record(decision(conflict, resolution), LEADER)
        assert leaders.statuses() == [VerdictStatus.OK]
        assert len(server.piece(leaf.id).holds) == holds
        assert card(server, leaf).resolved_by == server.factory.people[LEADER].id

    def test_nobody_else_decides(self, server: Server) -> None:
        leaf, conflict = contradicted(server)
        tablet = server.device("工人平板")
        tablet.record(decision(conflict, Resolution.ACCEPT_PASS), "张伟")
        assert [(v.status, v.code) for v in tablet.push().verdicts] == [(VerdictStatus.REJECTED, "not_permitted")]
        assert card(server, leaf) == conflict
        assert len(server.piece(leaf.id).holds) == 1

    def test_what_no_button_offers_is_no_decision(self, server: Server) -> None:
        leaf, _, conflict = held(server)
        leaders = server.device("组长平板")
        leaders.record(decision(conflict, Resolution.ACCEPT_PASS), LEADER)
        assert leaders.push().verdicts[0].code == "resolution_not_possible"
        assert card(server, leaf) == conflict


class TestTwoDecisions:
    @pytest.mark.parametrize("is_office_first", [True, False])
    def test_the_first_holds_and_the_second_is_told_whose_it_was(
        self, server: Server, *, is_office_first: bool
    ) -> None:
        leaf, _, conflict = held(server)
        leaders = server.device("组长平板")
        leaders.record(decision(conflict, Resolution.ACCEPT_GAP), LEADER)
        if is_office_first:
            assert server.office(decision(conflict, Resolution.SEND_BACK)).status is VerdictStatus.OK
            (verdict,) = leaders.push().verdicts
        else:
            assert leaders.statuses() == [VerdictStatus.OK]
            verdict = server.office(decision(conflict, Resolution.SEND_BACK))
        first, resolution = ("陈静", "send_back") if is_office_first else (LEADER, "accept_gap")
        assert (verdict.status, verdict.code) == (VerdictStatus.REJECTED, "conflict_resolved")
        assert verdict.facts == {"resolution": resolution, "worker_id": server.factory.people[first].id}
        assert verdict.next_steps == ["carry_on"]
        assert len(states(server, leaf)) == (0 if is_office_first else 2)

    def test_the_scan_that_was_missing_comes_first_in_the_same_push(self, server: Server) -> None:
        leaf, _, conflict = held(server)
        leaders = server.device("组长平板")
        leaders.scan(leaf, 10)
        leaders.record(decision(conflict, Resolution.SEND_BACK), LEADER)
        scanned, decided = leaders.push().verdicts
        assert (scanned.status, decided.code) == (VerdictStatus.OK, "conflict_resolved")
        assert decided.facts == {"resolution": "arrived", "worker_id": None}
        assert states(server, leaf) == {10: OperationState.COMPLETED, 20: OperationState.COMPLETED}

    def test_a_push_that_is_sent_again_gets_the_same_answer(self, server: Server) -> None:
        _, _, conflict = held(server)
        leaders = server.device("组长平板")
        leaders.record(decision(conflict, Resolution.ACCEPT_GAP), LEADER)
        assert leaders.push().verdicts == leaders.push().verdicts
