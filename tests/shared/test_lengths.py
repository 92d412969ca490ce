"""Lengths in writing."""

import pytest

from shared.lengths import millimetres


@pytest.mark.parametrize(
    ("tenth_mm", "said"),
    [(0, "0"), (5, "0.5"), (8_000, "800"), (20_505, "2050.5"), (-5, "-0.5"), (-400, "-40"), (12_345_678, "1234567.8")],
)
def test_a_decimal_stands_where_there_is_one(tenth_mm: int, said: str) -> None:
    assert millimetres(tenth_mm) == said
