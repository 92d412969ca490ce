"""Runs worlds with one bug seeded into the real code.

The bug is put in while the module is imported, so that every part of the program has it.
"""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import logging
import sys
from pathlib import Path
from types import CodeType, ModuleType

from tests.simulation.mutants.bugs import MUTANTS, SURVIVED, Mutant


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module with one text replaced by another."""

    def __init__(self, name: str, path: str, mutant: Mutant) -> None:
        """Of this module."""
        super().__init__(name, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        """Compiled from the changed source, past every cache."""
        del fullname
        source = Path(self.path).read_text(encoding="utf-8")
        assert source.count(self._mutant.old) == 1, f"{self._mutant.name}: its text is not there exactly once"
        return compile(source.replace(self._mutant.old, self._mutant.new), self.path, "exec")


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the mutant's module before anybody else does."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: object = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The changed module's, and nobody else's."""
        del path, target
        if fullname != self._mutant.module:
            return None
        file = str(Path(__file__).resolve().parents[3] / f"{fullname.replace('.', '/')}.py")
        return importlib.util.spec_from_file_location(fullname, file, loader=_Loader(fullname, file, self._mutant))


def first_caught(mutant: Mutant, start: int, seeds: int) -> int | None:
    """The first of these seeds that notices the bug."""
    assert mutant.module not in sys.modules, f"{mutant.module} came in without its bug"
    sys.meta_path.insert(0, _Finder(mutant))
    # Imported only now, so that it comes in with the bug.
    run = importlib.import_module("mumen.simulator.run")
    actions = importlib.import_module("mumen.simulator.actions")
    logging.disable(logging.CRITICAL)
    return next((seed for seed in range(start, start + seeds) if run.violation_of(actions.make_plan(seed))), None)


def answer(name: str, start: int, seeds: int) -> str:
    """The first of these seeds that notices the bug of this name, or `survived`."""
    caught = first_caught(next(mutant for mutant in MUTANTS if mutant.name == name), start, seeds)
    return SURVIVED if caught is None else str(caught)
