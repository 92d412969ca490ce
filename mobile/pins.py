"""Who is at the device: the PIN is checked here, without a network, and wrong tries are counted on the disk."""

import hmac
from collections.abc import Awaitable, Callable

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from mobile.outcome import SignIn, SignInStatus
from mobile.store import statements
from mobile.store.database import Store
from mobile.store.tables import PinTry
from shared.schemas.people import Person

PIN_TRIES_MAX = 5
PIN_LOCK_US = 15 * 60 * 1_000_000

_OF_PERSON = col(PinTry.person_id) == bindparam("of_person")
_TRIES = select(col(PinTry.wrong), col(PinTry.locked_until_us)).where(_OF_PERSON)
_FORGET = delete(PinTry).where(_OF_PERSON)
_TRY = insert(PinTry).values({name: bindparam(name) for name in PinTry.model_fields})
_COUNT = _TRY.on_conflict_do_update(
    index_elements=["person_id"], set_={name: _TRY.excluded[name] for name in ("wrong", "locked_until_us")}
)

Pbkdf2 = Callable[[str, str, int], Awaitable[str]]
"""Secret, salt in hex, iterations -> PBKDF2-HMAC-SHA-256 of 32 bytes in hex."""


async def check_pin(store: Store, person: Person, pin: str, pbkdf2_hex: Pbkdf2, now_us: int) -> SignIn:
    """Checks a PIN. A try counts from before it is checked, so that pulling the plug does not give one for free."""
    if person.pin is None:
        return SignIn(SignInStatus.NO_PIN, 0)
    if lock := lock_of(store, person.id, now_us):
        return lock
    wrong, locked_until_us = _tries(store, person.id)
    wrong = 1 if locked_until_us else wrong + 1
    locked_until_us = now_us + PIN_LOCK_US if wrong >= PIN_TRIES_MAX else 0
    _count(store, person.id, wrong, locked_until_us)
    digest = await pbkdf2_hex(pin, person.pin.salt, person.pin.iterations)
    if hmac.compare_digest(digest, person.pin.digest):
        with store.transaction():
            statements.run(store, _FORGET, {"of_person": person.id})
        return SignIn(SignInStatus.OK, PIN_TRIES_MAX)
    if locked_until_us:
        return SignIn(SignInStatus.LOCKED, 0, locked_until_us)
    return SignIn(SignInStatus.WRONG, PIN_TRIES_MAX - wrong)


def lock_of(store: Store, person_id: str, now_us: int) -> SignIn | None:
    """What any PIN of this person would be told now; None while nothing is locked."""
    _, locked_until_us = _tries(store, person_id)
    return SignIn(SignInStatus.LOCKED, 0, locked_until_us) if locked_until_us > now_us else None


def _tries(store: Store, person_id: str) -> tuple[int, int]:
    found = statements.row(store, _TRIES, {"of_person": person_id})
    return (found[0], found[1]) if found else (0, 0)


def _count(store: Store, person_id: str, wrong: int, locked_until_us: int) -> None:
    with store.transaction():
        statements.run(store, _COUNT, {"person_id": person_id, "wrong": wrong, "locked_until_us": locked_until_us})
