"""What devices say that does not fit together: nothing is dropped, everything is labelled, a person decides."""

from itertools import permutations

import pytest

from shared.rules.calendar import HOLD_LEAST_US
from shared.schemas.commands import (
    InspectionOutcome,
    RecordInspection,
    ResolveConflict,
    ReworkPiece,
)
from shared.schemas.door import OperationState, Piece
from shared.schemas.production import Strictness
from shared.schemas.quality import Conflict, ConflictKind, ConflictState, Resolution
from shared.schemas.sync import VerdictRow, VerdictStatus
from sync_server import jobs
from sync_server.jobs import Due
from tests.sync_server.server import Server, TabletSender


def inspected(server: Server, piece: Piece, outcome: InspectionOutcome) -> RecordInspection:
    return RecordInspection(
        piece_id=piece.id, label_code=server.code_of(piece), operation_number=100, outcome=outcome, reason="尺寸不对"
    )


def made_up_to_inspection(server: Server) -> Piece:
    (leaf, *_), tablet = server.released(), server.device()
    tablet.scan(leaf, 10)
    tablet.scan(leaf, 20, station="PRESS")
    tablet.push()
    return leaf


def conflicts(server: Server, piece: Piece) -> list[Conflict]:
    return server.children(Conflict, piece.id)


class TestTwoInspectors:
    """One passes the leaf, one fails it, a third tablet packs it; in all six orders."""

    @pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
    def test_who_disagree_put_the_piece_on_hold_in_any_order(self, server: Server, order: tuple[int, ...]) -> None:
        leaf = made_up_to_inspection(server)
        tablets = [server.device(name) for name in ("A", "B", "C")]
        tablets[0].record(inspected(server, leaf, InspectionOutcome.PASS), "周敏", "FQC")
        tablets[1].record(inspected(server, leaf, InspectionOutcome.FAIL), "陈静", "FQC")
        tablets[2].scan(leaf, 110, station="PACK")
        for number in order:
            tablets[number].push()
        after = server.piece(leaf.id)
        assert [(hold.code, hold.reason) for hold in after.holds] == [("inspection_failed", "尺寸不对")]
        (card,) = [c for c in conflicts(server, leaf) if c.kind is ConflictKind.CONTRADICTION]
        people = server.factory.people
        assert card.people == [people["周敏"].id, people["陈静"].id]
        assert card.state is ConflictState.OPEN
        assert [tablet.push().last_n for tablet in tablets] == [1, 1, 1]
        kinds = [event.kind for event in server.events(leaf.id)]
        assert kinds.count("inspection_passed") == kinds.count("inspection_failed") == 1
        assert server.order_of(leaf).pieces_done == 0

    def test_are_settled_by_a_leader(self, server: Server) -> None:
        leaf, tablet = made_up_to_inspection(server), server.device()
        tablet.record(inspected(server, leaf, InspectionOutcome.PASS), "周敏", "FQC")
        tablet.record(inspected(server, leaf, InspectionOutcome.FAIL), "陈静", "FQC")
        tablet.push()
        (card,) = conflicts(server, leaf)
        decide = ResolveConflict(conflict_id=card.id, resolution=Resolution.ACCEPT_PASS)
        assert server.office(decide, "吴刚").code == "not_permitted"
        assert server.office(decide).status is VerdictStatus.OK
        assert server.piece(leaf.id).holds == []
        assert server.office(decide).code == "conflict_resolved"


class TestAScanBeforeItsPredecessor:
    def held(self, server: Server) -> tuple[Piece, TabletSender, Conflict]:
        server.system(server.factory.strict("PRESS", Strictness.ENFORCE))
        (leaf, *_), tablet = server.released(), server.device()
        tablet.scan(leaf, 20, station="PRESS")
        (verdict,) = tablet.push().verdicts
        (card,) = conflicts(server, leaf)
        assert (verdict.status, verdict.waits_for) == (VerdictStatus.HELD, [10])
        assert verdict.until_us == card.due_at_us
        assert card.due_at_us is not None
        assert card.due_at_us >= server.factory.clock.now + HOLD_LEAST_US
        return leaf, tablet, card

    def test_closes_by_itself_when_the_missing_one_arrives(self, server: Server) -> None:
        leaf, tablet, _ = self.held(server)
        late = server.device("迟到的平板")
        late.scan(leaf, 10)
        late.push()
        (card,) = conflicts(server, leaf)
        assert (card.state, card.resolution) == (ConflictState.RESOLVED, Resolution.ARRIVED)
        states = {o.number: o.state for o in server.piece(leaf.id).operations}
        assert states == {10: OperationState.COMPLETED, 20: OperationState.COMPLETED}
        page = server.page(f"device:{tablet.sender.device_id}")
        (row,) = [row for row in page.rows if row.entity == "verdict"]
        assert VerdictRow.model_validate_json(row.body).status is VerdictStatus.OK

    @pytest.mark.parametrize("is_decided", [False, True], ids=["arrived", "a person lets it count"])
    def test_that_is_made_twice_counts_once_and_leaves_nothing_to_decide(
        self, server: Server, *, is_decided: bool
    ) -> None:
        leaf, tablet, card = self.held(server)
        tablet.scan(leaf, 20, station="PRESS")
        tablet.push()
        assert tablet.statuses() == [VerdictStatus.HELD] * 2
        if is_decided:
            server.office(ResolveConflict(conflict_id=card.id, resolution=Resolution.ACCEPT_GAP))
        else:
            late = server.device("迟到的平板")
            late.scan(leaf, 10)
            late.push()
        assert {one.state for one in conflicts(server, leaf)} == {ConflictState.RESOLVED}
        assert tablet.statuses() == [
            VerdictStatus.OK_LATE if is_decided else VerdictStatus.OK,
            VerdictStatus.OK_ALREADY,
        ]
        done = [event for event in server.events(leaf.id) if event.kind == "operation_completed"]
        assert sorted(str(event.detail["operation_number"]) for event in done) == (
            ["20"] if is_decided else ["10", "20"]
        )

    def test_goes_to_a_person_at_its_deadline(self, server: Server) -> None:
        leaf, _, card = self.held(server)
        services = server.services()
        assert jobs.run_due(server.database, services) == 0
        assert card.due_at_us is not None
        server.factory.clock.now = card.due_at_us
        assert jobs.run_due(server.database, services) == 1
        assert jobs.run_due(server.database, services) == 0
        (after,) = conflicts(server, leaf)
        assert after.state is ConflictState.OPEN

    def test_a_person_lets_it_count_and_what_nobody_scanned_is_inferred(self, server: Server) -> None:
        leaf, tablet, card = self.held(server)
        server.office(ResolveConflict(conflict_id=card.id, resolution=Resolution.ACCEPT_GAP))
        states = {o.number: o.state for o in server.piece(leaf.id).operations}
        assert states == {10: OperationState.INFERRED, 20: OperationState.COMPLETED}
        assert tablet.statuses() == [VerdictStatus.OK_LATE]

    def test_a_person_sends_the_piece_back(self, server: Server) -> None:
        leaf, tablet, card = self.held(server)
        server.office(ResolveConflict(conflict_id=card.id, resolution=Resolution.SEND_BACK))
        assert server.piece(leaf.id).operations == []
        assert [(v.status, v.code) for v in tablet.push().verdicts] == [(VerdictStatus.REJECTED, "sent_back")]

    def test_nobody_lets_a_missing_inspection_pass(self, server: Server) -> None:
        leaf, tablet = made_up_to_inspection(server), server.device()
        tablet.scan(leaf, 110, station="PACK")
        tablet.push()
        (card,) = conflicts(server, leaf)
        verdict = server.office(ResolveConflict(conflict_id=card.id, resolution=Resolution.ACCEPT_GAP))
        assert verdict.code == "resolution_not_possible"
        assert conflicts(server, leaf) == [card]

    def test_a_claim_is_for_one_server_until_its_lease_runs_out(self, server: Server) -> None:
        _, _, card = self.held(server)
        assert card.due_at_us is not None
        now_us = card.due_at_us

        def claim(at_us: int) -> list[Due]:
            return server.database.write(lambda session: jobs.claim(session, at_us)).result()

        assert claim(now_us) == [Due("escalate_conflict", card.id)]
        assert claim(now_us + 1) == []
        assert claim(now_us + jobs.LEASE_US) == [Due("escalate_conflict", card.id)]


class TestRework:
    def test_opens_a_new_loop_and_an_old_scan_moves_nothing(self, server: Server) -> None:
        leaf, tablet = made_up_to_inspection(server), server.device()
        tablet.record(inspected(server, leaf, InspectionOutcome.FAIL), "周敏", "FQC")
        tablet.push()
        server.office(ReworkPiece(piece_id=leaf.id, from_number=20, to_number=100, reason="重压"))
        after = server.piece(leaf.id)
        assert after.holds == []
        assert [(o.number, o.loop_number) for o in after.operations if o.state is OperationState.PLANNED] == [
            (20, 1),
            (100, 1),
        ]
        late = server.device("迟到的平板")
        late.scan(leaf, 20, station="PRESS")
        (verdict,) = late.push().verdicts
        assert (verdict.status, verdict.facts["code"]) == (VerdictStatus.OK_LATE, "old_loop")
        assert server.piece(leaf.id) == after
