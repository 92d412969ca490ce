"""`python -m tests.simulation.mutants`: searches, for each bug, the first world that notices it; prints a table."""

import argparse
import re
import sys
from multiprocessing.pool import ThreadPool
from pathlib import Path

from tests.simulation.mutants import bugs
from tests.simulation.mutants.bugs import MUTANTS, SURVIVED
from tests.simulation.mutants.nursery import nursery

AROUND = 3_000
"""Worlds that may be needed: a change anywhere in the program gives every seed another life."""


def first_seed(name: str, start: int, seeds: int) -> str:
    """The first of these worlds that notices this bug, or `survived`; in a process of its own."""
    with nursery() as forks:
        return forks.first_seed(name, start, seeds)


def record() -> None:
    """Writes into `bugs.py` which world notices each bug now, from the recorded one on: then tests need no search."""
    path = Path(bugs.__file__)
    for mutant in MUTANTS:
        found = first_seed(mutant.name, mutant.seed, AROUND)
        sys.stdout.write(f"{mutant.name}: {mutant.seed} -> {found}\n")
        sys.stdout.flush()
        if found != SURVIVED:
            before, name, after = path.read_text(encoding="utf-8").partition(f'"{mutant.name}"')
            after = re.sub(r"(,\s+)\d+(,?\s*\))", rf"\g<1>{found}\g<2>", after, count=1)
            path.write_text(before + name + after, encoding="utf-8")


def main() -> int:
    """The exit code is 1 where a bug was not noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", help="all where none is named")
    parser.add_argument("--seeds", type=int, default=300, help="how many worlds to try (300)")
    parser.add_argument("--start", type=int, default=0, help="the first one's seed (0)")
    parser.add_argument("--processes", type=int, default=1, help="how many bugs at a time (1)")
    parser.add_argument("--record", action="store_true", help="search from each recorded seed on and record anew")
    chosen = parser.parse_args()
    if chosen.record:
        record()
        return 0
    names = chosen.names or [mutant.name for mutant in MUTANTS]
    with ThreadPool(chosen.processes) as pool:
        found: list[str] = []
        for name, seed in zip(
            names, pool.imap(lambda n: first_seed(n, chosen.start, chosen.seeds), names), strict=True
        ):
            found.append(seed)
            sys.stdout.write(f"| {name.replace('_', ' ')} | {seed} |\n")
            sys.stdout.flush()
    return SURVIVED in found


if __name__ == "__main__":
    sys.exit(main())
