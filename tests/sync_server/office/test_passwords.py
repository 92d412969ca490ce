"""Checking a password is slow on purpose: nobody else may wait for it."""

import subprocess
import sys
import threading

import pytest
from argon2 import PasswordHasher

from sync_server import passwords
from sync_server.passwords import check_password
from tests.sync_server.office.conftest import PASSWORD, Office


class WatchedHasher(PasswordHasher):
    """Remembers on which threads it worked; `before` runs first, there too."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=16, parallelism=1)
        self.threads: list[str] = []

    def before(self) -> None:
        self.threads.append(threading.current_thread().name)

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.before()
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002
        self.before()
        return super().verify(hash, password)


@pytest.mark.parametrize("password", [PASSWORD, "falsch"])
def test_no_thread_of_the_database_ever_hashes(office: Office, monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    watched = WatchedHasher()
    monkeypatch.setattr(passwords, "HASHER", watched)
    office.sign_in(password=password)
    assert watched.threads
    assert {name.partition("_")[0] for name in watched.threads} == {"password"}


def test_commands_are_written_while_a_password_is_checked(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    class Patient(WatchedHasher):
        def before(self) -> None:
            office.server.database.write(lambda _session: None).result(10)

    monkeypatch.setattr(passwords, "HASHER", Patient())
    assert office.sign_in().status_code == 303


def test_too_many_at_once_are_asked_to_come_back(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "CHECKS_WAITING_MAX", 0)
    answer = office.sign_in()
    assert answer.status_code == 503
    assert "服务器繁忙" in answer.text


def test_nobody_takes_as_many_checks_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = WatchedHasher()
    monkeypatch.setattr(passwords, "HASHER", watched)
    kept = watched.hash(PASSWORD)
    check_password(kept, PASSWORD)
    counts: list[int] = []
    for known in (kept, None):
        watched.threads.clear()
        check_password(known, "falsch")
        counts.append(len(watched.threads))
    assert counts == [1, 1]


def test_nobody_signs_in_with_the_password_of_nobody() -> None:
    assert not check_password(None, "nobody has this password").fits


def test_no_password_is_hashed_when_a_module_is_imported() -> None:
    code = "import argon2; argon2.PasswordHasher.hash = None; import sync_server.app"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
