"""What the office remembers about sign-ins: races, locks that end, sessions that are seen, hashes that grow."""

import threading
from concurrent.futures import wait

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.schemas.commands import PutMasterData
from sync_server import auth, passwords
from sync_server.auth import FORGET_US, LOCK_US, SEEN_EVERY_US, SESSION_US, TRIES_MAX, SignInProblem
from sync_server.passwords import CheckedPassword, check_password
from sync_server.tables import OfficeSession, PersonRow, SignInAttempt
from tests.sync_server.office.conftest import PASSWORD, Office
from tests.sync_server.server import Server

WRONG = CheckedPassword(None, fits=False)


def attempts(server: Server) -> dict[str, SignInAttempt]:
    def read(session: Session) -> list[SignInAttempt]:
        return list(session.execute(select(SignInAttempt)).scalars())

    return {row.key: row for row in server.database.read(read)}


def sessions(server: Server) -> list[OfficeSession]:
    def read(session: Session) -> list[OfficeSession]:
        return list(session.execute(select(OfficeSession)).scalars())

    return server.database.read(read)


def test_first_failures_at_the_same_time_all_count(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    now, reading = office.server.factory.clock.now, threading.Barrier(3)
    read = Session.get

    def read_together(session: Session, *asked: object, **how: object) -> object:
        """Everybody has looked before anybody writes, where there is more than one writer."""
        found = read(session, *asked, **how)  # type: ignore[arg-type]
        if not office.server.database.is_sqlite and found is None:
            reading.wait(5)
        return found

    monkeypatch.setattr(Session, "get", read_together)
    jobs = [office.server.database.write(lambda s, n=n: auth.sign_in(s, "8888", WRONG, f"t{n}", now)) for n in range(3)]
    wait(jobs)
    assert [job.result() for job in jobs] == [SignInProblem.WRONG] * 3
    assert attempts(office.server)["office:8888"].failures == 3


def test_old_failures_and_ended_sessions_are_forgotten(office: Office) -> None:
    office.client.post("/sign-in", data={"number": "0000", "password": "x"})
    office.sign_in()
    office.server.factory.clock.now += max(FORGET_US, SESSION_US) + 1
    office.client.post("/sign-in", data={"number": "1111", "password": "x"})
    assert set(attempts(office.server)) == {"office:1111"}
    assert sessions(office.server) == []


def test_a_lock_is_not_forgotten_before_it_ends(office: Office) -> None:
    office.client.post("/sign-in", data={"number": "0000", "password": "x"})
    office.server.factory.clock.now += FORGET_US - LOCK_US // 2
    for _ in range(TRIES_MAX - 1):
        office.client.post("/sign-in", data={"number": "0000", "password": "x"})
    office.server.factory.clock.now += LOCK_US // 2 + 1
    office.client.post("/sign-in", data={"number": "1111", "password": "x"})
    assert "office:0000" in attempts(office.server)


def test_a_session_is_seen_at_most_once_a_minute(office: Office) -> None:
    office.sign_in()
    clock, began = office.server.factory.clock, sessions(office.server)[0].last_seen_us
    clock.now += SEEN_EVERY_US - 1
    office.client.get("/")
    assert sessions(office.server)[0].last_seen_us == began
    clock.now += 1
    office.client.get("/")
    assert sessions(office.server)[0].last_seen_us == began + SEEN_EVERY_US


def test_a_weaker_hash_is_renewed_when_its_password_is_known(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", stronger)
    person_id = office.server.factory.people["陈静"].id

    def kept() -> str:
        row = office.server.database.read(lambda session: session.get(PersonRow, person_id))
        assert row is not None
        assert row.password_hash
        return row.password_hash

    before = kept()
    assert stronger.check_needs_rehash(before)
    office.sign_in(password="falsch")
    assert kept() == before
    assert office.sign_in().status_code == 303
    assert not stronger.check_needs_rehash(kept())
    assert stronger.verify(kept(), PASSWORD)
    assert office.sign_in().status_code == 303


def test_a_password_that_is_changed_while_it_is_checked_fits_no_more(office: Office) -> None:
    person = office.server.factory.people["陈静"]
    now = office.server.factory.clock.now
    known = office.server.database.read(lambda session: auth.find_credentials(session, person.number, now))
    checked = check_password(known.password_hash, PASSWORD)
    assert checked.fits
    changed = person.model_copy(update={"password_hash": passwords.HASHER.hash("anders")})
    office.server.system(PutMasterData(people=[changed]))
    job = office.server.database.write(lambda session: auth.sign_in(session, person.number, checked, "t", now))
    assert job.result() is SignInProblem.WRONG
    assert sessions(office.server) == []


def test_a_number_that_is_locked_while_its_password_is_checked_stays_locked(office: Office) -> None:
    person = office.server.factory.people["陈静"]
    now, write = office.server.factory.clock.now, office.server.database.write
    known = office.server.database.read(lambda session: auth.find_credentials(session, person.number, now))
    checked = check_password(known.password_hash, PASSWORD)
    for _ in range(TRIES_MAX):
        write(lambda session: auth.sign_in(session, person.number, WRONG, "t", now)).result()
    late = write(lambda session: auth.sign_in(session, person.number, checked, "t", now)).result()
    assert late is SignInProblem.LOCKED
