"""What a scan, an answer or a sign-in came to: plain values that the views draw and never compute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.rules.scan import AskForResult


class Tone(StrEnum):
    """How the device shows and sounds it."""

    OK = "ok"
    WAIT = "wait"
    STOP = "stop"
    INFO = "info"


@dataclass(frozen=True)
class PieceView:
    """What a worker needs to recognise the piece in hand."""

    order_number: str
    room: str
    kind: str
    door_number: int
    door_count: int
    piece_number: int
    piece_count: int
    model: str
    size_text: str
    opening: str
    colour: str


@dataclass(frozen=True)
class Outcome:
    """The answer to one code; `is_recorded` means that it outlives a power cut, `is_synced` that the server has it."""

    tone: Tone
    code: str
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    next_steps: tuple[str, ...] = ()
    piece: PieceView | None = None
    next_operation_name: str | None = None
    next_station_code: str | None = None
    is_recorded: bool = False
    is_synced: bool = False
    ask: AskForResult | None = None


class SignInStatus(StrEnum):
    """What became of a PIN."""

    OK = "ok"
    WRONG = "wrong"
    LOCKED = "locked"
    NO_PIN = "no_pin"


@dataclass(frozen=True)
class SignIn:
    """A sign-in's result, with what is left of the tries."""

    status: SignInStatus
    tries_left: int
    locked_until_us: int | None = None


@dataclass(frozen=True)
class Waiting:
    """What the server has not answered yet: `repeats` changed nothing here, `effects` did."""

    effects: int
    repeats: int
    oldest_us: int | None


@dataclass(frozen=True)
class Recent:
    """One entry of the list of latest scans."""

    outcome: Outcome
    at_us: int


@dataclass(frozen=True)
class SyncState:
    """Whether the last round reached the server, and what stopped it if not."""

    is_online: bool
    last_contact_us: int | None
    problem: str | None
