"""Office sign-in: Argon2id passwords, sessions kept by the server, a lock after wrong tries that outlives a restart."""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from sync_server.tables import OfficeSession, PersonRow, SignInAttempt

TRIES_MAX = 5
LOCK_US = 15 * 60 * 1_000_000
SESSION_US = 12 * 3_600 * 1_000_000
"""A working day; the next one begins with a password."""

HASHER = PasswordHasher()
_NOBODY = HASHER.hash("nobody has this password")
"""Checked where there is no such person, so that the answer takes as long."""


class SignInProblem(StrEnum):
    """Why somebody was not let in; an unknown number and a wrong password are one answer."""

    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True)
class NewSession:
    """What the browser is given: the token for its cookie, known to nobody else."""

    token: str
    expires_at_us: int


def sign_in(session: Session, number: str, password: str, token: str, now_us: int) -> NewSession | SignInProblem:
    """Lets a person in by number and password; `token` is 32 fresh random bytes as text. Writes in this transaction."""
    attempt = _attempt(session, number)
    if attempt.locked_until_us > now_us:
        return SignInProblem.LOCKED
    if attempt.locked_until_us:
        attempt.failures, attempt.locked_until_us = 0, 0
    person = session.execute(select(PersonRow).where(col(PersonRow.number) == number)).scalar_one_or_none()
    if not _fits(person, password):
        attempt.failures += 1
        attempt.first_failure_us = attempt.first_failure_us or now_us
        if attempt.failures >= TRIES_MAX:
            attempt.locked_until_us = now_us + LOCK_US
            return SignInProblem.LOCKED
        return SignInProblem.WRONG
    assert person is not None, "a password only fits somebody"
    session.delete(attempt)
    session.execute(delete(OfficeSession).where(col(OfficeSession.expires_at_us) < now_us))
    expires_at_us = now_us + SESSION_US
    session.add(
        OfficeSession(
            token_hash=_hash(token),
            person_id=person.id,
            csrf_token=_hash(f"csrf {token}"),
            created_at_us=now_us,
            last_seen_us=now_us,
            expires_at_us=expires_at_us,
        )
    )
    return NewSession(token, expires_at_us)


def find_session(session: Session, token: str, now_us: int) -> OfficeSession | None:
    """The session of this cookie, unless it is over."""
    found = session.get(OfficeSession, _hash(token)) if token else None
    return found if found is not None and found.expires_at_us > now_us else None


def sign_out(session: Session, token: str) -> None:
    """Ends the session of this cookie."""
    session.execute(delete(OfficeSession).where(col(OfficeSession.token_hash) == _hash(token)))


def is_csrf_token(known: str, sent: str) -> bool:
    """Whether a form carries its session's token."""
    return hmac.compare_digest(known.encode(), sent.encode())


def _fits(person: PersonRow | None, password: str) -> bool:
    kept = person.password_hash if person is not None and person.is_active else None
    try:
        HASHER.verify(kept or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def _attempt(session: Session, number: str) -> SignInAttempt:
    key = f"office:{number[:60]}"
    attempt = session.get(SignInAttempt, key, with_for_update=True)
    if attempt is None:
        attempt = SignInAttempt(key=key, failures=0, first_failure_us=0, locked_until_us=0)
        session.add(attempt)
    return attempt


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
