"""What devices ask beyond a plain push and pull: versions, expired cursors, quarantine, scopes that come and go."""

import pytest
from sqlalchemy.orm import Session

from shared.schemas.commands import AssignDevice, PutMasterData, PutTrip, ReleaseQuarantine, RevokeDevice
from shared.schemas.people import Device, Role
from shared.schemas.production import Strictness
from shared.schemas.shipment import Trip, TripStop
from shared.schemas.sync import Cursor, RowOp, VerdictStatus
from sync_server.devices import quarantine
from sync_server.feed.reading import expired
from sync_server.feed.upkeep import compact
from sync_server.publishing import finish
from sync_server.scopes import scopes_for
from sync_server.unit import Unit
from tests.sync_server.server import Server, TabletSender


def scopes(server: Server, tablet: TabletSender) -> tuple[str, ...]:
    device = server.get(Device, tablet.sender.device_id)
    assert isinstance(device, Device)
    return server.database.read(lambda session: scopes_for(session, device))


def released(server: Server, device_id: str, incarnation: str) -> list[VerdictStatus]:
    """What becomes of what lay in quarantine, once a leader has vouched for it."""

    def release(session: Session) -> list[VerdictStatus]:
        unit = Unit(session, server.moment())
        verdicts = quarantine.release(unit, device_id, incarnation)
        finish(unit)
        return [verdict.status for verdict in verdicts]

    return server.database.write(release).result()


class TestQuarantine:
    def test_keeps_what_a_revoked_device_delivers_until_a_leader_vouches_for_it(self, server: Server) -> None:
        pieces, tablet = server.released(2), server.device()
        tablet.scan(pieces[0])
        tablet.push()
        server.office(RevokeDevice(device_id=tablet.sender.device_id, reason="丢了"))
        tablet.scan(pieces[1])
        for _ in range(2):
            verdicts = tablet.push(2).verdicts
            assert [(v.status, v.code) for v in verdicts] == [(VerdictStatus.PARKED, "quarantined")]
        assert server.piece(pieces[1].id).operations == []
        (pile,) = server.database.read(quarantine.piles)
        assert (pile.count, pile.reason) == (1, "device_revoked")

        device_id, incarnation = tablet.sender.device_id, tablet.sender.incarnation
        assert server.office(ReleaseQuarantine(device_id=device_id, incarnation=incarnation)).status is VerdictStatus.OK
        for expected in ([VerdictStatus.OK], []):
            assert released(server, device_id, incarnation) == expected
        assert len(server.piece(pieces[1].id).operations) == 1
        assert server.database.read(quarantine.piles) == []

    @pytest.mark.parametrize("has_hashes", [True, False])
    def test_keeps_a_copy_to_its_last_command_however_many_deliveries_that_takes(
        self, server: Server, *, has_hashes: bool
    ) -> None:
        original = server.device()
        copied = TabletSender(server, original.sender)
        for outbox, said in ((original, 0), (copied, 0), (original, 1)):
            outbox.record({"type": "of_a_later_app", "said": said})
        original.push()
        for number in range(2, 9):
            copied.record({"type": "of_a_later_app", "said": number})
        for raw in copied.recorded[1:] if not has_hashes else ():  # as an app of the first version sends it
            del raw["prev_hash"]
        told: list[int] = []
        for first, last in ((1, 3), (4, 6), (7, 8)):
            pushed = copied.push(first, last)
            assert (pushed.is_cloned, pushed.need, pushed.last_n) == (True, None, 2)
            told += [verdict.n for verdict in pushed.verdicts if verdict.code == "quarantined"]
        assert told == [2, 3, 4, 5, 6, 7, 8]
        (pile,) = server.database.read(quarantine.piles)
        assert (pile.count, pile.reason) == (7, quarantine.CLONED)
        original.record({"type": "of_a_later_app", "said": 9})
        assert original.push(3).last_n == 3

    def test_what_was_released_and_waits_is_closed_later_without_a_word_to_the_device(self, server: Server) -> None:
        """Two such scans had one and the same number, none, and kept whoever brought the missing ones from pushing."""
        server.system(server.factory.strict("PRESS", Strictness.ENFORCE))
        pieces, tablet, late = server.released(2)[::2], server.device(), server.device("迟到的平板")
        for piece in pieces:
            tablet.scan(piece, 20, station="PRESS")
        device_id, incarnation = tablet.sender.device_id, tablet.sender.incarnation
        server.office(RevokeDevice(device_id=device_id, reason="丢了"))
        tablet.push()
        assert released(server, device_id, incarnation) == [VerdictStatus.HELD, VerdictStatus.HELD]
        for piece in pieces:
            late.scan(piece, 10)
        assert late.statuses() == [VerdictStatus.OK, VerdictStatus.OK]
        assert [[o.number for o in server.piece(piece.id).operations] for piece in pieces] == [[10, 20], [10, 20]]
        assert [row for row in server.page(f"device:{device_id}").rows if row.entity == "verdict"] == []


class TestScopes:
    def test_a_row_that_leaves_a_scope_leaves_a_tombstone_until_the_horizon_passes(self, server: Server) -> None:
        site = server.factory.site
        other = site.model_copy(update={"id": server.factory.mint.new_id(), "code": "B"})
        scope = f"people:{site.id}"
        before = server.page(scope)
        moved = server.factory.people["李强"].model_copy(update={"site_id": other.id})
        server.system(PutMasterData(sites=[other], people=[moved]))
        (row,) = server.page(scope, before.next).rows
        assert (row.op, row.id) == (RowOp.REMOVE, moved.id)
        assert [row.id for row in server.page(f"people:{other.id}").rows] == [moved.id]
        later = server.factory.clock.now + 1
        assert server.database.write(lambda session: compact(session, later)).result() == 1
        cursors = {scope: before.next, "catalog": Cursor()}
        assert server.database.read(lambda session: expired(session, cursors)) == [scope]
        assert server.database.read(lambda session: expired(session, {scope: Cursor()})) == []

    def test_a_drivers_phone_holds_trips_and_nothing_of_the_floor(self, server: Server) -> None:
        pieces, phone = server.released(2), server.device("手机")
        driver = server.factory.people["李强"].model_copy(update={"roles": [Role.DRIVER]})
        server.system(PutMasterData(people=[driver]))
        floor = f"floor:{server.factory.site.id}"
        assert floor in scopes(server, phone)
        assign = AssignDevice(device_id=phone.sender.device_id, person_id=driver.id)
        phone.record(assign, "李强")
        assert phone.statuses() == [VerdictStatus.REJECTED]  # who is signed in there is only its own word
        assert floor in scopes(server, phone)
        assert server.office(assign).status is VerdictStatus.OK
        assert floor not in scopes(server, phone)
        stop = TripStop(number=1, consignee_name="王芳", address="某路 1 号", piece_ids=[pieces[0].id])
        trip = Trip(
            id=server.factory.mint.new_id(), site_id=driver.site_id, number="T1", driver_id=driver.id, stops=[stop]
        )
        assert server.office(PutTrip(trip=trip)).status is VerdictStatus.OK
        scope = f"trip:{trip.id}"
        assert scope in scopes(server, phone)
        assert {(row.entity, row.id) for row in server.page(scope).rows} == {("trip", trip.id), ("piece", pieces[0].id)}
        assert "王芳" not in "".join(row.body for row in server.page(floor).rows)
        other = stop.model_copy(update={"piece_ids": [pieces[1].id]})
        server.office(PutTrip(trip=trip.model_copy(update={"stops": [other]})))
        shown = {row.id for row in server.page(scope).rows if row.op is RowOp.PUT}
        assert shown == {trip.id, pieces[1].id}
