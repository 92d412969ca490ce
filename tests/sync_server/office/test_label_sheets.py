"""The sheet of labels of one order."""

import io
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest

from labels import canvas
from labels.symbol import Matrix
from mobile.web.builder.fonts import ensure_fonts
from shared.schemas.door import Door, Piece
from tests.sync_server.office.conftest import Office, id_of, open_office


def test_the_sheet_has_a_label_for_each_piece(office: Office, tmp_path: Path) -> None:
    ensure_fonts(tmp_path, lambda _: None)
    with open_office(office.server, tmp_path) as client:
        printing = Office(office.server, client)
        printing.sign_in()
        path = printing.send_order("save-and-release", **{"line-1-quantity": "3"}).headers["location"]
        answer = client.get(f"{path}/labels.pdf")
        assert answer.headers["content-type"] == "application/pdf"
        document = pypdfium2.PdfDocument(io.BytesIO(answer.content))
        text = "".join(str(cast("Any", page.get_textpage()).get_text_bounded()) for page in document)
        document.close()
    pieces = [p for door in office.server.children(Door, id_of(path)) for p in office.server.children(Piece, door.id)]
    assert len(pieces) == 6
    assert text.count("主卧") == 6
    assert "1/6" in text or "件" in text


def test_without_fonts_the_sheet_says_what_to_do(office: Office) -> None:
    office.sign_in()
    path = office.send_order("save-and-release").headers["location"]
    answer = office.client.get(f"{path}/labels.pdf")
    assert answer.status_code == 503
    assert "make run" in answer.text


def test_the_sheet_of_a_cancelled_order_says_that_nothing_is_made_any_more(office: Office) -> None:
    office.sign_in()
    draft, path = office.kept(), office.released()
    office.cancel(path, "客户退单")
    answer = office.client.get(f"{path}/labels.pdf")
    assert answer.status_code == 409
    assert "订单已取消，没有要做的件了" in answer.text
    assert "订单下达以后才有标签" in office.client.get(f"{draft}/labels.pdf").text


def test_a_sheet_with_a_code_that_cannot_be_read_is_not_handed_out(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_fonts(tmp_path, lambda _: None)
    whole = canvas.dark_rectangles

    def damaged(modules: Matrix) -> list[tuple[int, int, int, int]]:
        return whole(modules)[40:]

    monkeypatch.setattr(canvas, "dark_rectangles", damaged)
    with open_office(office.server, tmp_path) as client:
        printing = Office(office.server, client)
        printing.sign_in()
        path = printing.send_order("save-and-release").headers["location"]
        answer = client.get(f"{path}/labels.pdf")
    assert answer.status_code == 500
    assert "标签没有通过检查" in answer.text
