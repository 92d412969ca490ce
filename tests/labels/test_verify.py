"""Sheets are printed (as pictures) and read back, whole ones and damaged ones."""

import random
from pathlib import Path

import pytest
from PIL import Image

from labels.canvas import draw, open_canvas
from labels.content import CodeCard
from labels.fonts import LabelFonts
from labels.kinds.piece import piece_label_marks
from labels.marks import Bar, Symbol
from labels.pdf import labels_pdf
from labels.reading.raster import PageTooLarge, raster
from labels.reading.readers import Reader
from labels.reading.verify import find_unread
from labels.templates import A4_3X8, CARDS_A4_2X5, ROLL_60X40, SheetTemplate
from labels.words import CHINESE, ENGLISH
from mobile.web.builder.fonts import ensure_fonts
from mumen.commands.labels.samples import piece_labels
from shared.label_code import RANDOM_BITS, CodeKind, make
from tests.factory import START_US
from tests.labels.samples import LONG, RARE, code_cards

PRINTERS_DPI = (203, 300)
LABELS = [*piece_labels(24), LONG, RARE]


@pytest.mark.slow
@pytest.mark.parametrize("dpi", PRINTERS_DPI)
@pytest.mark.parametrize("sheet", [A4_3X8, ROLL_60X40], ids=["a4", "roll"])
def test_every_label_of_a_sheet_is_read(fonts: LabelFonts, sheet: SheetTemplate, dpi: int) -> None:
    pdf = labels_pdf(LABELS, fonts, "MD-2026-0101", START_US, sheet, ENGLISH if dpi == 300 else CHINESE)
    assert find_unread(pdf, [label.code for label in LABELS], sheet, dpi) == []


@pytest.mark.slow
@pytest.mark.parametrize("dpi", PRINTERS_DPI)
def test_cards_of_all_kinds_are_read(fonts: LabelFonts, dpi: int) -> None:
    seeded = random.Random(dpi)
    kinds = [CodeCard(make(kind, seeded.getrandbits(RANDOM_BITS)), kind.name, "木门") for kind in CodeKind]
    cards = [*kinds, *code_cards()]
    pdf = labels_pdf(cards, fonts, "工牌", START_US, CARDS_A4_2X5)
    assert find_unread(pdf, [card.code for card in cards], CARDS_A4_2X5, dpi) == []


@pytest.mark.slow
@pytest.mark.parametrize("dpi", PRINTERS_DPI)
def test_a_damaged_label_is_named_and_no_other(fonts: LabelFonts, dpi: int) -> None:
    labels = piece_labels(6)
    with open_canvas(fonts, "damaged", START_US) as canvas:
        canvas.pdf.add_page(format=(A4_3X8.page_width_mm, A4_3X8.page_height_mm))
        for position, label in enumerate(labels):
            left, top = A4_3X8.place(position)
            marks = piece_label_marks(label, A4_3X8.label, CHINESE, canvas.measure)
            if position == 4:
                marks += [Bar(m.x_mm, m.y_mm + 9 * m.module_mm, 25 * m.module_mm, 8 * m.module_mm) for m in marks
                          if isinstance(m, Symbol)]  # fmt: skip
            for mark in marks:
                draw(canvas, mark, left, top)
        pdf = bytes(canvas.pdf.output())
    unread = find_unread(pdf, [label.code for label in labels], A4_3X8, dpi)
    assert {(entry.position, entry.code) for entry in unread} == {(5, labels[4].code)}
    assert {entry.reader for entry in unread} == set(Reader)
    assert labels[4].code in unread[0].sentence
    assert "第 1 页第 5 张" in unread[0].sentence


@pytest.mark.slow
def test_a_label_with_another_code_is_named(fonts: LabelFonts) -> None:
    labels = piece_labels(3)
    pdf = labels_pdf(labels, fonts, "swapped", START_US, A4_3X8)
    swapped = [labels[1].code, labels[0].code, labels[2].code]
    unread = find_unread(pdf, swapped, A4_3X8, 203)
    assert [entry.position for entry in unread] == [1, 1, 2, 2]
    assert unread[0].found == (labels[0].code,)
    assert labels[0].code in unread[0].sentence


@pytest.mark.slow
def test_missing_and_superfluous_pages_are_noticed(fonts: LabelFonts) -> None:
    labels = piece_labels(25)
    pdf = labels_pdf(labels, fonts, "25", START_US, A4_3X8)
    unread = find_unread(pdf, [label.code for label in [*labels, *piece_labels(48)[25:]]] + ["D1"], A4_3X8, 203)
    assert {(entry.page, entry.position) for entry in unread} == {(2, n) for n in range(2, 25)} | {(3, 1)}
    with pytest.raises(ValueError, match="more pages"):
        find_unread(pdf, [label.code for label in labels[:24]], A4_3X8, 203)


@pytest.mark.slow
def test_a_page_keeps_its_size(fonts: LabelFonts) -> None:
    pdf = labels_pdf(piece_labels(1), fonts, "size", START_US, ROLL_60X40)
    (page,) = raster(pdf, 203)
    assert isinstance(page, Image.Image)
    assert abs(page.width - 60 / 25.4 * 203) <= 1
    with pytest.raises(PageTooLarge, match="too large"):
        list(raster(pdf, 20_000))


def test_the_fonts_of_labels_come_from_npm(tmp_path: Path) -> None:
    said: list[str] = []
    paths = ensure_fonts(tmp_path, said.append)
    assert paths.regular.stat().st_size > 1_000_000
    ensure_fonts(tmp_path, said.append)
    assert len(said) == 2
