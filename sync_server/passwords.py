"""Checking passwords: slow on purpose, so on threads of its own, a few at once, and never within a transaction."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync_server.errors import Busy

HASHER = PasswordHasher()
CHECKS_AT_ONCE = 2
"""Each takes 64 MB and a core: more at once would only make every page wait."""

CHECKS_WAITING_MAX = 100
"""Some ten seconds' worth; whoever comes after them is asked to try again."""


@dataclass(frozen=True)
class CheckedPassword:
    """A password after its check: what it was checked against, whether it fits, and a stronger hash if one is due."""

    against: str | None
    fits: bool
    renewed_hash: str | None = None


class PasswordChecks:
    """Owns the threads that check passwords."""

    def __init__(self) -> None:
        """Starts no thread before the first check."""
        self._threads = ThreadPoolExecutor(CHECKS_AT_ONCE, "password")
        self._waiting = 0

    async def check(self, kept_hash: str | None, password: str) -> CheckedPassword:
        """Whether the password fits the hash; None, which nothing fits, takes as long. Raises `Busy`."""
        if self._waiting >= CHECKS_WAITING_MAX:
            raise Busy
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, check_password, kept_hash, password)
        finally:
            self._waiting -= 1


def check_password(kept_hash: str | None, password: str) -> CheckedPassword:
    """Whether the password fits the hash. Takes a tenth of a second or more, also where there is no hash."""
    # Made before anything is known about the number: the first check after a start is slow whoever signs in.
    nobody = _nobody(HASHER)
    try:
        HASHER.verify(kept_hash or nobody, password)
    except (VerificationError, InvalidHashError):
        return CheckedPassword(kept_hash, fits=False)
    if kept_hash is None:
        return CheckedPassword(None, fits=False)
    is_weak = HASHER.check_needs_rehash(kept_hash)
    return CheckedPassword(kept_hash, fits=True, renewed_hash=HASHER.hash(password) if is_weak else None)


@cache
def _nobody(hasher: PasswordHasher) -> str:
    """What is checked where there is no such person, so that the answer takes as long."""
    return hasher.hash("nobody has this password")
