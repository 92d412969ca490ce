"""What a scan at a station stands for, and where a piece stands on its route: tables over a leaf's route."""

from collections.abc import Sequence
from typing import cast

import pytest

from shared.rules.facts import E
from shared.rules.progress import door_state
from shared.rules.scan import AskForResult, resolve_scan
from shared.schemas.commands import CompleteOperation, ReportScan, StartOperation
from shared.schemas.door import Label, LabelState, OperationState, Piece, PieceKind, PieceOperation, PieceState
from shared.schemas.entities import Entity
from shared.schemas.production import Reporting, RouteVersion
from tests.factory import START_US, Factory

DONE, STARTED = OperationState.COMPLETED, OperationState.STARTED


class Rows:
    """Rows by id, in memory."""

    def __init__(self, *rows: Entity) -> None:
        self._rows = {(type(row), row.id): row for row in rows}

    def get(self, kind: type[E], row_id: str) -> E | None:
        return cast("E | None", self._rows.get((kind, row_id)))

    def children(self, kind: type[E], parent_id: str) -> Sequence[E]:
        del kind, parent_id
        return []


class Bench:
    """One labelled leaf in the test factory."""

    def __init__(self, *recorded: tuple[int, OperationState]) -> None:
        self.factory = Factory()
        new_id = self.factory.mint.new_id
        operations = [PieceOperation(number=n, state=state, event_time_us=START_US) for n, state in recorded]
        self.piece = Piece(
            id=new_id(), door_id=new_id(), number=1, of=4, kind=PieceKind.LEAF,
            route_version_id=self.factory.route.id, specification_id=new_id(), operations=operations,
        )  # fmt: skip
        self.label = Label(id=self.factory.mint.new_code("D"), target_id=self.piece.id)
        self.route: RouteVersion = self.factory.route

    def scan(self, station: str) -> object:
        rows = Rows(self.label, self.piece, self.route)
        return resolve_scan(self.label.id, self.factory.stations[station], rows)


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
        command = Bench(*recorded).scan(station)
        assert isinstance(command, CompleteOperation)
        assert command.operation_number == number

    def test_asks_for_the_result_of_an_inspection(self) -> None:
        asked = Bench((10, DONE), (20, DONE)).scan("FQC")
        assert isinstance(asked, AskForResult)
        assert asked.operation.number == 100

    @pytest.mark.parametrize("state", [PieceState.CANCELLED, PieceState.SCRAPPED])
    def test_asks_nothing_about_a_piece_that_nobody_makes_any_more(self, state: PieceState) -> None:
        bench = Bench((10, DONE), (20, DONE))
        bench.piece = bench.piece.model_copy(update={"state": state})
        assert isinstance(bench.scan("FQC"), ReportScan)

    def test_asks_only_once(self) -> None:
        assert isinstance(Bench((100, DONE)).scan("FQC"), ReportScan)

    @pytest.mark.parametrize(("recorded", "kind"), [((), StartOperation), (((10, STARTED),), CompleteOperation)])
    def test_starts_and_then_completes_where_both_ends_are_reported(
        self, recorded: tuple[tuple[int, OperationState], ...], kind: type[object]
    ) -> None:
        bench = Bench(*recorded)
        first = bench.route.operations[0].model_copy(update={"reporting": Reporting.START_AND_COMPLETE})
        bench.route = bench.route.model_copy(update={"operations": [first, *bench.route.operations[1:]]})
        assert isinstance(bench.scan("CUT"), kind)

    @pytest.mark.parametrize("state", [LabelState.REVOKED, LabelState.REPLACED])
    def test_reports_a_label_that_is_no_longer_live(self, state: LabelState) -> None:
        bench = Bench()
        bench.label = bench.label.model_copy(update={"state": state})
        assert isinstance(bench.scan("CUT"), ReportScan)

    def test_reports_a_code_that_is_not_known_here(self) -> None:
        bench = Bench()
        unknown = bench.factory.mint.new_code("D")
        assert resolve_scan(unknown, bench.factory.stations["CUT"], Rows()) == ReportScan(label_code=unknown)


class TestDoorState:
    @pytest.mark.parametrize(
        ("states", "expected"),
        [
            (("planned", "planned"), "planned"),
            (("planned", "in_process"), "in_process"),
            (("planned", "passed"), "in_process"),
            (("passed", "passed"), "passed"),
            (("passed", "in_stock"), "passed"),
            (("scrapped", "passed"), "passed"),
            (("cancelled", "cancelled"), "cancelled"),
        ],
    )
    def test_is_that_of_the_piece_furthest_behind(self, states: tuple[str, ...], expected: str) -> None:
        pieces = [Bench().piece.model_copy(update={"state": PieceState(state)}) for state in states]
        assert door_state(pieces) == expected
