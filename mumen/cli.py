"""`mumen`: the command line. `mumen --help` lists what it can do."""

import argparse
import os
import sys
from collections.abc import Sequence

from mumen.commands import backup, build_app, demo, labels, restore, run, serve, simulate
from mumen.commands.command import Command
from mumen.settings import SETTINGS, read_settings
from mumen.voice import complain
from sync_server.errors import NotNow, StartFault

COMMANDS = (
    *(serve.COMMAND, demo.COMMAND, labels.COMMAND, build_app.COMMAND, run.COMMAND),
    *(backup.COMMAND, restore.COMMAND, simulate.COMMAND),
)
NOT_KEPT = (
    "数据库现在用不了，这次什么也没有写进去：请看磁盘是不是满了、数据库是不是开着，再来一次。\n"
    "The database cannot be used just now and nothing was written: see whether the disk is full or the database down, "
    "then try again."
)
INTERRUPTED = 130
"""The exit code of a program that was stopped with Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand; the exit code is 0, or 1 with a sentence in two languages on stderr."""
    chosen = make_parser().parse_args(arguments)
    command: Command = chosen.command
    flags: dict[str, str | None] = {setting.name: getattr(chosen, setting.name) for setting in SETTINGS}
    try:
        return command.run(read_settings(os.environ, flags), chosen)
    except StartFault as fault:
        return complain(str(fault))
    except NotNow:
        return complain(NOT_KEPT)
    except KeyboardInterrupt:
        return INTERRUPTED


def make_parser() -> argparse.ArgumentParser:
    """The subcommands and their arguments."""
    parser = argparse.ArgumentParser(
        prog="mumen", description="Mumen 木门: follows every door from order to signature."
    )
    _add_commands(parser, COMMANDS)
    return parser


def _add_commands(parser: argparse.ArgumentParser, commands: Sequence[Command]) -> None:
    known = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in commands:
        one = known.add_parser(command.name, help=command.help, description=command.help)
        if command.parts:
            _add_commands(one, command.parts)
            continue
        command.add_arguments(one)
        group = one.add_argument_group("settings / 设置")
        for setting in SETTINGS:
            text = f"{setting.meaning} ({setting.variable}, {setting.default})"
            group.add_argument(setting.flag, dest=setting.name, metavar=setting.name.upper(), help=text)
        one.set_defaults(command=command)


if __name__ == "__main__":
    sys.exit(main())
