"""Who works at this device, who may, and whose PIN it is."""

from sqlalchemy.exc import OperationalError

from mobile import pins
from mobile.outcome import SignIn, SignInStatus
from mobile.platform import Platform
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from shared.rules.permissions import Right, is_leader, may
from shared.schemas.people import Person


class DevicePeople:
    """Implements `mobile.engine.People`; owns who is signed in, which ends with the process."""

    def __init__(self, platform: Platform, store: Store, mirror: MirrorRows) -> None:
        """Nobody is signed in."""
        self._platform, self._store, self._mirror = platform, store, mirror
        self._worker: Person | None = None

    @property
    def worker(self) -> Person | None:
        """Who is signed in."""
        return self._worker

    def workers(self) -> list[Person]:
        """The people who may sign in here, by number."""
        found = [p for p in self._mirror.all(Person) if p.is_active and p.pin and may(p.roles, Right.REPORT_SCAN)]
        return sorted(found, key=lambda person: person.number)

    def leaders(self) -> list[Person]:
        """The people who may confirm which piece it is, by number."""
        return [person for person in self.workers() if is_leader(person.roles)]

    def leader_of_badge(self, code: str) -> Person | None:
        """The leader whose badge this is."""
        active = (p for p in self._mirror.all(Person) if p.is_active and p.badge_code == code)
        return next((person for person in active if is_leader(person.roles)), None)

    def lock_of(self, person_id: str) -> SignIn | None:
        """What any PIN of this person would be told now; None while nothing is locked."""
        return pins.lock_of(self._store, person_id, self._platform.now_us())

    async def sign_in(self, person_id: str, pin: str) -> SignIn:
        """Check the PIN on the device; wrong tries are counted across restarts."""
        answer, person = await self._check(person_id, pin)
        if answer.status is SignInStatus.OK:
            self._worker = person
        return answer

    async def check(self, person_id: str, pin: str) -> SignIn:
        """Check somebody's PIN with the tries that a sign-in has; who is signed in stays so."""
        answer, _ = await self._check(person_id, pin)
        return answer

    def sign_out(self) -> None:
        """Forget the worker, not the work."""
        self._worker = None

    async def _check(self, person_id: str, pin: str) -> tuple[SignIn, Person | None]:
        person = self._mirror.get(Person, person_id)
        if person is None or not person.is_active:
            return SignIn(SignInStatus.NO_PIN, 0), None
        now_us = self._platform.now_us()
        try:
            return await pins.check_pin(self._store, person, pin, self._platform.pbkdf2_hex, now_us), person
        except OperationalError:
            # A try that cannot be counted is not given: the lock would be worth nothing on a full disk.
            return SignIn(SignInStatus.STORAGE_FULL, 0), None
