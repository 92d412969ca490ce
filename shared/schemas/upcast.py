"""Reading commands that an older app recorded: each version is brought to the next one by a pure function.

A function stays as long as outboxes of its version may be out there (two releases, and 180 days at least). Frozen
examples of every version stand in `tests/contract/`.
"""

from collections.abc import Callable

from pydantic import JsonValue

from shared.schemas.commands import COMMAND, Command

Body = dict[str, JsonValue]


def _record_inspection_2(body: Body) -> Body:
    """Version 2 names the defect by a code and lists photos; version 1 had only words."""
    return {**body, "version": 2, "defect_code": "", "photo_ids": []}


UPCASTS: dict[tuple[str, int], Callable[[Body], Body]] = {
    ("record_inspection", 1): _record_inspection_2,
}
"""By type and version: what makes the next version of it."""


def upcast(body: Body) -> Body:
    """The command in its newest version; as it is where it is new, or unknown here."""
    while True:
        kind, version = body.get("type"), body.get("version")
        if not isinstance(kind, str) or not isinstance(version, int):
            return body
        step = UPCASTS.get((kind, version))
        if step is None:
            return body
        body = step(body)


def read_command(body: Body) -> Command:
    """The command. Raises pydantic's `ValidationError` where nobody here understands it."""
    return COMMAND.validate_python(upcast(body))
