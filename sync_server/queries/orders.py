"""Orders as the office sees them: lists, the stages with their age, one order with its doors and pieces."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.rules import routing
from shared.schemas.door import Door, Label, Piece
from shared.schemas.order import Order, OrderLine, OrderState, Specification
from shared.schemas.production import RouteVersion
from sync_server.rows import SessionRows
from sync_server.tables import OrderRow

PAGE_SIZE = 50


@dataclass(frozen=True)
class Stage:
    """How many orders are in a state, and since when the oldest of them has been waiting."""

    state: OrderState
    count: int
    oldest_us: int | None


@dataclass(frozen=True)
class OrderPage:
    """One page of a list; `total` counts all of it."""

    orders: list[OrderRow]
    total: int
    number: int

    @property
    def has_next(self) -> bool:
        """Whether there is more."""
        return self.number * PAGE_SIZE < self.total


@dataclass(frozen=True)
class PieceLine:
    """A piece in its order's table: what is done, what is next, and its label."""

    piece: Piece
    code: str
    done: int
    total: int
    next_name: str


@dataclass(frozen=True)
class DoorBlock:
    """A door with what it is made of."""

    door: Door
    specification: Specification | None
    pieces: list[PieceLine]


@dataclass(frozen=True)
class OrderView:
    """An order with everything below it."""

    order: Order
    lines: list[OrderLine]
    doors: list[DoorBlock]


def stages(session: Session) -> list[Stage]:
    """Every state that an order can be in, in the order of its life."""
    query = select(col(OrderRow.state), func.count(), func.min(col(OrderRow.placed_at_us))).group_by(
        col(OrderRow.state)
    )
    found = {OrderState(state): (count, oldest) for state, count, oldest in session.execute(query)}
    return [Stage(state, *found.get(state, (0, None))) for state in OrderState]


def find_orders(session: Session, text: str, state: OrderState | None, page: int) -> OrderPage:
    """Orders by number, customer, or the last digits of a phone; the newest first."""
    query = _found(text, state)
    total = session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    ordered = query.order_by(col(OrderRow.placed_at_us).desc(), col(OrderRow.number).desc())
    orders = list(session.execute(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).scalars())
    for order in orders:
        session.expunge(order)
    return OrderPage(orders, total, page)


def view_order(session: Session, order_id: str) -> OrderView | None:
    """One order, or None."""
    rows = SessionRows(session)
    order = rows.get(Order, order_id)
    if order is None:
        return None
    lines = sorted((line for line in rows.children(OrderLine, order_id) if line.number), key=lambda line: line.number)
    doors = sorted(rows.children(Door, order_id), key=lambda door: door.number)
    rows.prefetch_children(Piece, [door.id for door in doors])
    return OrderView(order, lines, [_door_block(rows, door) for door in doors])


def _found(text: str, state: OrderState | None) -> Select[OrderRow]:
    query = select(OrderRow)
    if state is not None:
        query = query.where(col(OrderRow.state) == state)
    if text:
        query = query.where(
            or_(
                col(OrderRow.number).icontains(text, autoescape=True),
                col(OrderRow.customer_name).contains(text, autoescape=True),
                col(OrderRow.customer_phone).endswith(text, autoescape=True),
            )
        )
    return query


def _door_block(rows: SessionRows, door: Door) -> DoorBlock:
    pieces: Sequence[Piece] = sorted(rows.children(Piece, door.id), key=lambda piece: piece.number)
    lines = [piece_line(rows, piece) for piece in pieces]
    return DoorBlock(door, rows.get(Specification, door.specification_id), lines)


def piece_line(rows: SessionRows, piece: Piece) -> PieceLine:
    """A piece with its place on its route."""
    route = rows.get(RouteVersion, piece.route_version_id)
    operations = route.operations if route else []
    due = routing.next_operation(piece, route) if route else None
    labels = rows.children(Label, piece.id)
    live = [label for label in labels if label.state == "live"] or list(labels)
    done = sum(routing.is_ended(piece, operation.number) for operation in operations)
    return PieceLine(piece, live[0].id if live else "", done, len(operations), due.name if due else "")
