"""Mutants in forks of a process that has imported what none of them changes; a fork imports only the rest.

`python -m tests.simulation.mutants.nursery` answers lines of `NAME START SEEDS` with what `one.py` would print.
"""

import gc
import importlib
import os
import subprocess
import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager

from tests.simulation.mutants import one

UNCHANGED = (
    *("alembic.context", "fastapi", "pydantic", "sqlmodel"),
    *("shared.schemas.commands", "shared.schemas.sync", "sync_server.tables", "mobile.store.tables"),
)
"""Other people's packages, and our plain shapes; `one.py` refuses a bug in a module that is here already."""


class Nursery:
    """The process, from outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def first_seed(self, name: str, start: int, seeds: int) -> str:
        """The first of these worlds that notices this bug, or `survived`; anything else is what went wrong."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name} {start} {seeds}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextmanager
def nursery() -> Generator[Nursery, None, None]:
    """One for as long as the block runs."""
    command = [sys.executable, "-m", "tests.simulation.mutants.nursery"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Nursery(process)


def main() -> None:
    """Until nobody asks any more."""
    for name in UNCHANGED:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _answer(*line.split())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            sys.stdout.write(f"ended with {status}\n")
            sys.stdout.flush()


def _answer(name: str, start: str, seeds: str) -> None:
    try:
        said = one.answer(name, int(start), int(seeds))
    except BaseException:  # noqa: BLE001 - whatever it is, the test has to hear of it
        said = repr(traceback.format_exc())
    sys.stdout.write(f"{said}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
