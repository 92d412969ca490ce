"""The feed: for each scope the last version of each of its rows, in the order of their last change."""

from sqlalchemy import Index
from sqlmodel import Field

from sync_server.tables.base import ServerTable


class FeedEntry(ServerTable, table=True):
    """The last version of one row as one scope sees it; a change moves it to the scope's new head."""

    __table_args__ = (Index("feed_scope_sequence", "scope", "sequence", unique=True),)
    scope: str = Field(primary_key=True)
    entity: str = Field(primary_key=True)
    entity_id: str = Field(primary_key=True)
    sequence: int
    op: str
    rev: int
    row_hash: str
    body: str


class ScopeHead(ServerTable, table=True):
    """A scope's counter and checksum; locked last in every transaction, scopes in ascending order."""

    scope: str = Field(primary_key=True)
    epoch: int
    head: int
    checksum: str


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
