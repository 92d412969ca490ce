"""The world in which a plan happens, one action after another; then everybody comes to rest."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import JsonValue

from mobile.platform import HttpAnswer
from mumen.simulator.actions import Action, Kind, Plan
from mumen.simulator.disks import Crash
from mumen.simulator.factory import ROUTE, START_US, TRIP_SECRET, SimFactory
from mumen.simulator.server import Reply, Request, SimServer, Turn, first_image, place_and_release
from mumen.simulator.tablet import SimTablet, empty_image
from shared.canonical import sha256_hex
from shared.label_code import RANDOM_BITS, CodeKind, make
from shared.mint import RandomMint
from shared.rules.conflicts import choices
from shared.schemas.commands import (
    CancelOrder,
    CloseTrip,
    InspectionOutcome,
    InviteDevice,
    PutMasterData,
    PutTrip,
    ResolveConflict,
    RetireOrder,
    RevokeDevice,
    ReworkPiece,
)
from shared.schemas.identifiers import ENROLMENT_VALID_US
from shared.schemas.quality import Conflict, ConflictState
from shared.schemas.shipment import Trip, TripStop
from shared.schemas.sync import ENROL_PATH
from sync_server import feed
from sync_server.rows import SessionRows
from sync_server.tables import LabelRow, OrderRow, PieceRow

STATIONS = ("A-CUT", "A-PRESS", "A-FQC", "A-PACK", "B-CUT")
WORKERS = ("operator", "second", "inspector", "leader")
SECOND_US = 1_000_000
MORNING_SEED = 10**12
"""Worlds in which devices are enrolled have seeds beyond those of the worlds that people ask for."""

REST_ROUNDS_MAX = 80
"""Rounds with the server that every device gets after the last fault; more than it should ever need."""


@dataclass(eq=False)
class Flight:
    """A request on the wire or in the server's hands, and its answer on the way back."""

    tablet: SimTablet | None
    """Who waits for the answer; nobody for a copy."""
    path: str
    body: bytes
    headers: dict[str, str]
    serving: Request | None = None
    reply: Reply | None = None


@dataclass(frozen=True)
class Morning:
    """What is on the disks of the server and of its devices before anything has happened."""

    server: bytes
    tablets: tuple[bytes, ...]


@cache
def _factory_and_disks() -> tuple[SimFactory, bytes, bytes]:
    """The factory, a server's disk that holds it, and the disk of a device that was never opened."""
    factory = SimFactory()
    return factory, first_image(factory, orders=3, quantity=2), empty_image()


@cache
def _morning(tablets: int, first_station: int) -> Morning:
    """So many devices, enrolled over a quiet network. Made once a process: all worlds of this size begin with it."""
    _, server, empty = _factory_and_disks()
    if tablets == 0:
        return Morning(server, ())
    before = _morning(tablets - 1, first_station)
    seed = MORNING_SEED + tablets * len(STATIONS) + first_station
    world = World(Plan(seed, tablets, (), ()), Morning(before.server, (*before.tablets, empty)))
    world.enrol(world.tablets[-1])
    return Morning(world.server.disk.image(), tuple(tablet.disk.image() for tablet in world.tablets))


@dataclass
class World:
    """One server, some devices, and everything between them."""

    plan: Plan
    morning: Morning | None = None
    """How it begins; None for devices that are enrolled and at their stations."""
    now_us: int = START_US
    wire: list[Flight] = field(default_factory=list[Flight])
    served: list[Flight] = field(default_factory=list[Flight])
    """Requests that came through: they can come again."""
    cut: set[int] = field(default_factory=set[int])
    backups: list[bytes] = field(default_factory=list[bytes])

    def __post_init__(self) -> None:
        """Everything is switched on."""
        morning = self.morning or _morning(self.plan.tablets, self.plan.seed % len(STATIONS))
        self.factory = _factory_and_disks()[0]
        self.chance = random.Random(self.plan.seed + 1)
        self.mint = RandomMint(lambda: self.now_us, self.chance.getrandbits)
        self.server = SimServer(morning.server, self.factory, lambda: self.now_us, self.mint)
        self.tablets = [self._tablet(number, image) for number, image in enumerate(morning.tablets)]
        self.steps = 0

    def _tablet(self, number: int, image: bytes) -> SimTablet:
        """The device of this number, with this on its disk."""
        station = STATIONS[(number + self.plan.seed) % len(STATIONS)]
        skew_us = self.plan.skews_us[number] if number < len(self.plan.skews_us) else 0
        worker = "inspector" if station.endswith("FQC") else WORKERS[number % 2]
        chance = random.Random(self.plan.seed * 100 + number)
        return SimTablet(number, image, lambda: self.now_us + skew_us, chance, station, worker)

    def enrol(self, tablet: SimTablet) -> None:
        """Lets the device in over a quiet network."""
        code = make(CodeKind.ENROLMENT, self.chance.getrandbits(RANDOM_BITS))
        invite = InviteDevice(
            enrolment_id=self.mint.new_id(),
            site_id=self.factory.sites[tablet.station[0]].id,
            device_name=f"平板 {tablet.number}",
            token_hash=sha256_hex(code.encode()),
            expires_at_us=self.now_us + ENROLMENT_VALID_US,
        )
        self.server.submit(invite, "manager", self.mint.new_id())
        if tablet.round is None:
            tablet.start_round(tablet.engine.enrol(code))
            self.finish_round(tablet)
            tablet.sign_in_or_crash()

    # ---- time goes on ----

    def run(self) -> None:
        """Everything that the plan says, then rest."""
        for action in self.plan.actions:
            self.step(action)
        self.rest()

    def step(self, action: Action) -> None:
        """One thing happens; a second goes by."""
        self.steps += 1
        self.now_us += SECOND_US
        _DO[action.kind](self, action)
        self._collect_asks()

    def rest(self) -> None:
        """No more faults: everybody talks to the server until nothing is left to say."""
        self.cut.clear()
        for flight in self.wire:
            if flight.serving is not None:
                flight.serving.close()
            flight.serving = None
        self.wire = [flight for flight in self.wire if flight.tablet is not None and flight.reply is None]
        for tablet in self.tablets:
            tablet.disk.make_room()
            tablet.crash()
        self.server.start(self.server.disk)
        self.wire.clear()
        for _ in range(REST_ROUNDS_MAX):
            self.now_us += SECOND_US
            self._let_in_who_was_forgotten()
            heads = self.heads()
            for tablet in self.tablets:
                tablet.start_round()
                self.finish_round(tablet)
            if heads == self.heads() and not any(t.waiting() for t in self.tablets if not t.is_revoked):
                return
        raise AssertionError("I7: the world does not come to rest")

    def _let_in_who_was_forgotten(self) -> None:
        """A backup from before a device's enrolment does not know it: somebody enrols it anew."""
        for tablet in self.tablets:
            if tablet.engine.sync_state.problem == "not_enrolled" and not tablet.is_revoked:
                self.enrol(tablet)

    def heads(self) -> list[tuple[str, int, int]]:
        """How far every scope is."""
        query = "SELECT scope, epoch, head FROM scope_head ORDER BY scope"
        return [tuple(row) for row in self.server.disk.connection.execute(query).fetchall()]

    def finish_round(self, tablet: SimTablet) -> None:
        """Carries a device's round through to its end, undisturbed."""
        for _ in range(200):
            if tablet.round is None:
                return
            assert tablet.ask is not None, "a round that is not over waits for an answer"
            ask = tablet.ask
            self.wire = [flight for flight in self.wire if flight.tablet is not tablet]
            try:
                reply = self._serve_whole(ask.path, ask.body, ask.headers)
            except Crash:
                self.crash_server()
                tablet.resume(None, is_lost=True)
            else:
                tablet.resume(HttpAnswer(reply.status, reply.body, reply.headers))
        raise AssertionError("I7: a round does not end")

    def _serve_whole(self, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        if path == ENROL_PATH:
            return self.server.enrol(body)
        request = self.server.handle(path, body, headers)
        while True:
            try:
                request.send(None)
            except StopIteration as done:
                reply: Reply = done.value
                return reply

    def _collect_asks(self) -> None:
        """Requests that devices have just made go onto the wire."""
        waiting = {id(flight.tablet) for flight in self.wire if flight.tablet is not None}
        for tablet in self.tablets:
            if tablet.ask is not None and id(tablet) not in waiting:
                self.wire.append(Flight(tablet, tablet.ask.path, tablet.ask.body, tablet.ask.headers))

    # ---- what the network does ----

    def deliver(self, action: Action) -> None:
        """A request reaches the server, goes on there for one transaction, or its answer comes back."""
        if not self.wire:
            return
        flight = self.wire[action.a % len(self.wire)]
        if flight.tablet is not None and flight.tablet.number in self.cut:
            self.lose(action)
            return
        if flight.reply is not None:
            self.wire.remove(flight)
            if flight.tablet is not None and self._is_awaited(flight):
                flight.tablet.resume(HttpAnswer(flight.reply.status, flight.reply.body, flight.reply.headers))
            return
        self._serve(flight)

    def _serve(self, flight: Flight) -> None:
        """The server works on it up to its next wait."""
        if flight.path == ENROL_PATH:
            flight.reply = self.server.enrol(flight.body)
            return
        if flight.serving is None:
            flight.serving = self.server.handle(flight.path, flight.body, flight.headers)
        try:
            turn: Turn = flight.serving.send(None)
            del turn
        except StopIteration as done:
            flight.reply, flight.serving = done.value, None
            self.served.append(Flight(None, flight.path, flight.body, flight.headers))
        except Crash:
            self.crash_server()

    def lose(self, action: Action) -> None:
        """A request or its answer is gone; the device learns of it when it has waited long enough."""
        if not self.wire:
            return
        flight = self.wire.pop(action.a % len(self.wire))
        if flight.serving is not None:
            flight.serving.close()
        if flight.tablet is not None and self._is_awaited(flight):
            flight.tablet.resume(None, is_lost=True)

    def double(self, action: Action) -> None:
        """A request comes twice; nobody waits for the answer to the copy."""
        if self.wire:
            flight = self.wire[action.a % len(self.wire)]
            self.wire.append(Flight(None, flight.path, flight.body, flight.headers))

    def replay(self, action: Action) -> None:
        """A request from long ago comes once more."""
        if self.served:
            old = self.served[action.a % len(self.served)]
            self.wire.append(Flight(None, old.path, old.body, old.headers))

    def crash_server(self) -> None:
        """What the server had in hand is gone; whoever waits for it hears nothing."""
        for flight in self.wire:
            if flight.serving is not None:
                flight.serving.close()
                flight.serving = None
        self.server.start(self.server.disk)

    def _is_awaited(self, flight: Flight) -> bool:
        tablet = flight.tablet
        return tablet is not None and tablet.ask is not None and tablet.ask.body is flight.body

    # ---- what people do ----

    def pick(self, action: Action) -> SimTablet:
        """The device that the action is about."""
        return self.tablets[action.a % len(self.tablets)]

    def scan(self, action: Action) -> None:
        """Somebody scans a label: mostly of a piece that is on its way, sometimes of any."""
        codes = self._column(LabelRow)
        if not codes:
            return
        few = codes[: 4 + self.plan.seed % 5]
        code = few[action.b % len(few)] if action.c % 8 else codes[action.b % len(codes)]
        if action.c % 37 == 0:
            code = make(CodeKind.PIECE, action.b)
        outcome = InspectionOutcome.FAIL if action.c % 3 == 0 else InspectionOutcome.PASS
        self.pick(action).scan(code, outcome)

    def poison(self, action: Action) -> None:
        """A command of a type or a shape that this server has never heard of."""
        bodies: tuple[dict[str, JsonValue], ...] = (
            {"type": "paint_it_blue", "version": 9},
            {"type": "complete_operation"},
            {},
            {"type": None},
        )
        self.pick(action).append(bodies[action.b % len(bodies)])

    def old_command(self, action: Action) -> None:
        """What an app of the first version recorded at an inspection."""
        codes = self._column(LabelRow)
        label = self._row("SELECT id, target_id FROM label WHERE id = ?", codes[action.b % len(codes)])
        body = {
            "type": "record_inspection",
            "version": 1,
            "piece_id": label[1],
            "label_code": label[0],
            "operation_number": 100,
            "loop_number": 0,
            "outcome": "fail" if action.c % 2 else "pass",
            "reason": "划伤",
        }
        self.pick(action).append(body, piece_id=label[1])

    def order(self, action: Action) -> None:
        """The office releases one more order."""
        place_and_release(self.server, 1 + action.a % 2, self.mint.new_id())

    def office(self, command: Any, person: str = "leader") -> None:
        """A command from the office."""
        self.server.submit(command, person, self.mint.new_id())

    def cancel(self, action: Action) -> None:
        """An order is called off."""
        self.office(CancelOrder(order_id=self._one(OrderRow, action.a)), "manager")

    def rework(self, action: Action) -> None:
        """A leader sends a piece back."""
        piece_id = self._one(PieceRow, action.a)
        numbers = [number for number, _, _ in ROUTE]
        first = action.b % 3
        loop_number = action.c % 2
        command = ReworkPiece(
            piece_id=piece_id, from_number=numbers[first], to_number=numbers[2], loop_number=loop_number
        )
        self.office(command)

    def resolve(self, action: Action) -> None:
        """A leader decides a conflict."""
        rows = self._ids("SELECT id FROM conflict WHERE state != 'resolved' ORDER BY id")
        if not rows:
            return
        conflict_id = rows[action.a % len(rows)]
        conflict = self.server.run(lambda session: SessionRows(session).get(Conflict, conflict_id))
        offered = choices(conflict) if conflict is not None and conflict.state is not ConflictState.RESOLVED else ()
        if offered:
            self.office(ResolveConflict(conflict_id=conflict_id, resolution=offered[action.b % len(offered)]))

    def retire(self, action: Action) -> None:
        """The timer takes an ended order off the tablets."""
        self.server.submit(RetireOrder(order_id=self._one(OrderRow, action.a)), None, self.mint.new_id())

    def move_person(self, action: Action) -> None:
        """Somebody moves to the other site."""
        name = WORKERS[action.a % len(WORKERS)]
        site = self.factory.sites["AB"[action.b % 2]]
        person = self.factory.people[name].model_copy(update={"site_id": site.id})
        self.server.submit(PutMasterData(people=[person]), None, self.mint.new_id())

    def trip(self, action: Action) -> None:
        """A trip is planned, or planned anew."""
        pieces = self._column(PieceRow)
        chosen = [piece_id for number, piece_id in enumerate(pieces) if (action.b >> (number % 16)) & 1]
        trip_id = sha256_hex(b"trip%d" % (action.a % 2))[:32]
        trip_id = f"{trip_id[:8]}-{trip_id[8:12]}-{trip_id[12:16]}-{trip_id[16:20]}-{trip_id[20:32]}"
        stop = TripStop(number=1, consignee_name=f"{TRIP_SECRET} 李", address=f"{TRIP_SECRET} 路", piece_ids=chosen)
        trip = Trip(
            id=trip_id,
            site_id=self.factory.sites["A"].id,
            number="T1",
            driver_id=self.factory.people["driver"].id,
            stops=[stop],
        )
        self.office(PutTrip(trip=trip), "manager")
        self._bind_a_phone()

    def close_trip(self, action: Action) -> None:
        """A trip is over."""
        trips = self._ids("SELECT id FROM trip ORDER BY id")
        if trips:
            self.office(CloseTrip(trip_id=trips[action.a % len(trips)]), "manager")

    # ---- what befalls devices and the server ----

    def enrol_again(self, action: Action) -> None:
        """A device is enrolled anew: what it had recorded before is still sent."""
        tablet = self.pick(action)
        if tablet.round is None and not tablet.is_revoked:
            self.enrol(tablet)

    def revoke(self, action: Action) -> None:
        """The office shuts a device out."""
        tablet = self.pick(action)
        identity = tablet.engine.identity
        if identity is not None and len(self.tablets) > 1:
            self.office(RevokeDevice(device_id=identity.device_id), "manager")
            tablet.is_revoked = True

    def release_quarantine(self, action: Action) -> None:
        """A leader vouches for what a device delivered."""
        piles = self.server.disk.connection.execute(
            "SELECT DISTINCT device_id, incarnation FROM quarantine WHERE released_at_us IS NULL ORDER BY 1, 2"
        ).fetchall()
        if piles:
            self.server.release_quarantine(*piles[action.a % len(piles)])

    def clone(self, action: Action) -> None:
        """Somebody copies a device's storage, key and all, and both go on working."""
        tablet = self.pick(action)
        if len(self.tablets) > self.plan.tablets + 1 or tablet.round is not None:
            return
        number, clock = tablet.number, tablet.platform.now_us
        chance = random.Random(self.plan.seed * 100 + 50 + number)
        copy = SimTablet(number, tablet.disk.image(), clock, chance, tablet.station, tablet.worker)
        copy.is_clone = tablet.is_clone = True
        self.tablets.append(copy)

    def compact(self, action: Action) -> None:
        """The feed forgets its tombstones, however young."""
        del action
        self.server.run(lambda session: feed.compact(session, self.now_us + 1))

    def back_up(self, action: Action) -> None:
        """A copy of the database is put away."""
        del action
        self.backups.append(self.server.disk.image())

    def restore(self, action: Action) -> None:
        """The database is put back to an older day."""
        if self.backups:
            self.crash_server()
            self.server.restore(self.backups[action.a % len(self.backups)])

    def _bind_a_phone(self) -> None:
        """The last device becomes the driver's phone."""
        tablet = self.tablets[-1]
        tablet.worker = "driver"
        identity = tablet.engine.identity
        if identity is None:
            return
        body = {
            "type": "bind_device",
            "version": 1,
            "station_id": None,
            "person_id": self.factory.people["driver"].id,
        }
        tablet.append(body)

    # ---- looking things up ----

    def _column(self, table: Any) -> list[str]:
        """The ids of a table's rows, in order."""
        return self._ids(f'SELECT id FROM "{table.__tablename__}" ORDER BY id')  # noqa: S608 - our own table's name

    def _one(self, table: Any, number: int) -> str:
        ids = self._column(table)
        return ids[number % len(ids)]

    def _ids(self, query: str) -> list[str]:
        return [row[0] for row in self.server.disk.connection.execute(query).fetchall()]

    def _row(self, query: str, *values: object) -> tuple[Any, ...]:
        row: tuple[Any, ...] = self.server.disk.connection.execute(query, values).fetchone()
        return row


def _crash_device(world: World, action: Action) -> None:
    world.pick(action).crash()
    world.wire = [f for f in world.wire if f.tablet is None or f.tablet.round is not None]


def _cut(world: World, action: Action) -> None:
    world.cut ^= {world.pick(action).number}


def _pass_time(world: World, action: Action) -> None:
    world.now_us += (1 + action.a % 40) * 3_600 * SECOND_US
    world.server.run_jobs()


def _jump_clock(world: World, action: Action) -> None:
    world.pick(action).jump_us += (action.b - 32_768) * 10_000 * SECOND_US


def _fill_disk(world: World, action: Action) -> None:
    tablet = world.pick(action)
    if action.b % 2:
        tablet.disk.fill()
    else:
        tablet.disk.make_room()


_DO: dict[Kind, Callable[[World, Action], None]] = {
    Kind.SCAN: World.scan,
    Kind.SYNC: lambda world, action: world.pick(action).start_round(),
    Kind.DELIVER: World.deliver,
    Kind.LOSE: World.lose,
    Kind.DOUBLE: World.double,
    Kind.CUT: _cut,
    Kind.CRASH_DEVICE: _crash_device,
    Kind.CRASH_DEVICE_AT_COMMIT: lambda w, a: w.pick(a).disk.crash_at_commit(1 + a.b % 4, is_after=bool(a.c % 2)),
    Kind.CRASH_SERVER: lambda world, _: world.crash_server(),
    Kind.CRASH_SERVER_AT_COMMIT: lambda w, a: w.server.disk.crash_at_commit(1 + a.b % 4, is_after=bool(a.c % 2)),
    Kind.FILL_DISK: _fill_disk,
    Kind.JUMP_CLOCK: _jump_clock,
    Kind.PASS_TIME: _pass_time,
    Kind.BACK_UP: World.back_up,
    Kind.RESTORE: World.restore,
    Kind.COMPACT: World.compact,
    Kind.ORDER: World.order,
    Kind.CANCEL: World.cancel,
    Kind.REWORK: World.rework,
    Kind.RESOLVE: World.resolve,
    Kind.RETIRE: World.retire,
    Kind.MOVE_PERSON: World.move_person,
    Kind.TRIP: World.trip,
    Kind.CLOSE_TRIP: World.close_trip,
    Kind.ENROL_AGAIN: World.enrol_again,
    Kind.REVOKE: World.revoke,
    Kind.RELEASE_QUARANTINE: World.release_quarantine,
    Kind.CLONE: World.clone,
    Kind.REPLAY: World.replay,
    Kind.OLD_COMMAND: World.old_command,
    Kind.POISON: World.poison,
}
