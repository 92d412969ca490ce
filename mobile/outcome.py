"""What a scan, an answer or a sign-in came to: plain values, which the outbox keeps and the views draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from labels.content import PieceLabel
from shared.call_cards import CallCard
from shared.conflict_cards import ConflictCard
from shared.rules.scan import AskForResult
from shared.schemas.quality import Resolution
from shared.schemas.rack import Rack


class Tone(StrEnum):
    """How the device shows and sounds it."""

    OK = "ok"
    WAIT = "wait"
    STOP = "stop"
    INFO = "info"
    REPEAT = "repeat"
    """The same piece at the same station for the same operation once more: nothing was done."""


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
    piece_id: str = ""
    """Empty in what an older app has written down."""


@dataclass(frozen=True)
class Outcome:
    """The answer to one code; `is_recorded` means that it outlives a power cut, `is_synced` that the server has it.

    `facts` are those of the decision, with the names behind its ids in both languages (see `mobile/answers.py`).
    The next operation and its station are where the piece goes now; `is_misplaced` says that it should have been there
    before it came here.
    """

    tone: Tone
    code: str
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    next_steps: tuple[str, ...] = ()
    piece: PieceView | None = None
    next_operation_name: str | None = None
    next_operation_name_en: str | None = None
    next_station_code: str | None = None
    is_misplaced: bool = False
    is_recorded: bool = False
    is_synced: bool = False
    is_refused: bool = False
    """Whether it counts for nothing, by the device's rules or, where it is synced, by the server's."""
    ask: AskForResult | None = None
    entry: tuple[str, int] | None = None
    """For a verdict that waits for somebody's answer: the incarnation and number of the command."""

    @property
    def about_us(self) -> int | None:
        """When what it tells of happened, in UTC microseconds: an earlier scan, a move, the end of a label."""
        told = self.facts.get("event_time_us") or self.facts.get("revoked_at_us")
        return told if isinstance(told, int) else None


class SignInStatus(StrEnum):
    """What became of a PIN."""

    OK = "ok"
    WRONG = "wrong"
    LOCKED = "locked"
    NO_PIN = "no_pin"
    STORAGE_FULL = "storage_full"


@dataclass(frozen=True)
class SignIn:
    """A sign-in's result, with what is left of the tries; `locked_until_us` is UTC microseconds."""

    status: SignInStatus
    tries_left: int
    locked_until_us: int | None = None


@dataclass(frozen=True)
class Exported:
    """A file for the office, and how many records it holds."""

    name: str
    content: bytes
    count: int


@dataclass(frozen=True)
class Waiting:
    """What the server has not answered yet: `repeats` changed nothing here, `effects` did.

    `oldest_us` is when the oldest of them was scanned, in UTC microseconds by this device's clock; None without any.
    `photos` have not been proved to lie on the server; of `photos_gone` the file is lost, and nobody has it.
    """

    effects: int
    repeats: int
    oldest_us: int | None
    photos: int = 0
    photos_gone: int = 0


class PictureWord(StrEnum):
    """What became of a photograph that the server was asked about; `static/camera.js` has the sentences."""

    READ = "read"
    UNREAD = "unread"
    OFFLINE = "offline"
    BUSY = "busy"
    REFUSED = "refused"


@dataclass(frozen=True)
class PictureAnswer:
    """The server's answer about a photograph; `text` is the code in it, where it is `READ`."""

    word: PictureWord
    text: str = ""


@dataclass(frozen=True)
class Recent:
    """One entry of the list of latest scans; `at_us` is when it was scanned, in UTC microseconds."""

    outcome: Outcome
    at_us: int


@dataclass(frozen=True)
class OpenConflict:
    """A conflict that the server has not settled, as far as this device knows.

    `decided`: what was decided here since, which the server has heard of where `is_sent`.
    """

    card: ConflictCard
    decided: Resolution | None = None
    is_sent: bool = False


@dataclass(frozen=True)
class OpenCall:
    """A call for a leader; `is_done` where somebody has seen to it here since, which the server knows if `is_sent`."""

    card: CallCard
    is_done: bool = False
    is_sent: bool = False


@dataclass(frozen=True)
class ToDecide:
    """What whoever is signed in may decide or see to; false where there is nothing."""

    conflicts: Sequence[OpenConflict] = ()
    calls: Sequence[OpenCall] = ()

    def __bool__(self) -> bool:
        return bool(self.conflicts or self.calls)


class RackNeed(StrEnum):
    """What a piece on a rack needs at this station."""

    DUE = "due"
    DONE = "done"
    WAITS = "waits"
    """It was reported here and counts once something before it is."""
    SINGLE = "single"
    """An inspection: somebody looks at this piece and says what they found."""
    OTHER = "other"
    """Nothing is done with it here now: it belongs elsewhere, is on hold, or nobody needs it any more."""


@dataclass(frozen=True)
class RackItem:
    """A piece on a rack; `outcome` is what a scan of it would be answered here, and was not recorded."""

    outcome: Outcome
    need: RackNeed
    has_to_begin: bool = False
    """What is due is reported at both ends, and has not begun."""


@dataclass(frozen=True)
class RackContents:
    """A rack and what is on it, as far as this device knows."""

    rack: Rack
    items: tuple[RackItem, ...] = ()

    def count(self, *needs: RackNeed) -> int:
        """How many pieces need one of these."""
        return sum(item.need in needs for item in self.items)

    @property
    def to_begin(self) -> int:
        """How many of what is due have to be begun first."""
        return sum(item.has_to_begin for item in self.items if item.need is RackNeed.DUE)


@dataclass(frozen=True)
class RackReport:
    """What came of something that was done with all pieces of a rack, one answer a piece."""

    outcomes: tuple[Outcome, ...]

    @property
    def tone(self) -> Tone:
        """The worst of them."""
        tones = {outcome.tone for outcome in self.outcomes}
        return next((tone for tone in (Tone.STOP, Tone.WAIT, Tone.OK, Tone.REPEAT) if tone in tones), Tone.INFO)


@dataclass(frozen=True)
class LabelInHand:
    """The label of a piece as this device knows it; `content` is what the next copy of it says.

    `refusal`: the code of why no copy is made any more, with what it is about in `facts`; empty where one may be made.
    `may_copy`: whether whoever is signed in may.
    """

    content: PieceLabel
    refusal: str = ""
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    may_copy: bool = False


@dataclass(frozen=True)
class SyncState:
    """How the last round with the server went.

    `is_online`: whether it reached the server; None before the first one has ended. `last_contact_us`: when one last
    went well, also before a restart, in UTC microseconds. `problem`: the code of what stopped it, for
    `mobile.sentences.problem`; a device that is merely offline has none.
    """

    is_online: bool | None
    last_contact_us: int | None
    problem: str | None
    retry_after_s: float | None = None
    """The server is busy and asks to be left alone for so long."""
