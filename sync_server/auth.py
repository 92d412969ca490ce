"""Office sign-in: sessions kept by the server, and a lock after wrong tries that outlives a restart.

Somebody signs in in three steps: `find_credentials` reads, `passwords.check_password` takes its time, and `sign_in`
counts and writes. Only the last one is a job of the database's writer, which must never wait for a password.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from sync_server.passwords import CheckedPassword
from sync_server.tables import OfficeSession, PersonRow, SignInAttempt

TRIES_MAX = 5
LOCK_US = 15 * 60 * 1_000_000
SESSION_US = 12 * 3_600 * 1_000_000
"""A working day; the next one begins with a password."""
FORGET_US = 24 * 3_600 * 1_000_000
"""Wrong tries are forgotten a day after the first of them, unless their lock still holds."""
SEEN_EVERY_US = 60 * 1_000_000
"""A session's `last_seen_us` is at most this old while somebody works: one write a minute, not one a page."""

_ENSURE_ATTEMPT = text(
    "INSERT INTO sign_in_attempt (key, failures, first_failure_us, locked_until_us) VALUES (:key, 0, 0, 0) "
    "ON CONFLICT (key) DO UPDATE SET failures = sign_in_attempt.failures"
)
"""Inserts the row or locks the one that is there, in SQLite and in PostgreSQL; an update that changes nothing locks."""


class SignInProblem(StrEnum):
    """Why somebody was not let in; an unknown number and a wrong password are one answer."""

    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True)
class NewSession:
    """What the browser is given: the token for its cookie, known to nobody else."""

    token: str
    expires_at_us: int
    csrf_token: str
    """What has to come back with every form of this session."""


@dataclass(frozen=True)
class Credentials:
    """What is known about a number before its password is checked; no hash where nobody signs in with it."""

    is_locked: bool
    password_hash: str | None


def find_credentials(session: Session, number: str, now_us: int) -> Credentials:
    """What a password of this number is to be checked against. Only reads."""
    attempt = session.get(SignInAttempt, _key(number))
    person = _person(session, number)
    is_locked = attempt is not None and attempt.locked_until_us > now_us
    return Credentials(is_locked, person.password_hash if person is not None and person.is_active else None)


def sign_in(
    session: Session, number: str, checked: CheckedPassword, token: str, now_us: int
) -> NewSession | SignInProblem:
    """Lets a person in whose password fits, or counts the try; `token` is 32 fresh random bytes as text.

    Who locked the number or changed the password while this one was being checked wins.
    """
    _forget_old(session, now_us)
    attempt = _attempt(session, number)
    if attempt.locked_until_us > now_us:
        return SignInProblem.LOCKED
    if attempt.locked_until_us:
        attempt.failures, attempt.first_failure_us, attempt.locked_until_us = 0, 0, 0
    person = _person(session, number) if checked.fits else None
    if person is None or not person.is_active or person.password_hash != checked.against:
        return _count_failure(attempt, now_us)
    _renew_hash(session, person.id, checked)
    session.delete(attempt)
    return _open_session(session, person.id, token, now_us)


def find_session(session: Session, token: str, now_us: int) -> OfficeSession | None:
    """The session of this cookie, unless it is over."""
    found = session.get(OfficeSession, _hash(token)) if token else None
    return found if found is not None and found.expires_at_us > now_us else None


def is_seen_long_ago(known: OfficeSession, now_us: int) -> bool:
    """Whether it is time to note again that this session is in use."""
    return now_us - known.last_seen_us >= SEEN_EVERY_US


def note_seen(session: Session, token: str, now_us: int) -> None:
    """Notes that the session of this cookie is in use."""
    query = update(OfficeSession).where(col(OfficeSession.token_hash) == _hash(token))
    session.execute(query.values(last_seen_us=now_us))


def sign_out(session: Session, token: str) -> None:
    """Ends the session of this cookie."""
    session.execute(delete(OfficeSession).where(col(OfficeSession.token_hash) == _hash(token)))


def is_csrf_token(known: str, sent: str) -> bool:
    """Whether a form carries its session's token."""
    return hmac.compare_digest(known.encode(), sent.encode())


def _count_failure(attempt: SignInAttempt, now_us: int) -> SignInProblem:
    attempt.failures += 1
    attempt.first_failure_us = attempt.first_failure_us or now_us
    if attempt.failures < TRIES_MAX:
        return SignInProblem.WRONG
    attempt.locked_until_us = now_us + LOCK_US
    return SignInProblem.LOCKED


def _renew_hash(session: Session, person_id: str, checked: CheckedPassword) -> None:
    """Keeps the stronger hash, if there is one; a password that is being changed at this moment stays changed."""
    if checked.renewed_hash is None:
        return
    is_unchanged = col(PersonRow.password_hash) == checked.against
    query = update(PersonRow).where(col(PersonRow.id) == person_id, is_unchanged)
    session.execute(query.values(password_hash=checked.renewed_hash))


def _open_session(session: Session, person_id: str, token: str, now_us: int) -> NewSession:
    expires_at_us = now_us + SESSION_US
    csrf_token = _hash(f"csrf {token}")
    session.add(
        OfficeSession(
            token_hash=_hash(token),
            person_id=person_id,
            csrf_token=csrf_token,
            created_at_us=now_us,
            last_seen_us=now_us,
            expires_at_us=expires_at_us,
        )
    )
    return NewSession(token, expires_at_us, csrf_token)


def _person(session: Session, number: str) -> PersonRow | None:
    return session.execute(select(PersonRow).where(col(PersonRow.number) == number)).scalar_one_or_none()


def _forget_old(session: Session, now_us: int) -> None:
    """Deletes what no longer matters; before this transaction locks a row of its own, so that two cannot block."""
    session.execute(delete(OfficeSession).where(col(OfficeSession.expires_at_us) < now_us))
    is_old = col(SignInAttempt.first_failure_us) < now_us - FORGET_US
    session.execute(delete(SignInAttempt).where(is_old, col(SignInAttempt.locked_until_us) < now_us))


def _attempt(session: Session, number: str) -> SignInAttempt:
    """The locked row of this number: whoever fails first at the same moment gets the same one."""
    key = _key(number)
    session.execute(_ENSURE_ATTEMPT, {"key": key})
    attempt = session.get(SignInAttempt, key)
    assert attempt is not None, "it was inserted or locked in this transaction"
    return attempt


def _key(number: str) -> str:
    return f"office:{number[:60]}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
