"""The simulated worlds notice the bugs that somebody could have written, each at its recorded seed or soon after."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation.mutants.__main__ import AROUND
from tests.simulation.mutants.bugs import MUTANTS, Mutant
from tests.simulation.mutants.nursery import Nursery, nursery

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def forks() -> Iterator[Nursery]:
    with nursery() as forks:
        yield forks


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_changes_one_place_of_the_real_code(mutant: Mutant) -> None:
    source = (ROOT / f"{mutant.module.replace('.', '/')}.py").read_text(encoding="utf-8")
    assert source.count(mutant.old) == 1
    compile(source.replace(mutant.old, mutant.new), mutant.module, "exec")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seed"), [(m.name, m.seed) for m in MUTANTS])
def test_a_world_at_its_seed_or_soon_after_notices_it(forks: Nursery, name: str, seed: int) -> None:
    found = forks.first_seed(name, seed, AROUND)
    assert found.isdigit(), found
