"""The world in which a plan happens, one action after another; then everybody comes to rest."""

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from mobile.platform import HttpAnswer
from mumen.simulator import faults, people, uploads, wire
from mumen.simulator.actions import Action, Kind, Plan
from mumen.simulator.disks import Crash
from mumen.simulator.factory import START_US, WORKERS, SimFactory
from mumen.simulator.platform import Ask
from mumen.simulator.server import Reply, SimServer, first_image
from mumen.simulator.tablet import SimTablet, empty_image
from mumen.simulator.wire import Flight
from shared.canonical import sha256_hex
from shared.label_code import RANDOM_BITS, CodeKind, make
from shared.mint import RandomMint
from shared.schemas.commands import (
    InviteDevice,
)
from shared.schemas.identifiers import ENROLMENT_VALID_US, TRANSACTION_COMMANDS_MAX
from shared.schemas.sync import ENROL_PATH

STATIONS = ("A-CUT", "A-PRESS", "A-FQC", "A-PACK", "B-CUT")
SECOND_US = 1_000_000
MORNING_SEED = 10**12
"""Worlds in which devices are enrolled have seeds beyond those of the worlds that people ask for."""

REST_ROUNDS_MAX = 80
"""Rounds with the server that every device gets after the last fault; more than it should ever need."""


SMALL_TRANSACTION = 3
"""In some worlds the server takes only so many commands at once: an outbox there is longer than one transaction."""


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
    world.close()
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
    backups: list[faults.Backup] = field(default_factory=list[faults.Backup])
    """The first one is of the morning."""

    def __post_init__(self) -> None:
        """Everything is switched on."""
        morning = self.morning or _morning(self.plan.tablets, self.plan.seed % len(STATIONS))
        self.factory = _factory_and_disks()[0]
        self.backups.append(faults.Backup(morning.server, set()))
        self.chance = random.Random(self.plan.seed + 1)
        self.mint = RandomMint(lambda: self.now_us, self.chance.getrandbits)
        self.photos = uploads.make_folder()
        commands_max = SMALL_TRANSACTION if self.plan.seed % 3 == 0 else TRANSACTION_COMMANDS_MAX
        self.server = SimServer(morning.server, self.factory, lambda: self.now_us, self.mint, self.photos, commands_max)
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

    def forget_photo(self, sha256: str) -> None:
        """These bytes are gone from the server; where the device had let go of them already, nobody has them."""
        for tablet in self.tablets:
            if sha256 not in tablet.platform.files:
                tablet.photos.pop(sha256, None)

    def close(self) -> None:
        """Nothing of it stays on the machine."""
        shutil.rmtree(self.photos, ignore_errors=True)

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
            tablet.platform.is_app_too_old = False
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
            is_said = not any(tablet.waiting() for tablet in self.tablets if not tablet.is_locked_out)
            if is_said and heads == self.heads() and not self._forgotten():
                return
        raise AssertionError("I7: the world does not come to rest")

    def _let_in_who_was_forgotten(self) -> None:
        """A backup from before a device's enrolment does not know it: somebody enrols it anew."""
        for tablet in self._forgotten():
            self.enrol(tablet)

    def _forgotten(self) -> list[SimTablet]:
        """The devices that the server does not know."""
        return [tablet for tablet in self.tablets if tablet.is_unknown and not tablet.is_revoked]

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
                reply = self._serve_whole(ask)
            except Crash:
                self.crash_server()
                tablet.resume(None, is_lost=True)
            else:
                tablet.resume(HttpAnswer(reply.status, reply.body, reply.headers))
        raise AssertionError("I7: a round does not end")

    def _serve_whole(self, ask: Ask) -> Reply:
        if ask.path == ENROL_PATH:
            return self.server.enrol(ask.body)
        request = self.server.handle(ask)
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
                self.wire.append(Flight(tablet, tablet.ask))

    # ---- what the network does ----

    def crash_server(self) -> None:
        """What the server had in hand is gone; whoever waits for it hears nothing."""
        for flight in self.wire:
            if flight.serving is not None:
                flight.serving.close()
                flight.serving = None
        self.server.start(self.server.disk)

    def pick(self, action: Action) -> SimTablet:
        """The device that the action is about."""
        return self.tablets[action.a % len(self.tablets)]

    def office(self, command: Any, person: str = "leader") -> None:
        """A command from the office."""
        self.server.submit(command, person, self.mint.new_id())


_DO: dict[Kind, Callable[[World, Action], None]] = {
    Kind.SCAN: people.scan,
    Kind.SYNC: lambda world, action: world.pick(action).start_round(),
    Kind.DELIVER: wire.deliver,
    Kind.LOSE: wire.lose,
    Kind.DOUBLE: wire.double,
    Kind.CUT: faults.cut,
    Kind.CRASH_DEVICE: faults.crash_device,
    Kind.CRASH_DEVICE_AT_COMMIT: lambda w, a: w.pick(a).disk.crash_at_commit(1 + a.b % 4, is_after=bool(a.c % 2)),
    Kind.CRASH_SERVER: lambda world, _: world.crash_server(),
    Kind.CRASH_SERVER_AT_COMMIT: lambda w, a: w.server.disk.crash_at_commit(1 + a.b % 4, is_after=bool(a.c % 2)),
    Kind.FILL_DISK: faults.fill_disk,
    Kind.JUMP_CLOCK: faults.jump_clock,
    Kind.PASS_TIME: faults.pass_time,
    Kind.BACK_UP: faults.back_up,
    Kind.RESTORE: faults.restore,
    Kind.COMPACT: faults.compact,
    Kind.ORDER: people.order,
    Kind.CANCEL: people.cancel,
    Kind.REWORK: people.rework,
    Kind.RESOLVE: people.resolve,
    Kind.RETIRE: people.retire,
    Kind.MOVE_PERSON: people.move_person,
    Kind.TRIP: people.trip,
    Kind.CLOSE_TRIP: people.close_trip,
    Kind.ENROL_AGAIN: faults.enrol_again,
    Kind.REVOKE: faults.revoke,
    Kind.RELEASE_QUARANTINE: faults.release_quarantine,
    Kind.CLONE: faults.clone,
    Kind.REPLAY: wire.replay,
    Kind.OLD_COMMAND: people.old_command,
    Kind.POISON: people.poison,
    Kind.DECIDE: lambda world, action: world.pick(action).decide(action.b),
    Kind.ANSWER: lambda world, action: world.pick(action).answer(action.b),
    Kind.PHOTO: people.photograph,
    Kind.PARTITION: faults.partition,
    Kind.APP_AGES: faults.age_app,
    Kind.REPRINT: people.reprint,
    Kind.REVOKE_LABEL: people.revoke_label,
    Kind.RACK: people.rack,
    Kind.PUT_RACK: people.put_rack,
}
