"""What can happen in a simulated world: a list of these is a script, which can be shortened and replayed."""

import random
from dataclasses import dataclass
from enum import StrEnum

from shared.schemas.identifiers import DAY_US


class Kind(StrEnum):
    """One thing that happens."""

    SCAN = "scan"
    SYNC = "sync"
    DELIVER = "deliver"
    LOSE = "lose"
    DOUBLE = "double"
    CUT = "cut"
    """A device loses its network, or gets it back."""
    CRASH_DEVICE = "crash_device"
    CRASH_DEVICE_AT_COMMIT = "crash_device_at_commit"
    CRASH_SERVER = "crash_server"
    CRASH_SERVER_AT_COMMIT = "crash_server_at_commit"
    FILL_DISK = "fill_disk"
    JUMP_CLOCK = "jump_clock"
    PASS_TIME = "pass_time"  # noqa: S105 - hours go by
    BACK_UP = "back_up"
    RESTORE = "restore"
    COMPACT = "compact"
    ORDER = "order"
    CANCEL = "cancel"
    REWORK = "rework"
    RESOLVE = "resolve"
    RETIRE = "retire"
    MOVE_PERSON = "move_person"
    TRIP = "trip"
    CLOSE_TRIP = "close_trip"
    ENROL_AGAIN = "enrol_again"
    REVOKE = "revoke"
    RELEASE_QUARANTINE = "release_quarantine"
    CLONE = "clone"
    REPLAY = "replay"
    """A request that was served long ago comes once more."""
    OLD_COMMAND = "old_command"
    """An app of an older version recorded this."""
    POISON = "poison"
    """A command that nobody understands."""
    DECIDE = "decide"
    """A leader takes a decision on a tablet, or sees to a call."""
    ANSWER = "answer"
    """Somebody reads a verdict that differs from what they had been told, and says what they do about it."""
    PHOTO = "photo"
    """Somebody takes a picture of a piece."""
    PARTITION = "partition"
    """Some devices lose the server at the same time, or all get it back."""
    REPRINT = "reprint"
    """A label is printed once more: the office asks for it, or a leader at a tablet."""
    REVOKE_LABEL = "revoke_label"
    """A code must not be scanned any more; its piece gets another one."""
    RACK = "rack"
    """Somebody puts a piece on a rack, takes it off, empties the rack, or reports work on all that is on it."""
    PUT_RACK = "put_rack"
    """The office takes a rack out of use, or back."""
    APP_AGES = "app_ages"
    """The server wants a newer app than this device has, or the device gets it."""


@dataclass(frozen=True)
class Action:
    """Something that happens; the numbers choose to whom and what, by their remainder, so that any of them fits."""

    kind: Kind
    a: int = 0
    b: int = 0
    c: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.a} {self.b} {self.c}"


@dataclass(frozen=True)
class Plan:
    """A whole world's life."""

    seed: int
    tablets: int
    skews_us: tuple[int, ...]
    actions: tuple[Action, ...]


USUAL = {
    Kind.SCAN: 30,
    Kind.SYNC: 18,
    Kind.DELIVER: 45,
    Kind.LOSE: 3,
    Kind.DOUBLE: 3,
    Kind.PASS_TIME: 1,
    Kind.POISON: 0.3,
    Kind.OLD_COMMAND: 0.5,
}
FAULTS = {
    Kind.CUT: 2.0,
    Kind.CRASH_DEVICE: 2.0,
    Kind.CRASH_DEVICE_AT_COMMIT: 3.0,
    Kind.CRASH_SERVER: 1.0,
    Kind.CRASH_SERVER_AT_COMMIT: 2.0,
    Kind.FILL_DISK: 0.6,
    Kind.JUMP_CLOCK: 0.8,
    Kind.BACK_UP: 1.2,
    Kind.RESTORE: 1.5,
    Kind.COMPACT: 1.2,
    Kind.ORDER: 0.6,
    Kind.CANCEL: 0.4,
    Kind.REWORK: 2.0,
    Kind.RESOLVE: 2.0,
    Kind.RETIRE: 1.5,
    Kind.MOVE_PERSON: 0.8,
    Kind.TRIP: 1.0,
    Kind.CLOSE_TRIP: 0.5,
    Kind.ENROL_AGAIN: 0.4,
    Kind.REVOKE: 0.25,
    Kind.RELEASE_QUARANTINE: 0.5,
    Kind.CLONE: 0.6,
    Kind.REPLAY: 1.5,
    Kind.DECIDE: 2.0,
    Kind.ANSWER: 2.0,
    Kind.PHOTO: 4.0,
    Kind.PARTITION: 0.8,
    Kind.APP_AGES: 1.0,
    Kind.REPRINT: 1.5,
    Kind.REVOKE_LABEL: 1.0,
}
"""Weights of one day's menu; every world draws which of them it has and how strongly."""

RACK_ACTIONS = (0, 0, 6, 24)
PUT_RACK_SHARE = 0.05

YEAR_US = 365 * DAY_US


def make_plan(seed: int) -> Plan:
    """The life of this seed's world: its size, its faults and everything that happens are drawn from it."""
    chance = random.Random(seed)
    tablets = chance.choice((2, 2, 3, 3, 4))
    strength = chance.choice((0.0, 0.5, 1.0, 2.0))
    weights = dict(USUAL)
    for kind, weight in FAULTS.items():
        weights[kind] = weight * strength * chance.choice((0, 1, 1, 3, 9))
    kinds, shares = list(weights), list(weights.values())
    length = chance.randint(25, 90)
    actions = tuple(
        Action(kind, chance.getrandbits(16), chance.getrandbits(16), chance.getrandbits(16))
        for kind in chance.choices(kinds, shares, k=length)
    )
    is_skewed = chance.random() < 0.5
    skews = tuple(chance.randint(-10 * YEAR_US, 10 * YEAR_US) if is_skewed else 0 for _ in range(tablets + 2))
    return Plan(seed, tablets, skews, _with_racks(actions, chance))


def _with_racks(actions: tuple[Action, ...], chance: random.Random) -> tuple[Action, ...]:
    """Every second world has racks; what is done with them stands between the others and changes none."""
    found = list(actions)
    for _ in range(chance.choice(RACK_ACTIONS)):
        kind = Kind.PUT_RACK if chance.random() < PUT_RACK_SHARE else Kind.RACK
        numbers = (chance.getrandbits(16) for _ in range(3))
        found.insert(chance.randint(0, len(found)), Action(kind, *numbers))
    return tuple(found)
