"""Labels as printers get them: dot by dot at both resolutions, read by both readers, their ZPL drawn by others."""

import io
import re
from typing import Any, cast

import pytest
import zplkit
from PIL import Image, ImageChops
from zplkit import rendering

from labels.bitmap import Bitmap
from labels.content import FlowCard, Label, PackageLabel, SetupSheet, ShipmentLabel
from labels.fonts import LabelFonts
from labels.picture import Press, label_bitmap, picture_of, png
from labels.reading.verify import find_unread_label
from labels.templates import (
    CARDS_A4_2X5,
    FLOW_CARDS_A4_2X2,
    LABEL_60X40,
    LABEL_80X50,
    LABEL_100X70,
    LabelTemplate,
    Resolution,
    sheet_of,
)
from labels.tspl import tspl_label
from labels.words import CHINESE, ENGLISH
from labels.zpl import zpl_label
from mobile.web.builder.fonts import ensure_fonts
from mumen.commands.labels.samples import piece_labels
from shared.label_code import SELF_TEST_CODE, CodeKind, make
from tests.labels.samples import LONG, RARE, code_cards

PIECES = piece_labels(8)
FLOW = FlowCard(PIECES[0], ("开料", "封边", "压板", "铣型", "打磨", "底漆", "面漆"), "门扇上沿留 8 mm 通风缝" * 9)
PACKAGE = PackageLabel(make(CodeKind.PACKAGE, 5), "MD-2026-0101", 2, 5, ("门扇 2050×800×40 ×1", "五金包 ×1"), "46.5 kg")
SHIPMENT = ShipmentLabel(
    make(CodeKind.SHIPMENT, 9),
    "MD-2026-0101",
    2,
    5,
    "王芳",
    "广东省佛山市顺德区北滘镇林港路 12 号" * 3,
    "138****5678",
    "T1129",
)
CASES: dict[str, tuple[Label, LabelTemplate]] = {
    "piece 60x40": (PIECES[0], LABEL_60X40),
    "piece 80x50": (PIECES[1], LABEL_80X50),
    "piece 100x70": (PIECES[2], LABEL_100X70),
    "long piece": (LONG, LABEL_60X40),
    "rare characters": (RARE, LABEL_60X40),
    "flow card": (FLOW, FLOW_CARDS_A4_2X2.label),
    "package": (PACKAGE, LABEL_100X70),
    "shipment": (SHIPMENT, LABEL_100X70),
    "badge": (code_cards()[1], CARDS_A4_2X5.label),
    "rack": (code_cards()[-1], LABEL_100X70),
    "setup sheet": (SetupSheet(), LabelTemplate(210, 297, 15, 12)),
}
RESOLUTIONS = pytest.mark.parametrize("resolution", list(Resolution), ids=lambda one: str(one.dpi))


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    paths = ensure_fonts(tmp_path_factory.mktemp("build"), print)
    return Press(LabelFonts(paths.regular, paths.semibold))


@RESOLUTIONS
@pytest.mark.parametrize("case", CASES)
class TestLabels:
    def test_are_read_by_both_readers_and_lie_within_their_edges(
        self, press: Press, case: str, resolution: Resolution
    ) -> None:
        label, template = CASES[case]
        here = template.at(resolution)
        for words in (CHINESE, ENGLISH):
            bitmap = label_bitmap(press, label, here, words)
            assert (bitmap.width, bitmap.height) == here.size_dots
            assert find_unread_label(bitmap, label.code) == []
            assert is_white(picture_of(bitmap), edge=round(0.5 * here.dots_per_mm))


@RESOLUTIONS
class TestZpl:
    @pytest.mark.parametrize("case", [name for name in CASES if name != "setup sheet"])
    def test_is_drawn_dot_by_dot_as_it_was_meant(self, press: Press, case: str, resolution: Resolution) -> None:
        label, template = CASES[case]
        bitmap = label_bitmap(press, label, template.at(resolution))
        drawn = drawn_by_somebody_else(zpl_label(bitmap, label.code), bitmap, resolution)
        assert drawn.tobytes() == picture_of(bitmap).tobytes()


class TestTspl:
    def test_is_drawn_dot_by_dot_as_it_was_meant(self, press: Press) -> None:
        bitmap = label_bitmap(press, LONG, LABEL_60X40)
        sent = tspl_label(bitmap, LABEL_60X40, copies=2)
        head = re.match(rb"SIZE 60 mm,40 mm\r\n.*CLS\r\nBITMAP 0,0,(\d+),(\d+),0,", sent, re.DOTALL)
        assert head
        row_bytes, height = int(head[1]), int(head[2])
        data = sent[head.end() : head.end() + row_bytes * height]
        assert sent[head.end() + len(data) :] == b"\r\nPRINT 2,1\r\n"
        white_is_set = Image.frombytes("1", (row_bytes * 8, height), data).crop((0, 0, 480, 320))
        assert white_is_set.convert("L").tobytes() == picture_of(bitmap).tobytes()


def test_a_damaged_label_is_noticed(press: Press) -> None:
    bitmap = label_bitmap(press, PIECES[0], LABEL_60X40)
    picture = picture_of(bitmap)
    picture.paste(255, (70, 70, 130, 190))
    data = ImageChops.invert(picture).convert("1").tobytes()
    unread = find_unread_label(Bitmap(bitmap.width, bitmap.height, data), PIECES[0].code)
    assert {entry.code for entry in unread} == {PIECES[0].code}


def test_a_png_knows_how_large_it_is(press: Press) -> None:
    with Image.open(io.BytesIO(png(label_bitmap(press, LONG, LABEL_60X40), 8))) as picture:
        assert picture.size == (480, 320)
        assert [round(dpi) for dpi in picture.info["dpi"]] == [203, 203]


def test_modules_are_whole_dots_and_no_larger_on_either_print_head() -> None:
    for template in (LABEL_60X40, LABEL_80X50, LABEL_100X70):
        fine = template.at(Resolution.DPI_300)
        assert fine.module_mm <= template.module_mm
        assert fine.module_mm * fine.dots_per_mm == fine.module_dots
        assert template.at(Resolution.DPI_203) == template


@pytest.mark.parametrize(("label", "count"), [(LABEL_60X40, 18), (LABEL_80X50, 10), (LABEL_100X70, 3)])
def test_a_free_sheet_holds_as_many_as_fit(label: LabelTemplate, count: int) -> None:
    sheet = sheet_of(label)
    assert sheet.labels_per_page == count
    left, top = sheet.place(0)
    right, bottom = (a + b for a, b in zip(sheet.place(count - 1), (label.width_mm, label.height_mm), strict=True))
    assert left >= 4.9
    assert top >= 11.9
    assert right <= 210 - 4.9
    assert bottom <= 297 - 11.9


def test_a_label_that_fits_on_no_sheet_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        sheet_of(LabelTemplate(300, 40, 2, 7))


def test_the_code_of_the_setup_sheet_is_one_of_ours_for_ever() -> None:
    assert SELF_TEST_CODE == "T1002WMZJQR3F0GP"


def is_white(picture: Image.Image, edge: int) -> bool:
    inside = (edge, edge, picture.width - edge, picture.height - edge)
    framed = picture.copy()
    framed.paste(255, inside)
    return framed.getextrema() == (255, 255)


def drawn_by_somebody_else(zpl: bytes, bitmap: Bitmap, resolution: Resolution) -> Image.Image:
    drawing: Any = zplkit  # it declares few types
    limits = cast("Any", rendering).Limits(graphic_bytes=10**6, dimension=10**4, pixels=10**8)
    options = drawing.Options(dpi=resolution.dpi, width=bitmap.width, height=bitmap.height)
    (scene,) = drawing.render(zpl, options, limits=limits).labels
    with Image.open(io.BytesIO(scene.png())) as picture:
        return picture.convert("L").convert("1", dither=Image.Dither.NONE).convert("L")
