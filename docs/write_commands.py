"""Writes `docs/commands.md` from the `Command` union: `python -m docs.write_commands`."""

from pathlib import Path
from typing import Any, get_args

from shared.rules.permissions import RIGHTS
from shared.schemas.commands import Command

PAGE = Path(__file__).parent / "commands.md"
HEAD = "# Commands\n\nEvery change of state. Written by `python -m docs.write_commands`; do not edit.\n"


def commands_page() -> str:
    """The whole page as Markdown."""
    classes: tuple[Any, ...] = get_args(get_args(Command)[0])
    return "\n".join([HEAD, *(_section(command) for command in classes)])


def _section(command: Any) -> str:
    fields = command.model_fields
    name = fields["type"].default
    roles = [role.value for role, rights in RIGHTS.items() if name in rights]
    rows = [
        f"| `{field}` | {'yes' if info.is_required() else 'no'} |"
        for field, info in fields.items()
        if field not in {"type", "version"}
    ]
    who = f"Roles: {', '.join(roles) or 'none'}."
    head = [f"## `{name}`", "", command.__doc__.strip(), "", who, "", "| field | required |", "| --- | --- |"]
    return "\n".join([*head, *rows, ""])


if __name__ == "__main__":
    PAGE.write_text(commands_page(), encoding="utf-8")
