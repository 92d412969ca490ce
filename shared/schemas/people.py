"""People and the devices they work with."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from shared.schemas.identifiers import CodeText, HexDigest, Id, ShortText, TimeUs


class Role(StrEnum):
    """What a person does; the rights that follow stand in `rules/permissions.py`."""

    OPERATOR = "operator"
    INSPECTOR = "inspector"
    STOREKEEPER = "storekeeper"
    LOADER = "loader"
    DRIVER = "driver"
    INSTALLER = "installer"
    TEAM_LEADER = "team_leader"
    CLERK = "clerk"
    DESIGNER = "designer"
    REVIEWER = "reviewer"
    PLANNER = "planner"
    PURCHASER = "purchaser"
    FINANCE = "finance"
    MANAGER = "manager"
    DEALER = "dealer"
    ADMIN = "admin"


class PinHash(SQLModel):
    """A floor PIN as PBKDF2-HMAC-SHA-256; salt and digest in hex."""

    salt: ShortText
    digest: HexDigest
    iterations: int


class Person(SQLModel):
    """A person of the factory. The password is for the office and never leaves the server."""

    id: Id
    rev: int = 0
    site_id: Id
    number: ShortText
    """工号, unique within the factory; also the office's sign-in name."""
    name: ShortText
    roles: list[Role] = Field(default_factory=list[Role])
    pin: PinHash | None = None
    badge_code: CodeText | None = None
    password_hash: str | None = None
    """Argon2id, in its PHC form."""
    is_active: bool = True


class DeviceState(StrEnum):
    """Whether the server listens to a device."""

    ACTIVE = "active"
    REVOKED = "revoked"


class Device(SQLModel):
    """A tablet, a phone or a station PC, known by its key; a reset makes a new device."""

    id: Id
    rev: int = 0
    site_id: Id
    name: ShortText
    incarnation: ShortText
    public_key: str
    """ECDSA P-256, SubjectPublicKeyInfo (DER) in base64."""
    state: DeviceState = DeviceState.ACTIVE
    enrolled_at_us: TimeUs
    station_id: Id | None = None
    """The station that a tablet stands at."""
    person_id: Id | None = None
    """The person whose phone it is."""


class Enrolment(SQLModel):
    """An invitation for one device, good once and for a short time. Its id is not the device's."""

    id: Id
    rev: int = 0
    site_id: Id
    device_name: ShortText
    token_hash: HexDigest
    """SHA-256 of the one-time code; the code itself is never stored."""
    expires_at_us: TimeUs
    used_at_us: TimeUs | None = None
    device_id: Id | None = None
