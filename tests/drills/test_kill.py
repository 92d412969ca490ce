"""Servers and tablets that die at any moment, and a PostgreSQL that loses its primary. The long run is a command."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drills.drill import fail_over, kill_processes
from tests.drills.plant import Plant
from tests.drills.postgres import make_cluster, remove, url_of

KILLS, TABLETS, DOORS = 40, 3, 400


@pytest.fixture(params=["sqlite", "postgres"])
def durable_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that keeps what it says; the other tests' PostgreSQL does not wait for the disk."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'mumen.db'}"
        return
    cluster = make_cluster()
    cluster.start()
    yield url_of(cluster)
    cluster.stop()
    remove(cluster)


def test_no_acknowledged_scan_is_lost_and_none_counts_twice(durable_url: str, tmp_path: Path) -> None:
    plant = Plant(tmp_path, durable_url)
    plant.build(TABLETS, DOORS)
    assert kill_processes(plant, KILLS, random.Random(7), lambda _: None) > KILLS


def test_a_primary_that_dies_under_load_takes_no_acknowledged_scan_with_it(tmp_path: Path) -> None:
    def plant_at(url: str) -> Plant:
        plant = Plant(tmp_path, url)
        plant.build(TABLETS, DOORS)
        return plant

    assert fail_over(plant_at, 1, random.Random(7), lambda _: None) > 0
