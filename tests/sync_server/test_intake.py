"""The single write path, on SQLite and on PostgreSQL."""

import pytest
from pydantic import JsonValue

from shared.rules.progress import MADE
from shared.schemas.commands import CancelOrder, InspectionOutcome, RecordInspection, ReleaseOrder, ReportScan
from shared.schemas.door import OperationState, PieceState
from shared.schemas.order import OrderState
from shared.schemas.production import Strictness
from shared.schemas.sync import VerdictStatus
from tests.sync_server.server import Server


class TestReleaseOrder:
    def test_makes_a_label_for_every_piece_and_numbers_them(self, server: Server) -> None:
        pieces = server.released(quantity=3)
        assert server.counts() == (6, 6)
        assert sorted((piece.number, piece.of) for piece in pieces) == [(1, 2)] * 3 + [(2, 2)] * 3
        assert server.order_of(pieces[0]).state is OrderState.RELEASED

    def test_names_what_is_wrong_field_by_field(self, server: Server) -> None:
        line = server.factory.line(height_tenth_mm=0, quantity=-1)
        placed = server.factory.order(line, customer_phone="138123")
        assert server.office(placed).status is VerdictStatus.OK
        verdict = server.office(ReleaseOrder(order_id=placed.order_id))
        assert verdict.status is VerdictStatus.REJECTED
        problems = verdict.facts["problems"]
        assert isinstance(problems, list)
        named = {(p["field"], p["code"]) for p in problems if isinstance(p, dict)}
        assert named == {
            ("customer_phone", "phone_wrong"),
            ("height_tenth_mm", "not_positive"),
            ("quantity", "not_positive"),
        }
        assert server.counts() == (0, 0)

    def test_is_refused_to_a_clerk(self, server: Server) -> None:
        placed = server.factory.order()
        server.office(placed, "吴刚")
        verdict = server.office(ReleaseOrder(order_id=placed.order_id), "吴刚")
        assert (verdict.status, verdict.code) == (VerdictStatus.REJECTED, "not_permitted")

    def test_of_the_same_form_twice_is_one_release(self, server: Server) -> None:
        placed = server.factory.order()
        server.office(placed)
        first = server.office(ReleaseOrder(order_id=placed.order_id), key="form-1")
        assert server.office(ReleaseOrder(order_id=placed.order_id), key="form-1") == first
        assert server.counts() == (2, 2)


class TestPush:
    def test_a_replay_gets_the_stored_verdict_and_changes_nothing(self, server: Server) -> None:
        (leaf, *_), tablet = server.released(), server.device()
        tablet.scan(leaf)
        first = tablet.push()
        after = server.piece(leaf.id)
        assert tablet.push() == first
        assert server.piece(leaf.id) == after
        assert [event.kind for event in server.events(leaf.id)] == ["operation_completed"]

    def test_a_second_scan_is_answered_with_who_was_first(self, server: Server) -> None:
        (leaf, *_), one, two = server.released(), server.device(), server.device()
        one.scan(leaf, worker="张伟")
        two.scan(leaf, worker="李强")
        assert one.statuses() == [VerdictStatus.OK]
        (verdict,) = two.push().verdicts
        assert verdict.status is VerdictStatus.OK_ALREADY
        assert verdict.facts["worker_id"] == server.factory.people["张伟"].id
        assert [event.kind for event in server.events(leaf.id)] == ["operation_completed", "operation_repeated"]

    def test_stops_at_a_gap_and_says_what_is_missing(self, server: Server) -> None:
        pieces, tablet = server.released(2), server.device()
        for piece in pieces[:3]:
            tablet.scan(piece)
        tablet.push(1, 1)
        pushed = tablet.push(3, 3)
        assert (pushed.verdicts, pushed.last_n, pushed.need) == ([], 1, 2)

    def test_parks_what_nobody_understands_and_goes_on(self, server: Server) -> None:
        pieces, tablet = server.released(), server.device()
        tablet.scan(pieces[0])
        tablet.record({"type": "paint_it_blue", "version": 9})
        tablet.scan(pieces[1])
        assert tablet.statuses() == [VerdictStatus.OK, VerdictStatus.PARKED, VerdictStatus.OK]

    @pytest.mark.parametrize("text", ["\x00", "划\x00伤", "\u202e", "\U0001f6aa" * 500])
    def test_a_text_that_a_database_refuses_never_blocks_the_queue(self, server: Server, text: str) -> None:
        pieces, tablet = server.released(), server.device()
        inspected: dict[str, JsonValue] = {
            "type": "record_inspection",
            "version": 1,
            "piece_id": pieces[0].id,
            "label_code": server.code_of(pieces[0]),
            "operation_number": 100,
            "outcome": "fail",
            "reason": text,
        }
        tablet.record(inspected, "周敏", "FQC")
        tablet.record({"type": text, "version": 1})
        tablet.record(inspected | {"piece_id": text})
        tablet.record(inspected | {"label_code": text, "reason": "划伤"})
        tablet.scan(pieces[1])
        (*strange, scanned) = tablet.statuses()
        assert scanned is VerdictStatus.OK
        assert set(strange) <= {VerdictStatus.PARKED, VerdictStatus.REJECTED, VerdictStatus.OK}

    def test_an_unknown_code_is_answered_and_kept(self, server: Server) -> None:
        tablet = server.device()
        tablet.record(ReportScan(label_code="D128T5CY4TQKFF4B"))
        (verdict,) = tablet.push().verdicts
        assert (verdict.status, verdict.code) == (VerdictStatus.REJECTED, "label_unknown")


class TestRouteOrder:
    def test_a_skipped_operation_is_inferred_where_the_station_only_warns(self, server: Server) -> None:
        (leaf, *_), tablet = server.released(), server.device()
        tablet.scan(leaf, 20, station="PRESS")
        assert tablet.statuses() == [VerdictStatus.OK_LATE]
        states = {operation.number: operation.state for operation in server.piece(leaf.id).operations}
        assert states == {10: OperationState.INFERRED, 20: OperationState.COMPLETED}

    def test_a_held_scan_is_released_by_the_missing_one(self, server: Server) -> None:
        server.system(server.factory.strict("PRESS", Strictness.ENFORCE))
        (leaf, *_), press, cut = server.released(), server.device("压贴"), server.device("开料")
        press.scan(leaf, 20, station="PRESS")
        assert press.statuses() == [VerdictStatus.HELD]
        cut.scan(leaf, 10)
        assert cut.statuses() == [VerdictStatus.OK]
        assert press.statuses() == [VerdictStatus.OK]
        rows = server.page(f"device:{press.sender.device_id}").rows
        assert [row.rev for row in rows if row.entity == "verdict"] == [2]

    def test_nothing_passes_an_inspection_that_was_not_recorded(self, server: Server) -> None:
        (leaf, *_), tablet = server.released(), server.device()
        tablet.scan(leaf, 110, station="PACK")
        (verdict,) = tablet.push().verdicts
        assert (verdict.status, verdict.code) == (VerdictStatus.HELD, "inspection_missing")

    def test_a_failed_inspection_holds_the_piece(self, server: Server) -> None:
        (leaf, *_), tablet = server.released(), server.device()
        code = server.code_of(leaf)
        failed = RecordInspection(
            piece_id=leaf.id, label_code=code, operation_number=100, outcome=InspectionOutcome.FAIL, reason="划伤"
        )
        tablet.record(failed, "周敏", "FQC")
        tablet.scan(leaf, 110, station="PACK")
        first, second = tablet.push().verdicts
        assert first.status is VerdictStatus.OK
        assert (second.status, second.code) == (VerdictStatus.REJECTED, "piece_on_hold")

    def test_a_piece_that_went_all_the_way_completes_its_order(self, server: Server) -> None:
        pieces, tablet = server.released(), server.device()
        for piece in pieces:
            tablet.scan(piece, 10)
            tablet.scan(piece, 20, station="PRESS")
            passed = RecordInspection(
                piece_id=piece.id,
                label_code=server.code_of(piece),
                operation_number=100,
                outcome=InspectionOutcome.PASS,
            )
            tablet.record(passed, "周敏", "FQC")
            tablet.scan(piece, 110, station="PACK")
        assert set(tablet.statuses()) == {VerdictStatus.OK}
        assert all(server.piece(piece.id).state in MADE for piece in pieces)
        assert server.order_of(pieces[0]).state is OrderState.COMPLETE


class TestCancelOrder:
    def test_the_label_of_a_cancelled_piece_scans_as_such(self, server: Server) -> None:
        (leaf, *_), tablet = server.released(), server.device()
        server.office(CancelOrder(order_id=server.order_of(leaf).id, reason="客户取消"))
        tablet.scan(leaf)
        (verdict,) = tablet.push().verdicts
        assert (verdict.status, verdict.code) == (VerdictStatus.REJECTED, "piece_cancelled")
        assert server.piece(leaf.id).state is PieceState.CANCELLED
