"""Orders as the office sees them: lists, the stages with their age, one order with its doors and pieces."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.rules import routing
from shared.rules.decision import EventKind
from shared.rules.progress import GONE
from shared.schemas.door import Door, Label, LabelState, Piece
from shared.schemas.order import Order, OrderLine, OrderState, Specification
from shared.schemas.people import Person
from shared.schemas.production import RouteVersion
from sync_server.storage.rows import SessionRows
from sync_server.tables import EventRow, OrderRow

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

    orders: list[Order]
    total: int
    number: int

    @property
    def has_next(self) -> bool:
        """Whether there is more."""
        return self.number * PAGE_SIZE < self.total


class SortKey(StrEnum):
    """What a list of orders can be sorted by."""

    PLACED = "placed"
    NUMBER = "number"
    CUSTOMER = "customer"
    STATE = "state"
    PROMISED = "promised"


@dataclass(frozen=True)
class Sort:
    """The order of a list; as text it is the key, with a minus in front where the largest comes first."""

    key: SortKey = SortKey.PLACED
    is_down: bool = True

    def __str__(self) -> str:
        return f"-{self.key}" if self.is_down else self.key.value

    @classmethod
    def parse(cls, text: str) -> "Sort":
        """The sort that this text says; the newest orders first where it says none."""
        key = text.removeprefix("-")
        return cls(SortKey(key), text.startswith("-")) if key in set(SortKey) else cls()

    def clicked(self, name: str) -> "Sort":
        """What a click on this column's head leads to: the other direction where the list is sorted by it already."""
        key = SortKey(name)
        return Sort(key, not self.is_down if key is self.key else key is SortKey.PLACED)


@dataclass(frozen=True)
class PieceLine:
    """A piece in its order's table: what is done, what is next, and its label."""

    piece: Piece
    route: RouteVersion | None
    code: str
    copies: int
    done: int
    total: int
    next_name: str
    next_name_en: str


@dataclass(frozen=True)
class DoorBlock:
    """A door with what it is made of."""

    door: Door
    specification: Specification | None
    pieces: list[PieceLine]


@dataclass(frozen=True)
class Cancellation:
    """Who cancelled an order, when and why."""

    at_us: int
    person: str
    reason: str


@dataclass(frozen=True)
class OrderView:
    """An order with everything below it."""

    order: Order
    lines: list[OrderLine]
    doors: list[DoorBlock]
    cancellation: Cancellation | None = None


def stages(session: Session) -> list[Stage]:
    """Every state that an order can be in, in the order of its life."""
    query = select(col(OrderRow.state), func.count(), func.min(col(OrderRow.placed_at_us))).group_by(
        col(OrderRow.state)
    )
    found = {OrderState(state): (count, oldest) for state, count, oldest in session.execute(query)}
    return [Stage(state, *found.get(state, (0, None))) for state in OrderState]


def find_orders(
    session: Session, text: str, state: OrderState | None, page: int, sort: Sort | None = None, *, has_customers: bool
) -> OrderPage:
    """Orders by number, customer, or the last digits of a phone; the newest first where no sort is asked for.

    Without `has_customers` nothing about a customer is found, sorted by, or given back.
    """
    sort = sort or Sort()
    if sort.key is SortKey.CUSTOMER and not has_customers:
        sort = Sort()
    query = _found(text, state, has_customers=has_customers)
    total = session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    ordered = query.order_by(*_ordering(sort)).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    orders = [_order(row) for row in session.execute(ordered).scalars()]
    return OrderPage(orders if has_customers else [without_customer(order) for order in orders], total, page)


def without_customer(order: Order) -> Order:
    """The order for somebody who may not know whose it is."""
    return order.model_copy(update={"customer_name": "", "customer_phone": "", "address": "", "remarks": ""})


def view_order(session: Session, order_id: str, *, has_customers: bool) -> OrderView | None:
    """One order, or None; without its customer where that is not asked for."""
    rows = SessionRows(session)
    order = rows.get(Order, order_id)
    if order is None:
        return None
    lines = sorted((line for line in rows.children(OrderLine, order_id) if line.number), key=lambda line: line.number)
    doors = sorted(rows.children(Door, order_id), key=lambda door: door.number)
    rows.prefetch_children(Piece, [door.id for door in doors])
    shown = order if has_customers else without_customer(order)
    cancelled = _cancellation(session, rows, order) if order.state is OrderState.CANCELLED else None
    return OrderView(shown, lines, [_door_block(rows, door) for door in doors], cancelled)


def _order(row: OrderRow) -> Order:
    return Order.model_validate({name: getattr(row, name) for name in Order.model_fields})


def _found(text: str, state: OrderState | None, *, has_customers: bool) -> Select[OrderRow]:
    query = select(OrderRow)
    if state is not None:
        query = query.where(col(OrderRow.state) == state)
    if text:
        places: list[Any] = [col(OrderRow.number).icontains(text, autoescape=True)]
        if has_customers:
            places.append(col(OrderRow.customer_name).contains(text, autoescape=True))
            places.append(col(OrderRow.customer_phone).endswith(text, autoescape=True))
        query = query.where(or_(*places))
    return query


def _ordering(sort: Sort) -> list[Any]:
    """What to sort by. The number comes last and is unique, so that no order stands on two pages or on none."""
    place = case({state.value: at for at, state in enumerate(OrderState)}, value=col(OrderRow.state))
    values: dict[SortKey, Any] = {
        SortKey.PLACED: col(OrderRow.placed_at_us),
        SortKey.NUMBER: col(OrderRow.number),
        SortKey.CUSTOMER: col(OrderRow.customer_name),
        SortKey.STATE: place,
        SortKey.PROMISED: col(OrderRow.promised_on),
    }
    value = values[sort.key]
    empty_last = [col(OrderRow.promised_on) == ""] if sort.key is SortKey.PROMISED else []
    return [*empty_last, value.desc() if sort.is_down else value.asc(), col(OrderRow.number).desc()]


def _cancellation(session: Session, rows: SessionRows, order: Order) -> Cancellation | None:
    query = select(EventRow).where(col(EventRow.subject) == order.id, col(EventRow.kind) == EventKind.ORDER_CANCELLED)
    event = session.execute(query).scalars().first()
    if event is None:
        return None
    person = rows.get(Person, event.person_id) if event.person_id else None
    return Cancellation(event.event_time_us, person.name if person else "", str(event.detail.get("reason") or ""))


def _door_block(rows: SessionRows, door: Door) -> DoorBlock:
    pieces: Sequence[Piece] = sorted(rows.children(Piece, door.id), key=lambda piece: piece.number)
    lines = [piece_line(rows, piece) for piece in pieces]
    return DoorBlock(door, rows.get(Specification, door.specification_id), lines)


def piece_line(rows: SessionRows, piece: Piece) -> PieceLine:
    """A piece with its place on its route."""
    route = rows.get(RouteVersion, piece.route_version_id)
    operations = route.operations if route else []
    due = routing.next_operation(piece, route) if route and piece.state not in GONE else None
    labels = rows.children(Label, piece.id)
    live = [label for label in labels if label.state is LabelState.LIVE] or list(labels)
    done = sum(routing.is_ended(piece, operation.number) for operation in operations)
    code, copies = (live[0].id, live[0].copies) if live else ("", 0)
    names = (due.name, due.name_en or due.name) if due else ("", "")
    return PieceLine(piece, route, code, copies, done, len(operations), *names)
