"""A device of the simulated world: the real engine and store over a simulated disk, network and clock."""

import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy.exc import OperationalError

from mobile.device_engine import DeviceEngine
from mobile.outcome import Outcome
from mobile.platform import HttpAnswer, Offline, Platform
from mobile.store import outbox
from mobile.store.database import Store
from mumen.simulator.disks import Crash, Disk
from mumen.simulator.factory import PIN
from mumen.simulator.platform import Ask, SimPlatform
from shared.canonical import sha256_hex
from shared.schemas.commands import InspectionOutcome, VerdictAnswer
from shared.schemas.sync import DEVICE_REVOKED, Envelope

LEADER = "leader"


Round = Coroutine[Ask, HttpAnswer, Any]
"""A round with the server, or an enrolment, that waits for an answer."""


@dataclass(frozen=True)
class Confirmed:
    """A scan of which a person has been told that it is recorded."""

    incarnation: str
    n: int


class SimTablet:
    """One device; its engine can die at any commit and is opened again over the same disk."""

    def __init__(
        self, number: int, image: bytes, clock: Callable[[], int], chance: random.Random, station: str, worker: str
    ) -> None:
        """A device that is not enrolled yet."""
        self.number, self.station, self.worker = number, station, worker
        self.jump_us = 0
        self.disk = Disk(image)
        self.platform = SimPlatform(number, self.disk, lambda: clock() + self.jump_us, chance)
        self._monotonic_us = clock
        self.confirmed: list[Confirmed] = []
        self.photos: dict[str, bytes] = {}
        """Pictures that were kept, as this device told somebody."""
        self.is_revoked = False
        self.is_clone = False
        self.round: Round | None = None
        self.ask: Ask | None = None
        self.open()

    def open(self) -> None:
        """Start the app over what is on the disk."""
        self._forget()
        self.disk.recover()
        self.round = self.ask = None
        self.store = Store("", self.disk.engine())
        self.engine = DeviceEngine(cast("Platform", self.platform), self.store, self._monotonic_us)
        self.sign_in()

    def _forget(self) -> None:
        """Let go of the store of before.

        Left to the garbage collector, SQLAlchemy would roll back in its name one day, in the midst of what a newer
        store does over the same disk.
        """
        former: Store | None = getattr(self, "store", None)
        if former is not None:
            former.close()

    def crash(self) -> None:
        """Pull the plug, whatever it is doing."""
        if self.round is not None:
            self.round.close()
        self.open()

    def sign_in(self) -> None:
        """Whoever works here types the PIN, where the device knows its people."""
        for person in self.engine.people.workers():
            if person.name == self.worker:
                self._finished(self.engine.people.sign_in(person.id, PIN))

    def sign_in_or_crash(self) -> None:
        """As `sign_in`; the plug may be pulled while the PIN's tries are counted."""
        try:
            self.sign_in()
        except Crash:
            self.crash()

    def pick_station(self) -> bool:
        """Put the device at its station, where it knows of it; whether it stands there now."""
        if self.engine.station is not None:
            return True
        for station in self.engine.stations():
            if station.code == self.station:
                if self.engine.pick_station(station.id) is not None:
                    return False  # a full disk
                self.note(None)
                return True
        return False

    def scan(self, code: str, outcome: InspectionOutcome) -> Outcome | None:
        """Somebody scans; None where the plug was pulled before the device said anything."""
        try:
            if not self._is_ready():
                return None
            shown = self.engine.on_code(code)
            if shown.ask is not None:
                defect = "scratched" if outcome is InspectionOutcome.FAIL else None
                shown = self.engine.answer_inspection(shown.ask, outcome, defect)
        except Crash:
            self.crash()
            return None
        self.note(shown)
        return shown

    def use_rack(self, rack_id: str, code: str, use: str) -> None:
        """Somebody binds this piece to the rack, takes it off, or does something with all that is on it."""
        racks = self.engine.racks
        do: dict[str, Callable[[], tuple[Outcome, ...]]] = {
            "bind": lambda: (racks.bind(rack_id, code),),
            "take_off": lambda: (racks.take_off(rack_id, code),),
            "work": lambda: racks.work_on_all(rack_id).outcomes,
            "empty": lambda: racks.empty(rack_id).outcomes,
        }
        try:
            shown = do[use]() if self._is_ready() else ()
        except Crash:
            self.crash()
            return
        if any(outcome.is_recorded for outcome in shown):
            self.note(None)  # all of them are kept, or none is: the last one stands for all

    def _is_ready(self) -> bool:
        """Whether somebody is signed in, and the device stands at its station."""
        if self.engine.people.worker is None:
            self.sign_in()
        return self.pick_station()

    def photograph(self, piece_id: str, content: bytes) -> None:
        """Somebody takes a picture."""
        try:
            if not self._is_ready():
                return
            shown: Outcome = self._finished(self.engine.attach_photo(piece_id, content))
        except Crash:
            self.crash()
            return
        self.note(shown)
        if shown.is_recorded:
            self.photos[sha256_hex(content)] = content

    def decide(self, choice: int) -> None:
        """A leader does one of the things that wait for one."""
        self._lead(lambda: self._decide(choice))

    def append_as_leader(self, command: dict[str, Any]) -> None:
        """A leader does this."""
        self._lead(lambda: self.append(command))

    def _lead(self, do: Callable[[], None]) -> None:
        """A leader signs in for a moment."""
        worker, self.worker = self.worker, LEADER
        try:
            self.engine.people.sign_out()
            if self._is_ready():
                do()
        except Crash:
            self.crash()
        self.worker = worker
        self.engine.people.sign_out()

    def _decide(self, choice: int) -> None:
        engine, waiting = self.engine, self.engine.to_decide()
        decisions = [
            (one.card.conflict.id, r) for one in waiting.conflicts if not one.decided for r in one.card.choices
        ]
        calls = [one.card.call.id for one in waiting.calls if not one.is_done]
        number = choice % (len(decisions) + len(calls) or 1)
        if number < len(decisions):
            self.note(engine.decide_conflict(*decisions[number]))
        elif calls:
            self.note(engine.close_call(calls[number - len(decisions)]))

    def answer(self, choice: int) -> None:
        """Somebody reads the oldest surprising verdict."""
        answers = list(VerdictAnswer)
        try:
            unseen = self.engine.verdicts.unseen
            if unseen and unseen[0].entry is not None:
                fault = self.engine.verdicts.answer(*unseen[0].entry, answers[choice % len(answers)])
                if fault is None:
                    self.note(None)
        except Crash:
            self.crash()

    def append(self, command: dict[str, Any], piece_id: str | None = None) -> None:
        """Puts a command into the outbox that this version of the app would not make."""
        identity = self.engine.identity
        if identity is None:
            return
        envelope = Envelope(
            n=1,
            command=command,
            worker_id=self.engine.people.worker.id if self.engine.people.worker else None,
            station_id=self.engine.station.id if self.engine.station else None,
            event_time_us=max(0, self.platform.now_us()),
            event_offset_min=480,
            monotonic_us=0,
            prev_hash="",
        )
        try:
            with self.store.transaction():
                outbox.append(self.store, identity.incarnation, envelope, piece_id, is_shown=False)
        except Crash:
            self.crash()
            return
        except OperationalError:
            return
        self.note(None)

    def note(self, shown: Outcome | None) -> None:
        """Writes down what was confirmed; the newest entry of the outbox is the one."""
        if shown is not None and not shown.is_recorded:
            return
        newest = self.store.connection.exec_driver_sql(
            "SELECT incarnation, n FROM outbox_entry ORDER BY rowid DESC LIMIT 1"
        ).one_or_none()
        if newest is not None:
            self.confirmed.append(Confirmed(*newest))

    def start_round(self, what: Round | None = None) -> None:
        """Begin a round with the server, where none is under way."""
        if self.round is None:
            self.round = what or self.engine.sync_once()
            self.resume(None)

    def resume(self, answer: HttpAnswer | None, *, is_lost: bool = False) -> None:
        """Go on with the round until it asks again or ends."""
        assert self.round is not None, "only a round that was begun goes on"
        self.ask = None
        try:
            # A coroutine that has just been made is sent None, whatever it waits for later.
            going_on = cast("Coroutine[Ask, HttpAnswer | None, Any]", self.round)
            self.ask = going_on.throw(Offline()) if is_lost else going_on.send(answer)
        except StopIteration:
            self.round = None
            self._has_sent_before_it_took()
        except Crash:
            self.crash()

    def _has_sent_before_it_took(self) -> None:
        """I1: a restored server's rows are taken when its lacks were made up for: what is confirmed stays shown."""
        taken = self.store.connection.exec_driver_sql("SELECT max(epoch) FROM scope_cursor").scalar_one() or 0
        agreed = self.store.connection.exec_driver_sql("SELECT max(server_epoch) FROM identity").scalar_one() or 0
        assert taken <= agreed, f"I1: device {self.number} took rows of epoch {taken}, its outbox knows of {agreed}"

    @property
    def is_unknown(self) -> bool:
        """Whether the server does not know the device: a backup from before its enrolment was restored."""
        return self.engine.sync_state.problem == "not_enrolled"

    @property
    def is_locked_out(self) -> bool:
        """Whether it was shut out and then forgotten: nobody lets it in again, and it keeps what it has."""
        return self.is_revoked and self.is_unknown

    def waiting(self) -> int:
        """Commands that the server has not answered, and photographs that it has not proved to hold.

        A device that was shut out, or is a copy of one, still delivers commands (into quarantine), but no pictures.
        """
        asked = ["SELECT count(*) FROM outbox_entry WHERE is_waiting"]
        if self.engine.sync_state.problem != DEVICE_REVOKED:
            asked.append("SELECT count(*) FROM photo_file WHERE state = 'waiting'")
        return sum(int(self.store.connection.exec_driver_sql(one).scalar_one()) for one in asked)

    def recorded(self) -> list[tuple[str, int, str]]:
        """Incarnation, number and envelope of everything in the outbox."""
        query = "SELECT incarnation, n, envelope FROM outbox_entry ORDER BY incarnation, n"
        return [(str(i), int(n), str(e)) for i, n, e in self.store.connection.exec_driver_sql(query)]

    def verdicts(self) -> dict[tuple[str, int], str | None]:
        """The status of the stored verdict by incarnation and number."""
        return {
            (r.incarnation, r.n): r.verdict.status.value if r.verdict else None
            for r in outbox.latest(self.store, 10_000)
        }

    @staticmethod
    def _finished(coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Runs what never waits, and gives what it gives."""
        try:
            coroutine.send(None)
        except StopIteration as done:
            return done.value
        raise AssertionError("this never waits for the network")


def empty_image() -> bytes:
    """The disk of a device that was never opened, already migrated."""
    disk = Disk(b"")
    Store("", disk.engine())
    return disk.image()
