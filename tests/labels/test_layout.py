"""What stands on a label can be read, however long somebody has written."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from labels.blocks import LEAST_MM
from labels.canvas import Canvas, open_canvas
from labels.fonts import LabelFonts
from labels.kinds.piece import piece_label_marks
from labels.marks import Text
from labels.templates import A4_3X8, ROLL_60X40, SheetTemplate
from labels.words import CHINESE
from shared.rules.order_check import ROOM_CHARACTERS_MAX
from tests.factory import START_US
from tests.labels.samples import LONG

DOOR = "第 118/240 樘"


@pytest.fixture(scope="module")
def canvas(fonts: LabelFonts) -> Iterator[Canvas]:
    with open_canvas(fonts, "rooms", START_US) as opened:
        yield opened


def door_lines(canvas: Canvas, sheet: SheetTemplate, room: str) -> list[Text]:
    """The lines that say which door it is and where it goes."""
    texts = [m for m in piece_label_marks(replace(LONG, room=room), sheet.label, CHINESE, canvas.measure)
             if isinstance(m, Text)]  # fmt: skip
    first = next(at for at, mark in enumerate(texts) if mark.text.startswith(DOOR))
    return [mark for mark in texts[first:] if mark.size_mm == texts[first].size_mm and not mark.is_bold]


@pytest.mark.parametrize("sheet", [A4_3X8, ROLL_60X40], ids=["a4", "roll"])
class TestDoorAndRoom:
    @pytest.mark.parametrize("length", [1, 10, 20, ROOM_CHARACTERS_MAX])
    def test_stand_whole_and_legible_as_far_as_a_room_may_be_long(
        self, canvas: Canvas, sheet: SheetTemplate, length: int
    ) -> None:
        lines = door_lines(canvas, sheet, "房" * length)
        assert "".join(line.text for line in lines).count("房") == length
        assert lines[0].size_mm >= LEAST_MM

    @pytest.mark.parametrize("length", [60, 120])
    def test_are_cut_where_somebody_once_wrote_more(self, canvas: Canvas, sheet: SheetTemplate, length: int) -> None:
        lines = door_lines(canvas, sheet, "房" * length)
        assert lines[0].text.startswith(DOOR)
        assert lines[-1].text.endswith("房…")
        assert "".join(line.text for line in lines).count("房") >= ROOM_CHARACTERS_MAX
        assert lines[0].size_mm >= LEAST_MM
