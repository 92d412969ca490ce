"""One labelled leaf in the test factory, and a way to decide commands about it, said in a few words."""

from collections.abc import Callable, Sequence
from typing import Self, cast

from shared.rules.decide import decide
from shared.rules.decision import Accepted, Context, Decision, Flag, Held, Rejected
from shared.rules.facts import E, gather
from shared.schemas.commands import (
    Command,
    CompleteOperation,
    InspectionOutcome,
    RecordInspection,
    ReportScan,
    ReworkPiece,
    StartOperation,
)
from shared.schemas.door import Hold, Label, OperationState, Piece, PieceKind, PieceOperation
from shared.schemas.entities import PARENT_FIELDS, Entity, parent_of
from shared.schemas.production import RouteVersion, Station, Strictness
from tests.factory import OFFSET_MIN, START_US, Factory

DONE, STARTED, INFERRED = OperationState.COMPLETED, OperationState.STARTED, OperationState.INFERRED
PASS, FAIL = InspectionOutcome.PASS, InspectionOutcome.FAIL
NOBODY_KNOWN = "00000000-0000-7000-8000-000000000000"
"""An id that no row has."""

WHERE = {10: "CUT", 20: "PRESS", 100: "FQC", 110: "PACK"}
"""The work center of each operation of the leaf's route."""


class Rows:
    """Rows by id, in memory."""

    def __init__(self, *rows: Entity) -> None:
        self._rows: dict[tuple[type[Entity], str], Entity] = {}
        self.put(*rows)

    def put(self, *rows: Entity) -> None:
        self._rows |= {(type(row), row.id): row for row in rows}

    def forget(self, kind: type[Entity], row_id: str) -> None:
        del self._rows[kind, row_id]

    def get(self, kind: type[E], row_id: str) -> E | None:
        return cast("E | None", self._rows.get((kind, row_id)))

    def all(self, kind: type[E]) -> list[E]:
        return [
            cast("E", row) for (one, _), row in sorted(self._rows.items(), key=lambda item: item[0][1]) if one is kind
        ]

    def children(self, kind: type[E], parent_id: str) -> Sequence[E]:
        return [row for row in self.all(kind) if kind in PARENT_FIELDS and parent_of(row) == parent_id]


class Bench:
    """What is given before a command; every step returns the bench, so that a case is one line.

    `recorded` is what is on record of the piece: operation numbers with their states, and the loop where it is not 0.
    """

    def __init__(self, *recorded: tuple[int, OperationState] | tuple[int, OperationState, int]) -> None:
        self.factory = Factory()
        new_id = self.factory.mint.new_id
        self._piece_id = new_id()
        piece = Piece(
            id=self._piece_id, site_id=self.factory.site.id, door_id=new_id(), number=1, of=4, kind=PieceKind.LEAF,
            route_version_id=self.factory.route.id, specification_id=new_id(),
        )  # fmt: skip
        self.code = self.factory.mint.new_code("D")
        data = self.factory.master_data()
        self.rows = Rows(*data.sites, *data.work_centers, *data.stations, *data.route_versions, *data.door_models)
        self.rows.put(*data.people, piece, Label(id=self.code, target_id=piece.id))
        self.has_recorded(*recorded)

    # ---- what is given ----

    @property
    def piece(self) -> Piece:
        return self.row(Piece, self._piece_id)

    @property
    def route(self) -> RouteVersion:
        return self.row(RouteVersion, self.factory.route.id)

    def row(self, kind: type[E], row_id: str) -> E:
        found = self.rows.get(kind, row_id)
        assert found is not None
        return found

    def only(self, kind: type[E]) -> E:
        (found,) = self.rows.all(kind)
        return found

    def has_recorded(self, *recorded: tuple[int, OperationState] | tuple[int, OperationState, int]) -> Self:
        operations = [
            PieceOperation(
                number=number, state=state, loop_number=rest[0] if rest else 0, event_time_us=START_US,
                worker_ids=[self.person_id("张伟")],
            )
            for number, state, *rest in recorded
        ]  # fmt: skip
        return self.piece_is(operations=[*self.piece.operations, *operations])

    def piece_is(self, **changed: object) -> Self:
        self.rows.put(self.piece.model_copy(update=changed))
        return self

    def is_held(self, code: str = "customer_change", operation_number: int = 0) -> Self:
        hold = Hold(code=code, reason="客户改尺寸", since_us=START_US, operation_number=operation_number)
        return self.piece_is(holds=[*self.piece.holds, hold])

    def label_is(self, **changed: object) -> Self:
        self.rows.put(self.row(Label, self.code).model_copy(update=changed))
        return self

    def enforces(self, center: str) -> Self:
        (station,) = self.factory.strict(center, Strictness.ENFORCE).stations
        self.rows.put(station)
        return self

    def knows(self, *rows: Entity) -> Self:
        self.rows.put(*rows)
        return self

    def knows_no(self, kind: type[Entity]) -> Self:
        self.rows.forget(kind, self.rows.all(kind)[0].id)
        return self

    def station(self, center: str) -> Station:
        return self.row(Station, self.factory.stations[center].id)

    def person_id(self, name: str) -> str:
        return self.factory.people[name].id

    # ---- what is commanded ----

    def decide(
        self, command: Command, *, by: str | None = "陈静", at: str | None = None, accepts_gap: bool = False,
        event_time_us: int = START_US, device_id: str | None = None,
    ) -> Decision:  # fmt: skip
        """By this person at the station of this work center; by the system itself where it is nobody."""
        context = Context(
            event_time_us=event_time_us,
            event_offset_min=OFFSET_MIN,
            record_time_us=self.factory.clock(),
            mint=self.factory.mint,
            worker_id=self.person_id(by) if by else None,
            station_id=self.station(at).id if at else None,
            device_id=device_id,
            is_trusted=by is None,
            accepts_gap=accepts_gap,
        )
        return decide(gather(command, context, self.rows), command, context)

    def has(self, decision: Decision) -> Self:
        """What was decided has been done."""
        assert isinstance(decision, Accepted), decision
        self.rows.put(*decision.change.puts)
        return self

    def complete(
        self, number: int, at: str | None = "", loop_number: int = 0, *, accepts_gap: bool = False
    ) -> Decision:
        command = CompleteOperation(
            piece_id=self._piece_id, label_code=self.code, operation_number=number, loop_number=loop_number
        )
        return self.decide(command, at=WHERE[number] if at == "" else at, accepts_gap=accepts_gap)

    def start(self, number: int, loop_number: int = 0) -> Decision:
        command = StartOperation(
            piece_id=self._piece_id, label_code=self.code, operation_number=number, loop_number=loop_number
        )
        return self.decide(command, at=WHERE[number])

    def inspect(
        self, outcome: InspectionOutcome, number: int = 100, loop_number: int = 0, *, by: str = "周敏",
        reason: str = "", event_time_us: int = START_US,
    ) -> Decision:  # fmt: skip
        command = RecordInspection(
            piece_id=self._piece_id, label_code=self.code, operation_number=number, loop_number=loop_number,
            outcome=outcome, reason=reason,
        )  # fmt: skip
        return self.decide(command, by=by, at=WHERE[number], event_time_us=event_time_us)

    def report(self, at: str | None = "CUT", code: str = "") -> Decision:
        return self.decide(ReportScan(label_code=code or self.code), at=at)

    def rework(self, from_number: int, to_number: int, loop_number: int = 0) -> Decision:
        command = ReworkPiece(
            piece_id=self._piece_id, from_number=from_number, to_number=to_number, loop_number=loop_number
        )
        return self.decide(command)


def said(decision: Decision) -> str:
    """A decision in a line: `late: operation_inferred operation_completed` or `rejected label_revoked: call_leader`.

    What was accepted names what happened, what was not the next steps; the code stands before the colon.
    """
    match decision:
        case Accepted(change=change, flag=flag, facts=facts):
            first = ["ok" if flag is Flag.NONE else flag.value, facts.get("code")]
            then = [event.kind.value for event in change.events]
        case Held(code=code, next_steps=steps):
            first, then = ["held", code.value], [step.value for step in steps]
        case Rejected(code=code, next_steps=steps):
            first, then = ["rejected", code.value], [step.value for step in steps]
    return f"{' '.join(str(word) for word in first if word)}: {' '.join(then)}".rstrip(": ")


Table = dict[str, tuple[Callable[[Bench], Decision], str]]
"""A rule's cases: in which case, given what which command, and what is said then."""


def check(case: str, table: Table) -> None:
    """Fails where something else is said in this case than the table has."""
    command, expected = table[case]
    assert said(command(Bench())) == expected
