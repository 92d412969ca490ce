"""The simulated world: it keeps every promise, happens the same way twice, and notices what is broken."""

import gc
import logging
from collections.abc import Iterator

import pytest

from mobile.store import answered, settings
from mumen.simulator.actions import make_plan
from mumen.simulator.run import run_seed, run_seeds, seeds_for, violation_of
from mumen.simulator.world import World
from shared.schemas.sync import VerdictStatus
from sync_server.devices import quarantine

SEEDS = range(1_000, 1_024)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Parked commands and the like are what the worlds are made of."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.slow
def test_no_seed_breaks_a_promise() -> None:
    assert [violation for seed in SEEDS if (violation := run_seed(seed))] == []


@pytest.mark.slow
def test_worlds_have_in_them_what_the_promises_are_about() -> None:
    """A world in which nothing happens keeps every promise."""
    found: set[str] = set()
    for seed in SEEDS:
        world = World(make_plan(seed))
        world.run()
        execute = world.server.disk.connection.execute
        found |= {f"verdict {status}" for (status,) in execute("SELECT status FROM command_log WHERE n IS NOT NULL")}
        found |= {f"quarantine {reason}" for (reason,) in execute("SELECT reason FROM quarantine")}
        found |= {f"conflict {kind}" for (kind,) in execute("SELECT kind FROM conflict")}
        found |= {f"feed {op}" for (op,) in execute("SELECT op FROM feed_entry")}
        found |= {f"label {state}" for (state,) in execute("SELECT state FROM label")}
        found |= {f"event {kind}" for (kind,) in execute("SELECT kind FROM event")}
        found |= {"restored" for (epoch,) in execute("SELECT max(epoch) FROM scope_head") if epoch > 1}
    assert found >= {
        *(f"verdict {status}" for status in VerdictStatus),
        *(f"quarantine {reason}" for reason in (quarantine.CLONED, quarantine.REVOKED)),
        *(f"conflict {kind}" for kind in ("out_of_order", "contradiction")),
        *("feed put", "feed remove", "restored", "label live", "label revoked", "event label_reprinted"),
    }


def test_a_seed_happens_the_same_way_twice() -> None:
    def heads(seed: int) -> list[tuple[str, int, int]]:
        world = World(make_plan(seed))
        world.run()
        return world.heads()

    assert heads(7) == heads(7)
    assert heads(7) != heads(8)


def test_a_device_that_forgets_what_it_recorded_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(*_: object) -> bool:
        return False

    monkeypatch.setattr(answered, "take_verdicts", forget)
    assert violation_of(make_plan(SEEDS[0])) is not None


@pytest.mark.slow
def test_a_search_of_so_many_seconds_ends() -> None:
    said: list[str] = []
    done, found = run_seeds(seeds_for(SEEDS[0], 0.5), said.append)
    assert done >= 1
    assert found == []
    assert said == []


def test_a_store_from_before_a_crash_disturbs_no_later_one() -> None:
    """Nobody knows when the garbage collector comes by; it has come in the midst of a transaction."""
    tablet = World(make_plan(SEEDS[0])).tablets[0]
    former = tablet.store
    tablet.crash()
    with tablet.store.transaction():
        settings.set_setting(tablet.store, "first", "1")
        del former
        gc.collect()
        settings.set_setting(tablet.store, "second", "2")
    tablet.crash()
    assert settings.get_setting(tablet.store, "first") == "1"
