"""The one door between the views and everything below them.

A protocol, so that the views need neither the store nor the network to be built and tested.
"""

from collections.abc import Sequence
from typing import Protocol

from mobile.candidates import Candidate
from mobile.outcome import (
    Exported,
    LabelInHand,
    Outcome,
    PictureAnswer,
    PieceView,
    RackContents,
    RackReport,
    Recent,
    SignIn,
    SyncState,
    ToDecide,
    Waiting,
)
from shared.rules.scan import AskForResult
from shared.schemas.commands import InspectionOutcome, VerdictAnswer
from shared.schemas.people import Person
from shared.schemas.production import Site, Station
from shared.schemas.quality import Resolution


class Exchange(Protocol):
    """The exchange with the server."""

    @property
    def sync_state(self) -> SyncState:
        """How the last round with the server went."""
        ...

    def waiting(self) -> Waiting:
        """What the server has not answered yet."""
        ...

    async def sync_once(self) -> bool:
        """One push, one pull, then some photos; whether anything changed."""
        ...

    @property
    def has_more_to_send(self) -> bool:
        """Whether a round has left something that the next one could send at once."""
        ...

    async def wait_for_news(self) -> bool:
        """Whether the server has something new; returns after half a minute at most."""
        ...


class People(Protocol):
    """Who works at this device, who may, and whose PIN it is."""

    @property
    def worker(self) -> Person | None:
        """Who is signed in."""
        ...

    def workers(self) -> list[Person]:
        """The people who may sign in here."""
        ...

    def leaders(self) -> list[Person]:
        """The people who may confirm which piece it is."""
        ...

    def leader_of_badge(self, code: str) -> Person | None:
        """The leader whose badge this is."""
        ...

    def lock_of(self, person_id: str) -> SignIn | None:
        """What any PIN of this person would be told now; None while nothing is locked."""
        ...

    async def sign_in(self, person_id: str, pin: str) -> SignIn:
        """Check the PIN on the device; wrong tries are counted across restarts."""
        ...

    async def check(self, person_id: str, pin: str) -> SignIn:
        """Check a leader's PIN with the tries that a sign-in has; who is signed in stays so."""
        ...

    def sign_out(self) -> None:
        """Forget the worker, not the work."""
        ...


class Verdicts(Protocol):
    """What was said to what was recorded here: by the device, and where it has decided by now, by the server."""

    @property
    def unseen(self) -> Sequence[Outcome]:
        """Verdicts that differ from what the worker was shown, each with its `entry`."""
        ...

    def answer(self, incarnation: str, n: int, answer: VerdictAnswer) -> str | None:
        """Somebody has read this verdict and says what they do about it; a fault code, or None when that was kept."""
        ...

    def acknowledge(self) -> str | None:
        """Somebody has read all of them; a fault code, or None when that was kept."""
        ...

    def recent(self, limit: int) -> list[Recent]:
        """The latest scans, newest first."""
        ...


class Finder(Protocol):
    """Which pieces may be in hand where a label cannot be read."""

    def likely(self, typed: str, last: PieceView | None) -> list[Candidate]:
        """At most five pieces that may be in hand, by what was typed of a code and what was scanned last."""
        ...

    def expected(self) -> list[Candidate]:
        """Every piece that this station expects next."""
        ...

    def near(self, code: str) -> list[Candidate]:
        """The known pieces that a mistyped whole code may have meant."""
        ...


class Racks(Protocol):
    """What is done with a rack. Whatever gives an `Outcome` or a `RackReport` is durable before it returns."""

    def named_by(self, text: str) -> str | None:
        """The id of the rack whose code this is; None where it is none, or where nobody is here to work on it."""
        ...

    def contents(self, rack_id: str) -> RackContents | None:
        """What is on it, and what each piece needs here; None where the rack is not known (any more)."""
        ...

    def bind(self, rack_id: str, text: str) -> Outcome:
        """Put the piece of this code on the rack, durably, and say so."""
        ...

    def take_off(self, rack_id: str, text: str) -> Outcome:
        """Take the piece of this code off the rack, durably, and say so."""
        ...

    def empty(self, rack_id: str) -> RackReport:
        """Take every piece off that is known to be on it, durably."""
        ...

    def work_on_all(self, rack_id: str) -> RackReport:
        """Report what is due here on every piece of it, durably, each with an answer of its own."""
        ...


class Engine(Exchange, Protocol):
    """What the app can do. `on_code` and whatever else gives an `Outcome` are durable before they return."""

    @property
    def people(self) -> People:
        """Who works here, and who may."""
        ...

    @property
    def verdicts(self) -> Verdicts:
        """What was said to what was recorded here."""
        ...

    @property
    def finder(self) -> Finder:
        """Which pieces may be in hand where a label cannot be read."""
        ...

    @property
    def racks(self) -> Racks:
        """What is done with a rack."""
        ...

    @property
    def is_enrolled(self) -> bool:
        """Whether the server knows this device."""
        ...

    @property
    def enrolled_with(self) -> str | None:
        """The code of the last enrolment, used up by now."""
        ...

    @property
    def device_name(self) -> str:
        """The name given at enrolment, empty before it."""
        ...

    @property
    def has_english(self) -> bool:
        """Whether English stands beside the Chinese on this device; not until somebody asks for it."""
        ...

    def set_english(self, *, is_on: bool) -> None:
        """Keep that choice, across restarts where there is room for it."""
        ...

    @property
    def site(self) -> Site | None:
        """The site of this device, once its row has arrived."""
        ...

    @property
    def station(self) -> Station | None:
        """The station picked on this device."""
        ...

    async def enrol(self, code: str) -> str | None:
        """Enrol with the code from the office; a fault code, or None when it worked."""
        ...

    def stations(self) -> list[Station]:
        """The stations to choose from."""
        ...

    def pick_station(self, station_id: str) -> str | None:
        """Keep the station, across restarts; a fault code, or None when it worked."""
        ...

    def on_code(self, text: str) -> Outcome:
        """Answer one code from a gun, the camera or the keys."""
        ...

    def on_gaps(self, text: str) -> Outcome:
        """Answer what is left of a code that a gun sent with gaps: it is noted, and is to be scanned once more."""
        ...

    def answer_inspection(self, ask: AskForResult, outcome: InspectionOutcome, defect: str | None) -> Outcome:
        """Record what the inspector found; `defect` is a code of `shared.words.DEFECTS`, None for a pass."""
        ...

    async def attach_photo(self, piece_id: str, content: bytes) -> Outcome:
        """Keep a picture (JPEG) of a piece, durably, and say so; its bytes follow the word of it by themselves."""
        ...

    async def read_picture(self, jpeg: bytes) -> PictureAnswer:
        """Ask the server what code is in a photograph in which this device has read none."""
        ...

    def to_decide(self) -> ToDecide:
        """What whoever is signed in may decide or see to; nothing for people who may not, and for nobody."""
        ...

    def decide_conflict(self, conflict_id: str, resolution: Resolution) -> Outcome:
        """Record a decision, durably, and say so."""
        ...

    def close_call(self, call_id: str) -> Outcome:
        """Record that somebody has seen to it, durably, and say so."""
        ...

    def label_of(self, piece_id: str, *, is_counted: bool = False) -> LabelInHand | None:
        """The label of this piece; None while some of what stands on it has not arrived here.

        `is_counted` says that the copy to be made is on record already, so that anybody may make it.
        """
        ...

    def reprint_label(self, label_code: str, reason: str) -> Outcome:
        """Record one more copy, durably, and say so; `reason` is a code of `shared.words.REPRINT_REASONS`."""
        ...

    def identify(self, piece_id: str, code: str, leader: Person) -> Outcome:
        """Record that a leader confirmed which piece it is, count a copy of its label, and scan it."""
        ...

    def call_leader(self, why: str, piece_id: str | None, code: str | None) -> str | None:
        """Record a call for a leader; a fault code, or None when that was kept."""
        ...

    async def export_outbox(self) -> Exported:
        """A file name and the signed commands, for the day the network does not come back."""
        ...
