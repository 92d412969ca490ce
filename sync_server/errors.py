"""Faults, as opposed to refusals (which are values, see `shared/rules/refusals.py`).

MumenFault
├── StartFault          the program cannot start; the sentence says why and what to do
│   ├── SqliteUnsafe    no SQLite library free of the WAL-reset race
│   └── DatabaseNewer   the database was written by a newer program
├── Overtaken           somebody else changed a row meanwhile; the transaction is run again
└── RequestFault        a request cannot be served; becomes a `Fault` answer
    └── NotNow          nothing of it was kept; the same request may succeed later (503 with Retry-After)
        ├── Busy            the writers' queue is full
        ├── StorageFull     the server's disk is full, or the database may not grow
        └── DatabaseAway    the database does not answer, or takes no writes
"""

from pydantic import JsonValue

from shared.schemas.sync import Fault


class MumenFault(Exception):  # noqa: N818 - faults are told apart from refusals by this word
    """The root of every fault of this program."""


class StartFault(MumenFault):
    """The program cannot start."""

    def __init__(self, message: str, message_en: str) -> None:
        """Why, and what to do, in both languages."""
        super().__init__(f"{message}\n{message_en}")


class SqliteUnsafe(StartFault):
    """No SQLite library on this machine is safe to keep orders in."""


class DatabaseNewer(StartFault):
    """An older program must not write into a newer database."""


class Overtaken(MumenFault):
    """A row was changed by another transaction since this one read it; caught by `Database`, which runs it again."""


class RequestFault(MumenFault):
    """A request that is answered with a status other than 2xx."""

    def __init__(self, status: int, fault: Fault, headers: dict[str, str] | None = None) -> None:
        """The HTTP status, what the body says, and headers beside it."""
        super().__init__(fault.message_en)
        self.status = status
        self.fault = fault
        self.headers = headers or {}


class NotNow(RequestFault):
    """Nothing of the request was kept, and it may succeed later: the caller keeps what it has and comes back."""

    def __init__(self, code: str, message: str, message_en: str, retry_after_s: int) -> None:
        """What is the matter in both languages, and after how long to come back."""
        fault = Fault(code=code, message=message, message_en=message_en)
        super().__init__(503, fault, {"Retry-After": str(retry_after_s)})


class Busy(NotNow):
    """Too much waits to be written."""

    def __init__(self) -> None:
        """Asks the caller to come back after a second."""
        super().__init__("busy", "服务器繁忙,请稍候,数据不会丢失。", "Busy; nothing is lost, retry soon.", 1)


class StorageFull(NotNow):
    """The server has no room to write anything down."""

    def __init__(self) -> None:
        """Asks the caller to come back when somebody may have made room."""
        super().__init__(
            "storage_full",
            "服务器磁盘已满,没有保存。本机的数据不会丢失,请通知管理员。",
            "The server's disk is full; nothing was saved. Nothing is lost here; tell your administrator.",
            30,
        )


class DatabaseAway(NotNow):
    """The database cannot be reached, or not be written to.

    Where it went away during a commit nobody knows whether that was kept: the same request again finds out by its key.
    """

    def __init__(self) -> None:
        """Asks the caller to come back after a few seconds, as long as a restart takes."""
        super().__init__(
            "database_away",
            "服务器的数据库暂时不能用,没有保存。本机的数据不会丢失,稍后会自动重试。",
            "The server's database cannot be used just now; nothing was saved. Nothing is lost here; it will be tried "
            "again.",
            5,
        )


def request_fault(status: int, code: str, message: str, message_en: str, **facts: JsonValue) -> RequestFault:
    """A fault in both languages with the facts that belong to it."""
    return RequestFault(status, Fault(code=code, message=message, message_en=message_en, facts=facts))


def wrong_shape(reason: str) -> RequestFault:
    """The fault of a body that does not have the shape that its endpoint describes."""
    printable = reason[:500].encode("utf-8", "backslashreplace").decode()
    return request_fault(
        422,
        "shape",
        "请求格式不对,应用可能需要更新。",
        "The request has a wrong shape; the app may have to be updated.",
        reason=printable,
    )


def http_fault(status: int, detail: str) -> RequestFault:
    """The fault of a request that no endpoint takes: an unknown address, another method, too much at once."""
    match status:
        case 404:
            return request_fault(404, "not_found", "没有这个地址,请检查网址。", "No such address; check it.")
        case 405:
            return request_fault(405, "wrong_method", "这个地址不接受这种请求。", "Not with this method; see /docs.")
        case 413:
            return request_fault(413, "too_large", "一次上传太多,请分批。", "Too much at once; send less.")
        case _:
            return request_fault(
                status, "refused", f"不能这样做({detail})。", f"This cannot be done ({detail}); see /docs."
            )


def internal_error(error_id: str) -> RequestFault:
    """The fault of a request that the program stumbled over; the log tells of it by this id."""
    return request_fault(
        500,
        "internal_error",
        f"服务器出错了(编号 {error_id}),请稍后再试;还是不行就告诉管理员。",
        f"The server failed (error {error_id}); try again later, and tell your administrator if it persists.",
        error_id=error_id,
    )
