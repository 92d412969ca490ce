"""A door (樘) is one opening; its pieces (件) are what is made, scanned, moved and handed over."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from shared.label_code import CodeKind
from shared.schemas.identifiers import CodeText, Id, OffsetMin, ShortText, TimeUs


class PieceKind(StrEnum):
    """The parts of a door that carry a label each."""

    LEAF = "leaf"
    FRAME = "frame"
    ARCHITRAVE = "architrave"
    HARDWARE = "hardware"


class PieceState(StrEnum):
    """Where a piece stands; a hold is an entry in `Piece.holds`, never a state."""

    PLANNED = "planned"
    IN_PROCESS = "in_process"
    AWAITING_INSPECTION = "awaiting_inspection"
    PASSED = "passed"
    IN_STOCK = "in_stock"
    LOADED = "loaded"
    IN_TRANSIT = "in_transit"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    SCRAPPED = "scrapped"
    CANCELLED = "cancelled"


class OperationState(StrEnum):
    """What has become of one operation on one piece; what is absent is still planned."""

    PLANNED = "planned"
    """Added to the piece by a rework, and not begun yet; a route's own operations are planned without being listed."""
    STARTED = "started"
    COMPLETED = "completed"
    INFERRED = "inferred"
    """Nobody scanned it, but a later operation was scanned, so it must have happened."""


class PieceOperation(SQLModel):
    """One operation that has begun or ended on a piece; `number` names it within the piece's route version."""

    number: int
    loop_number: int = 0
    state: OperationState
    worker_ids: list[Id] = Field(default_factory=list[Id])
    station_id: Id | None = None
    event_time_us: TimeUs
    event_offset_min: OffsetMin = 0


class Hold(SQLModel):
    """A reason why a piece may not move on until somebody releases it."""

    code: ShortText
    reason: ShortText = ""
    since_us: TimeUs
    by: Id | None = None
    """Who found the reason."""
    operation_number: int = 0
    """What comes after this operation is not done while the hold lasts; 0 holds everything."""
    loop_number: int = 0
    """The loop in which the reason was found."""


class Door(SQLModel):
    """One opening of an order. `state` and the counts follow from its pieces and are written with them."""

    id: Id
    rev: int = 0
    site_id: str = ""
    """The site whose floor it belongs to; the server's business, it does not travel."""
    order_id: Id
    order_number: ShortText
    order_line_id: Id
    specification_id: Id
    number: int
    """n of `of` within the order, fixed at release."""
    of: int
    room: ShortText = ""
    state: PieceState = PieceState.PLANNED
    is_complete: bool = False
    pieces_done: int = 0
    pieces_total: int = 0
    is_retired: bool = False
    """As its pieces are; does not travel."""


class Piece(SQLModel):
    """The unit of state, of `rev`, of conflict and of the feed."""

    id: Id
    rev: int = 0
    site_id: str = ""
    """The site whose floor it belongs to; the server's business, it does not travel."""
    door_id: Id
    number: int
    of: int
    kind: PieceKind
    route_version_id: Id
    specification_id: Id
    state: PieceState = PieceState.PLANNED
    holds: list[Hold] = Field(default_factory=list[Hold])
    operations: list[PieceOperation] = Field(default_factory=list[PieceOperation])
    location_id: Id | None = None
    rack_id: Id | None = None
    rack_changed_us: TimeUs | None = None
    """When it was last put on a rack or taken off one, by the clock of the device that said so."""
    rack_changed_by: Id | None = None
    trip_id: Id | None = None
    """The trip that carries it; its row then travels to that trip's driver too."""
    is_retired: bool = False
    """Its order ended long ago: it stays on the server and leaves the tablets. The server's business, not sent."""
    lots: list[ShortText] = Field(default_factory=list[ShortText])
    replaces_piece_id: Id | None = None


class LabelState(StrEnum):
    """A label's own life."""

    LIVE = "live"
    REVOKED = "revoked"
    REPLACED = "replaced"


class Label(SQLModel):
    """A code on a thing. The id of the row is the code itself, which is random and never the id of its target."""

    id: CodeText
    rev: int = 0
    site_id: str = ""
    """The site whose floor it belongs to; the server's business, it does not travel."""
    kind: ShortText = CodeKind.PIECE.value
    target_id: Id
    specification_id: Id | None = None
    copies: int = 0
    state: LabelState = LabelState.LIVE
    replaced_by: CodeText | None = None
    revoked_at_us: TimeUs | None = None
    """Unknown for what was revoked before this was kept."""
    is_retired: bool = False
    """As its piece is; does not travel."""
