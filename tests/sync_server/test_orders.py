"""Drafts that were edited before their release."""

from shared.schemas.commands import PlaceOrder, ReleaseOrder, ReviseOrder
from shared.schemas.door import Door
from shared.schemas.order import Order
from shared.schemas.sync import VerdictStatus
from tests.sync_server.server import Server


def revised(placed: PlaceOrder, seen_rev: int, kept_lines: int) -> ReviseOrder:
    return ReviseOrder(order_id=placed.order_id, seen_rev=seen_rev, terms=placed.terms, lines=placed.lines[:kept_lines])


class TestReviseOrder:
    def test_a_line_that_was_taken_out_is_not_made(self, server: Server) -> None:
        factory = server.factory
        placed = factory.order(factory.line(room="主卧"), factory.line(room="次卧", quantity=2))
        server.office(placed)
        assert server.office(revised(placed, 1, 1)).status is VerdictStatus.OK
        verdict = server.office(ReleaseOrder(order_id=placed.order_id))
        assert verdict.status is VerdictStatus.OK, verdict
        assert [(door.room, door.of) for door in server.children(Door, placed.order_id)] == [("主卧", 1)]

    def test_a_line_that_is_added_after_another_was_taken_out_is_made(self, server: Server) -> None:
        factory = server.factory
        placed = factory.order(factory.line(room="主卧"), factory.line(room="次卧"))
        server.office(placed)
        server.office(revised(placed, 1, 1))
        more = [*placed.lines, factory.line(room="书房")]
        again = ReviseOrder(order_id=placed.order_id, seen_rev=2, terms=placed.terms, lines=more)
        assert server.office(again).status is VerdictStatus.OK
        assert server.office(ReleaseOrder(order_id=placed.order_id)).status is VerdictStatus.OK
        rooms = [door.room for door in sorted(server.children(Door, placed.order_id), key=lambda door: door.number)]
        assert rooms == ["主卧", "次卧", "书房"]

    def test_is_refused_when_somebody_else_edited_meanwhile(self, server: Server) -> None:
        placed = server.factory.order()
        server.office(placed)
        assert server.office(revised(placed, 1, 1)).status is VerdictStatus.OK
        late = server.office(revised(placed, 1, 1))
        assert (late.status, late.code) == (VerdictStatus.REJECTED, "order_changed_meanwhile")

    def test_is_refused_after_the_release(self, server: Server) -> None:
        piece = server.released()[0]
        order = server.order_of(piece)
        assert isinstance(order, Order)
        late = server.office(ReviseOrder(order_id=order.id, seen_rev=order.rev, terms=order, lines=[]))
        assert (late.status, late.code) == (VerdictStatus.REJECTED, "order_not_a_draft")
