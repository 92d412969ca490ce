"""What the server knows of itself: its epoch and the secret behind its nonces; made at the first start."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from sync_server.tables import ScopeHead, ServerMeta

FIRST_EPOCH = 1
EPOCH = "server_epoch"
NONCE_SECRET = "nonce_secret"  # noqa: S105 - the name of a row, not the secret


@dataclass(frozen=True)
class ServerIdentity:
    """Read once at the start; `epoch` rises when the database is restored from a backup."""

    epoch: int
    nonce_secret: bytes


def raise_epoch(session: Session, epoch: int) -> None:
    """The database was put back to an older day: from now on devices know that they must send and fetch anew."""
    session.merge(ServerMeta(key=EPOCH, value=str(epoch)))
    session.execute(update(ScopeHead).values(epoch=epoch))


def ensure_identity(session: Session, fresh_secret: bytes) -> ServerIdentity:
    """The server's identity, made from `fresh_secret` where there is none yet."""
    epoch, secret = session.get(ServerMeta, EPOCH), session.get(ServerMeta, NONCE_SECRET)
    if epoch is None:
        epoch = ServerMeta(key=EPOCH, value=str(FIRST_EPOCH))
        session.add(epoch)
    if secret is None:
        secret = ServerMeta(key=NONCE_SECRET, value=fresh_secret.hex())
        session.add(secret)
    return ServerIdentity(int(epoch.value), bytes.fromhex(secret.value))
