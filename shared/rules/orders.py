"""Placing, editing, releasing and cancelling an order. Release makes its doors, pieces, routes and labels."""

from collections.abc import Sequence

from pydantic import JsonValue

from shared.canonical import canonical_json, sha256_hex
from shared.label_code import CodeKind
from shared.rules.calendar import factory_day
from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Mint, Rejected
from shared.rules.facts import Facts
from shared.rules.order_check import find_problems
from shared.rules.order_numbers import order_number
from shared.rules.progress import MADE, door_with_progress, order_with_progress
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import CancelOrder, PlaceOrder, ReleaseOrder, RetireOrder, ReviseOrder
from shared.schemas.door import Door, Label, Piece, PieceState
from shared.schemas.entities import Entity
from shared.schemas.identifiers import DEFAULT_OFFSET_MIN
from shared.schemas.order import LineTerms, Order, OrderLine, OrderState, Specification
from shared.schemas.production import DoorModel


def place_order(facts: Facts, command: PlaceOrder, context: Context) -> Decision:
    """A draft with a number of its own; incomplete is allowed, and nothing typed is lost."""
    if facts.order is not None:
        return Rejected(RefusalCode.ORDER_EXISTS, {"order_number": facts.order.number}, (NextStep.RELOAD,))
    assert facts.counter is not None, "gather() always brings the day's counter for PlaceOrder"
    counter = facts.counter.model_copy(update={"last": facts.counter.last + 1})
    order = Order(
        **command.terms.model_dump(),
        id=command.order_id,
        site_id=facts.worker.site_id if facts.worker else "",
        number=order_number(counter),
        placed_at_us=context.event_time_us,
    )
    lines = _new_lines(order.id, command.lines, context.mint)
    event = EventDraft(EventKind.ORDER_PLACED, order.id, {"order_number": order.number})
    return Accepted(Change((counter, order, *lines), (event,)), facts={"order_number": order.number})


def revise_order(facts: Facts, command: ReviseOrder, context: Context) -> Decision:
    """The draft's head and lines as edited; refused when somebody else edited it meanwhile."""
    order = facts.order
    if order is None:
        return Rejected(RefusalCode.ORDER_UNKNOWN, next_steps=(NextStep.RELOAD,))
    if order.state is not OrderState.DRAFT:
        return Rejected(RefusalCode.ORDER_NOT_A_DRAFT, {"order_number": order.number}, (NextStep.RELOAD,))
    if order.rev != command.seen_rev:
        return Rejected(RefusalCode.ORDER_CHANGED_MEANWHILE, {"order_number": order.number}, (NextStep.RELOAD,))
    revised = order.model_copy(update=dict(command.terms))
    # A row that an earlier edit dropped is taken again; with its old number 0 it would stay out of sight.
    kept = [
        line.model_copy(update=dict(terms) | {"number": number})
        for number, (line, terms) in enumerate(zip(facts.lines, command.lines, strict=False), start=1)
    ]
    added = _new_lines(order.id, command.lines[len(kept) :], context.mint, first=len(kept) + 1)
    dropped = [line.model_copy(update={"quantity": 0, "number": 0}) for line in facts.lines[len(kept) :]]
    event = EventDraft(EventKind.ORDER_REVISED, order.id, {"order_number": order.number})
    return Accepted(Change((revised, *kept, *added, *dropped), (event,)))


def release_order(facts: Facts, command: ReleaseOrder, context: Context) -> Decision:
    """Doors, pieces and labels come into being; n of N is fixed from here on."""
    order = facts.order
    if order is None:
        return Rejected(RefusalCode.ORDER_UNKNOWN, {"order_id": command.order_id}, (NextStep.RELOAD,))
    if order.state is not OrderState.DRAFT:
        return Rejected(RefusalCode.ORDER_NOT_A_DRAFT, {"order_number": order.number}, (NextStep.RELOAD,))
    lines = live_lines(facts.lines)
    offset_min = facts.site.utc_offset_min if facts.site else DEFAULT_OFFSET_MIN
    today = factory_day(context.record_time_us, offset_min)
    problems = find_problems(order, lines, facts.models, today)
    if problems:
        named: dict[str, JsonValue] = {"problems": [problem.as_json() for problem in problems]}
        return Rejected(RefusalCode.ORDER_INCOMPLETE, named, (NextStep.COMPLETE_ORDER,))
    made = _make_doors(order, lines, facts.models, context.mint)
    doors = [row for row in made if isinstance(row, Door)]
    released = order.model_copy(update={"released_at_us": context.event_time_us})
    events = (
        EventDraft(EventKind.ORDER_RELEASED, order.id, {"order_number": order.number, "doors": len(doors)}),
        EventDraft(EventKind.LABELS_MADE, order.id, {"labels": sum(isinstance(row, Label) for row in made)}),
    )
    return Accepted(Change((order_with_progress(released, doors, context.record_time_us), *made), events))


def cancel_order(facts: Facts, command: CancelOrder, context: Context) -> Decision:
    """Nothing more is made: pieces that are not finished are cancelled, and their labels then scan as such."""
    order = facts.order
    if order is None:
        return Rejected(RefusalCode.ORDER_UNKNOWN, {"order_id": command.order_id}, (NextStep.RELOAD,))
    if order.state is OrderState.CANCELLED:
        return Rejected(RefusalCode.ORDER_CANCELLED, {"order_number": order.number}, (NextStep.RELOAD,))
    cancelled_pieces = {p.id: _cancelled(p) for p in facts.pieces if p.state not in MADE}
    pieces = [cancelled_pieces.get(p.id, p) for p in facts.pieces]
    doors = [door_with_progress(d, [p for p in pieces if p.door_id == d.id]) for d in facts.doors]
    closed = order.model_copy(update={"cancelled_at_us": context.event_time_us})
    event = EventDraft(EventKind.ORDER_CANCELLED, order.id, {"order_number": order.number, "reason": command.reason})
    return Accepted(
        Change(
            (order_with_progress(closed, doors, context.record_time_us), *doors, *cancelled_pieces.values()), (event,)
        ),
        facts={"order_number": order.number, "cancelled_pieces": len(cancelled_pieces)},
    )


def retire_order(facts: Facts, command: RetireOrder, context: Context) -> Decision:
    """The doors of an order that ended long ago leave the tablets; a scan of one of them is answered by the server."""
    order = facts.order
    if order is None or order.ended_at_us is None:
        return Rejected(RefusalCode.ORDER_UNKNOWN, {"order_id": command.order_id}, (NextStep.RELOAD,))
    if order.retired_at_us is not None:
        return Accepted(Change(), Flag.ALREADY)
    retired = order.model_copy(update={"retired_at_us": context.record_time_us})
    pieces = [piece.model_copy(update={"rack_id": None}) for piece in facts.pieces]
    rows = (*facts.doors, *pieces, *facts.labels, *facts.specifications)
    off = [row.model_copy(update={"is_retired": True}) for row in rows]
    event = EventDraft(EventKind.ORDER_RETIRED, order.id, {"order_number": order.number})
    return Accepted(Change((retired, *off), (event,)))


def live_lines(lines: Sequence[OrderLine]) -> list[OrderLine]:
    """The lines that count, in their order; a line that was taken out of a draft has number 0."""
    return sorted((line for line in lines if line.number > 0), key=lambda line: line.number)


def _new_lines(order_id: str, terms: Sequence[LineTerms], mint: Mint, first: int = 1) -> list[OrderLine]:
    return [
        OrderLine(**line.model_dump(), id=mint.new_id(), order_id=order_id, number=number)
        for number, line in enumerate(terms, start=first)
    ]


def _make_doors(
    order: Order, lines: Sequence[OrderLine], models: dict[str, DoorModel], mint: Mint
) -> tuple[Entity, ...]:
    made: list[Entity] = []
    total = sum(line.quantity or 0 for line in lines)
    number = 0
    for line in lines:
        assert line.model_id is not None, "find_problems() refuses a line without a model"
        model = models[line.model_id]
        specification = _specification(order.site_id, line, model, mint.new_id())
        made += [specification, line.model_copy(update={"specification_id": specification.id})]
        for _ in range(line.quantity or 0):
            number += 1
            made += _make_door(order, line, model, specification, (number, total), mint)
    return tuple(made)


def _make_door(
    order: Order, line: OrderLine, model: DoorModel, specification: Specification, place: tuple[int, int], mint: Mint
) -> list[Entity]:
    parts = [part for part in model.parts if line.kind in part.line_kinds]
    door = Door(
        id=mint.new_id(),
        site_id=order.site_id,
        order_id=order.id,
        order_number=order.number,
        order_line_id=line.id,
        specification_id=specification.id,
        number=place[0],
        of=place[1],
        room=line.room,
        pieces_total=len(parts),
    )
    made: list[Entity] = [door]
    for piece_number, part in enumerate(parts, start=1):
        piece = Piece(
            id=mint.new_id(),
            site_id=order.site_id,
            door_id=door.id,
            number=piece_number,
            of=len(parts),
            kind=part.piece_kind,
            route_version_id=part.route_version_id,
            specification_id=specification.id,
        )
        label = Label(
            id=mint.new_code(CodeKind.PIECE),
            site_id=order.site_id,
            target_id=piece.id,
            specification_id=specification.id,
            copies=1,
        )
        made += [piece, label]
    return made


def _specification(site_id: str, line: OrderLine, model: DoorModel, specification_id: str) -> Specification:
    sizes = (line.height_tenth_mm, line.width_tenth_mm, line.thickness_tenth_mm)
    assert all(sizes), "find_problems() asks for sizes"
    content = {
        "kind": line.kind,
        "model_id": model.id,
        "model_code": model.code,
        "model_name": model.name,
        "height_tenth_mm": line.height_tenth_mm,
        "width_tenth_mm": line.width_tenth_mm,
        "thickness_tenth_mm": line.thickness_tenth_mm,
        "wall_thickness_tenth_mm": line.wall_thickness_tenth_mm,
        "opening": line.opening,
        "colour": line.colour,
        "remarks": line.remarks,
    }
    content_hash = sha256_hex(canonical_json(content))
    return Specification.model_validate(
        {**content, "id": specification_id, "site_id": site_id, "content_hash": content_hash}
    )


def _cancelled(piece: Piece) -> Piece:
    return piece.model_copy(update={"state": PieceState.CANCELLED})
