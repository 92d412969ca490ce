"""What stands on a label can be read, however long somebody has written."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from labels.blocks import LEAST_MM, LEGIBLE_MM
from labels.canvas import Canvas, open_canvas
from labels.content import FlowCard, PackageLabel
from labels.fonts import LabelFonts
from labels.kinds.flow_card import flow_card_marks
from labels.kinds.goods import package_marks
from labels.kinds.piece import piece_label_marks
from labels.marks import Bar, Text
from labels.templates import (
    A4_3X8,
    FLOW_CARDS_A4_2X2,
    LABEL_60X40,
    LABEL_80X50,
    LABEL_100X70,
    ROLL_60X40,
    LabelTemplate,
    SheetTemplate,
)
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
        assert lines[0].size_mm >= LEGIBLE_MM

    @pytest.mark.parametrize("length", [60, 120])
    def test_are_cut_where_somebody_once_wrote_more(self, canvas: Canvas, sheet: SheetTemplate, length: int) -> None:
        lines = door_lines(canvas, sheet, "房" * length)
        assert lines[0].text.startswith(DOOR)
        assert lines[-1].text.endswith("房…")
        assert "".join(line.text for line in lines).count("房") >= ROOM_CHARACTERS_MAX
        assert lines[0].size_mm >= LEGIBLE_MM


def test_a_room_on_a_flow_card_is_as_legible_as_the_rest(canvas: Canvas) -> None:
    card = FlowCard(replace(LONG, room="房" * ROOM_CHARACTERS_MAX), ("开料", "压贴"))
    marks = flow_card_marks(card, FLOW_CARDS_A4_2X2.label, CHINESE, canvas.measure)
    lines = [mark for mark in marks if isinstance(mark, Text) and "房" in mark.text]
    assert sum(line.text.count("房") for line in lines) == ROOM_CHARACTERS_MAX
    assert min(line.size_mm for line in lines) >= LEGIBLE_MM


@pytest.mark.parametrize("template", [LABEL_60X40, LABEL_80X50, LABEL_100X70], ids=["60x40", "80x50", "100x70"])
class TestSmallLabels:
    @pytest.mark.parametrize("length", range(2, 24))
    def test_no_character_of_a_model_stands_alone(self, canvas: Canvas, template: LabelTemplate, length: int) -> None:
        model = "OS-207 " + "欧式雕花实木复合隐形移门双开"[:length]
        marks = piece_label_marks(replace(LONG, model=model, colour="白"), template, CHINESE, canvas.measure)
        texts = [mark.text for mark in marks if isinstance(mark, Text) and mark.text != "白"]
        assert [text for text in texts if len(text) == 1] == []
        assert model[:12] in "".join(texts)

    def test_model_and_colour_are_cut_before_they_are_illegible(self, canvas: Canvas, template: LabelTemplate) -> None:
        marks = piece_label_marks(LONG, template, CHINESE, canvas.measure)
        assert min(mark.size_mm for mark in marks if isinstance(mark, Text)) >= LEAST_MM
        assert any(isinstance(mark, Text) and LONG.first_operation in mark.text for mark in marks)

    @pytest.mark.parametrize("weight", ["5 kg", "32.5 kg", "1132.5 kg"])
    def test_a_weight_keeps_away_from_the_bar_beside_it(
        self, canvas: Canvas, template: LabelTemplate, weight: str
    ) -> None:
        package = PackageLabel(LONG.code, "MD-1", 1, 2, ("门扇",), weight)
        marks = package_marks(package, template, CHINESE, canvas.measure)
        (text,) = [mark for mark in marks if isinstance(mark, Text) and weight in mark.text]
        ends = text.x_mm + canvas.measure(text.text, text.is_bold) * text.size_mm
        bar = max((mark for mark in marks if isinstance(mark, Bar)), key=lambda mark: mark.y_mm)
        assert bar.x_mm - ends >= 1.5
