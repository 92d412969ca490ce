"""Clocks decide nothing, nor does the order in which devices are heard; the long run is a command."""

import pytest

from sync_server import holds
from tests.simulation.properties import clocks_matter, order_matters


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 40, 10))
def test_a_world_comes_to_the_same_with_clocks_that_are_years_off(start: int) -> None:
    assert [said for seed in range(start, start + 10) if (said := clocks_matter(seed))] == []


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 40, 10))
def test_pieces_end_the_same_in_whatever_order_devices_are_heard(start: int) -> None:
    assert [said for seed in range(start, start + 10) if (said := order_matters(seed))] == []


@pytest.mark.slow
def test_the_order_matters_where_what_was_held_is_never_released(monkeypatch: pytest.MonkeyPatch) -> None:
    def keep(*_: object) -> None:
        """Releases nothing."""

    monkeypatch.setattr(holds, "release", keep)
    assert any(order_matters(seed) for seed in range(20))
