"""Faults, as opposed to refusals (which are values, see `shared/rules/refusals.py`).

MumenFault
├── StartFault          the program cannot start; the sentence says why and what to do
│   ├── SqliteUnsafe    no SQLite library free of the WAL-reset race
│   └── DatabaseNewer   the database was written by a newer program
└── RequestFault        a request cannot be served; becomes a `Fault` answer
    └── Busy            the writer's queue is full: come back later
"""

from pydantic import JsonValue

from shared.schemas.sync import Fault


class MumenFault(Exception):  # noqa: N818 - faults are told apart from refusals by this word
    """The root of every fault of this program."""


class StartFault(MumenFault):
    """The program cannot start."""


class SqliteUnsafe(StartFault):
    """No SQLite library on this machine is safe to keep orders in."""


class DatabaseNewer(StartFault):
    """An older program must not write into a newer database."""


class RequestFault(MumenFault):
    """A request that is answered with a status other than 2xx."""

    def __init__(self, status: int, fault: Fault, headers: dict[str, str] | None = None) -> None:
        """The HTTP status, what the body says, and headers beside it."""
        super().__init__(fault.message_en)
        self.status = status
        self.fault = fault
        self.headers = headers or {}


class Busy(RequestFault):
    """Too much waits to be written."""

    def __init__(self) -> None:
        """Asks the caller to come back after a second."""
        fault = Fault(
            code="busy", message="服务器繁忙,请稍候,数据不会丢失。", message_en="Busy; nothing is lost, retry soon."
        )
        super().__init__(503, fault, {"Retry-After": "1"})


def request_fault(status: int, code: str, message: str, message_en: str, **facts: JsonValue) -> RequestFault:
    """A fault in both languages with the facts that belong to it."""
    return RequestFault(status, Fault(code=code, message=message, message_en=message_en, facts=facts))
