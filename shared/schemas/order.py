"""What a customer ordered: the order, its lines, and the specification that a line fixes at release."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from shared.schemas.identifiers import Id, LongText, ShortText, TimeUs, Whole


class Channel(StrEnum):
    """Where an order came from."""

    STORE = "store"
    PHONE = "phone"
    DEALER = "dealer"
    WEB_SHOP = "web_shop"


class LineKind(StrEnum):
    """What one line asks for."""

    DOOR_SET = "door_set"
    FRAME_ONLY = "frame_only"
    TRIM = "trim"
    HARDWARE_ONLY = "hardware_only"


class Opening(StrEnum):
    """The side of the hinges and the direction of opening, seen from outside the room."""

    LEFT_IN = "left_in"
    LEFT_OUT = "left_out"
    RIGHT_IN = "right_in"
    RIGHT_OUT = "right_out"


class OrderState(StrEnum):
    """A pure function of the order's own decisions and its pieces; see `rules/progress.py`."""

    DRAFT = "draft"
    RELEASED = "released"
    IN_PRODUCTION = "in_production"
    COMPLETE = "complete"
    CANCELLED = "cancelled"


class OrderTerms(SQLModel):
    """The head of an order as somebody enters it; empty text means not yet known."""

    channel: Channel = Channel.STORE
    customer_name: ShortText = ""
    customer_phone: ShortText = ""
    address: LongText = ""
    remarks: LongText = ""
    promised_on: ShortText = ""
    """ISO date, or empty where none was promised."""


class LineTerms(SQLModel):
    """One line as somebody enters it; None means not yet known."""

    kind: LineKind = LineKind.DOOR_SET
    model_id: Id | None = None
    room: ShortText = ""
    height_tenth_mm: Whole | None = None
    width_tenth_mm: Whole | None = None
    thickness_tenth_mm: Whole | None = None
    wall_thickness_tenth_mm: Whole | None = None
    opening: Opening | None = None
    colour: ShortText = ""
    quantity: Whole | None = 1
    remarks: LongText = ""


class Order(OrderTerms):
    """An order. It is a draft until `released_at_us` is set."""

    id: Id
    rev: int = 0
    site_id: str = ""
    """The site that makes it."""
    number: ShortText
    placed_at_us: TimeUs
    released_at_us: TimeUs | None = None
    cancelled_at_us: TimeUs | None = None
    ended_at_us: TimeUs | None = None
    """When it became complete or was cancelled; some weeks later its pieces leave the tablets."""
    retired_at_us: TimeUs | None = None
    state: OrderState = OrderState.DRAFT
    pieces_total: int = 0
    pieces_done: int = 0
    doors_total: int = 0


class OrderLine(LineTerms):
    """A line of an order; `number` counts from 1 within it."""

    id: Id
    rev: int = 0
    order_id: Id
    number: int
    specification_id: Id | None = None


class Specification(SQLModel):
    """What is to be made, fixed at release and never edited; a change makes a new one.

    `content_hash` covers every field but `id`, `rev`, `site_id` and `is_retired` (SHA-256 of the canonical JSON).
    """

    id: Id
    rev: int = 0
    site_id: str = ""
    """The site whose floor it belongs to; the server's business, it does not travel."""
    kind: LineKind
    model_id: Id
    model_code: ShortText
    model_name: ShortText
    height_tenth_mm: int = Field(gt=0)
    width_tenth_mm: int = Field(gt=0)
    thickness_tenth_mm: int = Field(gt=0)
    wall_thickness_tenth_mm: int | None = None
    opening: Opening | None = None
    colour: ShortText
    remarks: LongText = ""
    content_hash: str
    is_retired: bool = False
    """As its pieces are; does not travel."""
