"""The state of a door as that of its pieces."""

import pytest

from shared.rules.progress import door_state
from shared.schemas.door import PieceState
from tests.shared.rules.bench import Bench


class TestDoorState:
    @pytest.mark.parametrize(
        ("states", "expected"),
        [
            (("planned", "planned"), "planned"),
            (("planned", "in_process"), "in_process"),
            (("planned", "passed"), "in_process"),
            (("passed", "passed"), "passed"),
            (("passed", "in_stock"), "passed"),
            (("scrapped", "passed"), "passed"),
            (("cancelled", "cancelled"), "cancelled"),
        ],
    )
    def test_is_that_of_the_piece_furthest_behind(self, states: tuple[str, ...], expected: str) -> None:
        pieces = [Bench().piece.model_copy(update={"state": PieceState(state)}) for state in states]
        assert door_state(pieces) == expected
