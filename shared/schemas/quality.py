"""What is seen and disputed about a piece: photographs, signatures, and the conflicts that a person decides."""

from enum import StrEnum

from pydantic import JsonValue
from sqlmodel import Field, SQLModel

from shared.schemas.identifiers import PHOTO_BYTES_MAX, HexDigest, Id, ShortText, TimeUs


class PhotoKind(StrEnum):
    """What a picture shows."""

    PHOTO = "photo"
    SIGNATURE = "signature"


class Photo(SQLModel):
    """A picture of a piece. This row travels at once; the bytes follow when the network allows (`sync.md`, photos)."""

    id: Id
    rev: int = 0
    site_id: str = ""
    """The site whose floor it belongs to; the server's business, it does not travel."""
    piece_id: Id
    kind: PhotoKind = PhotoKind.PHOTO
    sha256: HexDigest
    byte_count: int = Field(ge=1, le=PHOTO_BYTES_MAX)
    media_type: ShortText = "image/jpeg"
    taken_by: Id | None = None
    taken_at_us: TimeUs
    is_stored: bool = False
    """The server holds the bytes and has checked their hash."""


class LeaderCall(SQLModel):
    """Somebody read a verdict and calls for a leader; it waits until a person has seen to it.

    A scan that was held then closes it by itself once it has its final verdict.
    """

    id: Id
    rev: int = 0
    site_id: str = ""
    """The site whose floor it belongs to; the server's business, it does not travel."""
    piece_id: str = ""
    """Empty where nobody knows what the label stands on."""
    label_code: ShortText = ""
    """What was scanned; empty where it was no scan."""
    code: ShortText = ""
    """The stable code of what they were told, from `rules/refusals.py`."""
    origin: ShortText = ""
    """The origin and key of the command that they were told it about."""
    key: ShortText = ""
    called_by: Id | None = None
    station_id: Id | None = None
    called_at_us: TimeUs
    """By the device's clock."""
    closed_by: Id | None = None
    """Nobody, where what it was about has been decided."""
    closed_at_us: TimeUs | None = None
    """Empty while it waits."""


class ConflictKind(StrEnum):
    """What devices disagree about, or what a scan waits for."""

    OUT_OF_ORDER = "out_of_order"
    """A scan came before the one it stands on; it closes by itself when that one arrives."""
    CONTRADICTION = "contradiction"
    """One inspector passed the piece, another failed it; it is on hold by the stricter result."""


class ConflictState(StrEnum):
    """Whether somebody has to do something."""

    WAITING = "waiting"
    """It may still resolve itself until `due_at_us`."""
    OPEN = "open"
    """A person decides."""
    RESOLVED = "resolved"


class Resolution(StrEnum):
    """How a conflict ended."""

    ARRIVED = "arrived"
    """The missing scan came."""
    MOOT = "moot"
    """What it was about has been decided otherwise, for example because the order was cancelled."""
    ACCEPT_GAP = "accept_gap"
    """The scan counts; what nobody scanned before it is inferred."""
    SEND_BACK = "send_back"
    """The scan does not count; the piece goes back to the station that it missed."""
    ACCEPT_PASS = "accept_pass"  # noqa: S105 - an inspection's result
    """The piece is as good as the one who passed it said; the hold is lifted."""
    UPHOLD = "uphold"
    """The stricter result stands; the piece stays on hold until it is reworked or scrapped."""


class Conflict(SQLModel):
    """Something about a piece that devices said and that does not fit; nothing of it is ever dropped."""

    id: Id
    rev: int = 0
    site_id: str = ""
    """The site whose floor it belongs to; the server's business, it does not travel."""
    kind: ConflictKind
    state: ConflictState
    piece_id: Id
    operation_number: int
    loop_number: int = 0
    origin: ShortText = ""
    """The held command's origin and key; empty where several commands contradict each other."""
    key: ShortText = ""
    code: ShortText = ""
    """The stable code of the reason, from `rules/refusals.py`."""
    people: list[Id] = Field(default_factory=list[Id])
    """Who said what: for a contradiction first who passed it, then who failed it."""
    facts: dict[str, JsonValue] = Field(default_factory=dict)
    opened_at_us: TimeUs
    due_at_us: TimeUs | None = None
    resolution: Resolution | None = None
    resolved_by: Id | None = None
    resolved_at_us: TimeUs | None = None
