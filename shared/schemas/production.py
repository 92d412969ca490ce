"""The factory as it makes doors: sites, work centers, stations, routes and door models."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from shared.schemas.door import PieceKind
from shared.schemas.identifiers import DEFAULT_OFFSET_MIN, Id, LongText, OffsetMin, ShortText
from shared.schemas.order import LineKind


class Strictness(StrEnum):
    """How a station treats a piece whose earlier operations were not scanned."""

    OBSERVE = "observe"
    WARN = "warn"
    ENFORCE = "enforce"


class Reporting(StrEnum):
    """Whether one scan completes an operation, or a first scan starts it."""

    COMPLETE_ONLY = "complete_only"
    START_AND_COMPLETE = "start_and_complete"


class Shift(SQLModel):
    """A shift in minutes after local midnight; one that ends at or before its start passes midnight.

    It belongs to the day on which it begins.
    """

    name: ShortText
    name_en: ShortText = ""
    start_min: int = Field(ge=0, lt=24 * 60)
    end_min: int = Field(ge=0, le=24 * 60)


class ClosedDays(SQLModel):
    """Days on which nobody works, both ends included (ISO dates): a holiday, the weeks around the Spring Festival."""

    first_on: ShortText
    last_on: ShortText
    reason: ShortText = ""


def _default_shifts() -> list[Shift]:
    return [
        Shift(name="白班", name_en="day shift", start_min=8 * 60, end_min=20 * 60),
        Shift(name="夜班", name_en="night shift", start_min=20 * 60, end_min=8 * 60),
    ]


def _default_work_days() -> list[int]:
    return [0, 1, 2, 3, 4, 5]


class WorkCalendar(SQLModel):
    """When a site works. `work_days` counts from Monday = 0. The defaults are unverified: every factory has its own."""

    work_days: list[int] = Field(default_factory=_default_work_days)
    shifts: list[Shift] = Field(default_factory=_default_shifts)
    closed: list[ClosedDays] = Field(default_factory=list[ClosedDays])


class Site(SQLModel):
    """A factory site; `utc_offset_min` is where its day begins."""

    id: Id
    rev: int = 0
    code: ShortText
    name: ShortText
    utc_offset_min: OffsetMin = DEFAULT_OFFSET_MIN
    calendar: WorkCalendar = Field(default_factory=WorkCalendar)


class WorkCenter(SQLModel):
    """A group of stations that do the same kind of work (ISA-95)."""

    id: Id
    rev: int = 0
    site_id: Id
    code: ShortText
    name: ShortText
    name_en: ShortText = ""


class Station(SQLModel):
    """A place with a tablet (an ISA-95 work unit)."""

    id: Id
    rev: int = 0
    site_id: Id
    work_center_id: Id
    code: ShortText
    name: ShortText
    name_en: ShortText = ""
    strictness: Strictness = Strictness.WARN


class RouteOperation(SQLModel):
    """One step of a route; numbers rise along it."""

    number: int
    code: ShortText
    name: ShortText
    name_en: ShortText = ""
    work_center_id: Id
    reporting: Reporting = Reporting.COMPLETE_ONLY
    is_inspection: bool = False
    """An inspection is a hard gate: no station's strictness lets a piece past it."""


class RouteVersion(SQLModel):
    """How one kind of piece is made; never edited after the first release that used it."""

    id: Id
    rev: int = 0
    code: ShortText
    version: int = 1
    piece_kind: PieceKind
    operations: list[RouteOperation] = Field(default_factory=list[RouteOperation])


class SizeLimit(SQLModel):
    """The sizes a model can be made in, both ends included, in tenths of a millimetre."""

    min_tenth_mm: int
    max_tenth_mm: int


class ModelPart(SQLModel):
    """One piece that a door set of this model consists of, and the route that makes it."""

    piece_kind: PieceKind
    route_version_id: Id
    line_kinds: list[LineKind]
    """The kinds of order line that ask for this part."""


class DoorModel(SQLModel):
    """A model of the catalogue."""

    id: Id
    rev: int = 0
    code: ShortText
    name: ShortText
    family: ShortText = ""
    description: LongText = ""
    colours: list[ShortText] = Field(default_factory=list[ShortText])
    height: SizeLimit
    width: SizeLimit
    thickness: SizeLimit
    parts: list[ModelPart] = Field(default_factory=list[ModelPart])
    is_active: bool = True


class Counter(SQLModel):
    """The last number given out in a series such as `order/20261123`."""

    id: ShortText
    rev: int = 0
    last: int = 0
