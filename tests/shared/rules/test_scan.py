"""What a scan at a station stands for: tables over a leaf's route."""

import pytest

from shared.rules.scan import AskForResult, resolve_scan
from shared.schemas.commands import CompleteOperation, ReportScan, StartOperation
from shared.schemas.door import LabelState, OperationState, PieceState
from shared.schemas.production import Reporting
from tests.shared.rules.bench import DONE, STARTED, Bench, Rows


def scan(bench: Bench, center: str) -> object:
    return resolve_scan(bench.code, bench.station(center), bench.rows)


class TestResolveScan:
    @pytest.mark.parametrize(
        ("recorded", "station", "number"),
        [
            ((), "CUT", 10),
            ((), "PRESS", 20),
            (((10, DONE),), "PRESS", 20),
            (((10, DONE),), "CUT", 10),
            (((10, DONE), (20, DONE), (100, DONE)), "PACK", 110),
        ],
    )
    def test_completes_the_stations_operation(
        self, recorded: tuple[tuple[int, OperationState], ...], station: str, number: int
    ) -> None:
        command = scan(Bench(*recorded), station)
        assert isinstance(command, CompleteOperation)
        assert command.operation_number == number

    def test_asks_for_the_result_of_an_inspection(self) -> None:
        asked = scan(Bench((10, DONE), (20, DONE)), "FQC")
        assert isinstance(asked, AskForResult)
        assert asked.operation.number == 100

    @pytest.mark.parametrize("state", [PieceState.CANCELLED, PieceState.SCRAPPED])
    def test_asks_nothing_about_a_piece_that_nobody_makes_any_more(self, state: PieceState) -> None:
        bench = Bench((10, DONE), (20, DONE))
        bench.piece_is(state=state)
        assert isinstance(scan(bench, "FQC"), ReportScan)

    def test_asks_only_once(self) -> None:
        assert isinstance(scan(Bench((100, DONE)), "FQC"), ReportScan)

    @pytest.mark.parametrize(("recorded", "kind"), [((), StartOperation), (((10, STARTED),), CompleteOperation)])
    def test_starts_and_then_completes_where_both_ends_are_reported(
        self, recorded: tuple[tuple[int, OperationState], ...], kind: type[object]
    ) -> None:
        bench = Bench(*recorded)
        first = bench.route.operations[0].model_copy(update={"reporting": Reporting.START_AND_COMPLETE})
        bench.knows(bench.route.model_copy(update={"operations": [first, *bench.route.operations[1:]]}))
        assert isinstance(scan(bench, "CUT"), kind)

    @pytest.mark.parametrize("state", [LabelState.REVOKED, LabelState.REPLACED])
    def test_reports_a_label_that_is_no_longer_live(self, state: LabelState) -> None:
        bench = Bench()
        bench.label_is(state=state)
        assert isinstance(scan(bench, "CUT"), ReportScan)

    def test_reports_a_code_that_is_not_known_here(self) -> None:
        bench = Bench()
        unknown = bench.factory.mint.new_code("D")
        assert resolve_scan(unknown, bench.factory.stations["CUT"], Rows()) == ReportScan(label_code=unknown)
