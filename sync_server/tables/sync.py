"""The feed: for each scope the last version of each of its rows, in the order of their last change."""

from pydantic import JsonValue
from sqlalchemy import Column, Index
from sqlmodel import Field

from sync_server.tables.base import JsonOf, ServerTable


class FeedEntry(ServerTable, table=True):
    """The last version of one row as one scope sees it; a change moves it to the scope's new head."""

    __table_args__ = (
        Index("feed_scope_sequence", "scope", "sequence", unique=True),
        Index("feed_op_recorded", "op", "record_time_us"),
    )
    scope: str = Field(primary_key=True)
    entity: str = Field(primary_key=True)
    entity_id: str = Field(primary_key=True)
    sequence: int
    op: str
    rev: int
    row_hash: str
    body: str
    record_time_us: int


class ScopeHead(ServerTable, table=True):
    """A scope's counter and checksum; locked last in every transaction, scopes in ascending order."""

    scope: str = Field(primary_key=True)
    epoch: int
    head: int
    checksum: str
    horizon: int = 0
    """Tombstones up to here may be gone: a cursor below it, but for 0, has to start anew."""


class ServerMeta(ServerTable, table=True):
    """Facts about this server: `server_epoch`, `nonce_secret`."""

    key: str = Field(primary_key=True)
    value: str


class OfficeSession(ServerTable, table=True):
    """A person signed in to the office; only the hash of the cookie's token is kept."""

    token_hash: str = Field(primary_key=True)
    person_id: str = Field(index=True)
    csrf_token: str
    created_at_us: int
    last_seen_us: int
    expires_at_us: int


class SignInAttempt(ServerTable, table=True):
    """Failed sign-ins of one account or one address."""

    key: str = Field(primary_key=True)
    failures: int
    first_failure_us: int
    locked_until_us: int


class JobRow(ServerTable, table=True):
    """Something to be done at a time; claimed by a conditional update, so that of several servers one does it."""

    __table_args__ = (Index("job_due", "due_at_us"),)
    kind: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    due_at_us: int
    lease_until_us: int = 0
    failures: int = 0


class QuarantineRow(ServerTable, table=True):
    """A command of a revoked or a copied device: kept as it came until a team leader vouches for it."""

    __table_args__ = (Index("quarantine_device", "device_id", "incarnation", "n"),)
    device_id: str = Field(primary_key=True)
    incarnation: str = Field(primary_key=True)
    hash: str = Field(primary_key=True)
    n: int
    reason: str
    """`device_revoked` or `cloned_device`."""
    body: dict[str, JsonValue] = Field(sa_column=Column(JsonOf(dict[str, JsonValue]), nullable=False))
    record_time_us: int
    released_at_us: int | None = None
