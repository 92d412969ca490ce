"""A PDF gets copies of faces that were read once: they must be as good as faces of its own."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fpdf import FPDF

from labels import faces
from labels.fonts import LabelFonts, font_file
from labels.pdf import labels_pdf
from labels.templates import A4_3X8
from tests.factory import START_US
from tests.labels.samples import LONG, RARE

MADE_OF_OTHERS = "é ü Å ﬁ ½ 〓"
"""Accents and letters are glyphs of their own; a cut gives them other numbers."""


def written(fonts: LabelFonts, *texts: str, is_shared: bool = True) -> bytes:
    pdf = FPDF(unit="mm")
    pdf.set_creation_date(datetime.fromtimestamp(START_US / 1_000_000, UTC))
    if is_shared:
        faces.add_face(pdf, "label", "", fonts.regular)
        faces.add_face(pdf, "label", "B", fonts.bold)
    else:
        pdf.add_font("label", "", fonts.regular)
        pdf.add_font("label", "B", fonts.bold)
    for text in texts:
        pdf.add_page()
        pdf.set_font("label", "", 12)
        pdf.text(10, 10, text)
        pdf.set_font("label", "B", 12)
        pdf.text(10, 20, text)
    return bytes(pdf.output())


@pytest.mark.parametrize("text", ["主卧 0009", MADE_OF_OTHERS, "一樘门" + MADE_OF_OTHERS])
def test_a_pdf_is_what_it_is_with_a_face_of_its_own(fonts: LabelFonts, text: str) -> None:
    own = written(fonts, text, is_shared=False)
    assert written(fonts, text) == own
    written(fonts, "别的字 ö ﬂ ¾", "又一页")
    assert written(fonts, text) == own


def test_pdfs_that_are_made_at_the_same_time_know_nothing_of_each_other(fonts: LabelFonts) -> None:
    def sheet(number: int) -> bytes:
        return labels_pdf([LONG if number % 2 else RARE], fonts, "t", START_US, A4_3X8)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(sheet, range(8)))
    assert [len(set(made[parity::2])) for parity in (0, 1)] == [1, 1]
    assert made[0] != made[1]


def test_a_copy_is_not_read_again_and_a_font_that_takes_its_place_is(fonts: LabelFonts, tmp_path: Path) -> None:
    copy = tmp_path / fonts.regular.name
    shutil.copy2(fonts.regular, copy)
    assert font_file(copy) == font_file(fonts.regular)
    shutil.copy2(fonts.bold, copy)
    assert font_file(copy) != font_file(fonts.regular)
