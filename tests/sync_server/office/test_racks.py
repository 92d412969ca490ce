"""Racks in the office: entered, looked at, emptied, and their labels printed."""

import re
from pathlib import Path

import pytest

from labels.reading.ladder import read_picture
from labels.reading.raster import LABEL_PRINTER_DPI, raster
from labels.reading.readers import texts
from mobile.web.builder.fonts import ensure_fonts
from shared.schemas.commands import BindPiece
from shared.schemas.door import Piece
from shared.schemas.sync import VerdictStatus
from tests.sync_server.office.conftest import Office, id_of, open_office


def save(office: Office, path: str = "/racks/new", **typed: str) -> tuple[int, str]:
    """Fills in the rack's form; the status, and where it leads or what came back."""
    page = office.client.get(path).text
    action = re.search(r'action="(/racks/[0-9a-f-]+)"', page)
    assert action
    form = page.partition(f'action="{action[1]}"')[2].partition("</form>")[0]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    answer = office.client.post(action[1], data=hidden | {"code": "R-07"} | typed, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", answer.text)


def put_on(office: Office, rack: str, *pieces: Piece) -> None:
    for piece in pieces:
        command = BindPiece(label_code=office.server.code_of(piece), rack_id=id_of(rack))
        assert office.server.office(command).status is VerdictStatus.OK


def take_off(office: Office, rack: str, nth: int) -> None:
    """Presses the button of the nth form of the page."""
    page = office.client.get(rack).text
    form = page.split(f'action="{rack}/take-off"')[nth + 1].partition("</form>")[0]
    sent = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    codes = [value for name, value in sent if name == "label_code"]
    assert office.client.post(f"{rack}/take-off", data=dict(sent) | {"label_code": codes}).status_code == 200


def test_a_rack_is_entered_changed_and_taken_out_of_use(office: Office) -> None:
    office.sign_in()
    assert "还没有架" in office.client.get("/racks").text
    status, rack = save(office, code=" ｒ－０７ ", name="油漆车间")
    assert status == 303
    page = office.client.get("/racks").text
    assert "R-07" in page
    assert "油漆车间" in page
    assert "0 件" in page
    assert save(office, f"{rack}/edit", code="R-08", is_active="no") == (303, rack)
    page = office.client.get(rack).text
    assert "架 R-08" in page
    assert "停用" in page


def test_a_rack_needs_a_code_that_no_other_has(office: Office) -> None:
    office.sign_in()
    status, page = save(office, code=" ", name="油漆车间")
    assert (status, "请写架号" in page, "油漆车间" in page) == (422, True, True)
    assert save(office)[0] == 303
    status, page = save(office)
    assert (status, "架号已经用过" in page) == (422, True)


def test_what_is_on_a_rack_is_shown_with_who_put_it_there_and_since_when_and_comes_off_again(office: Office) -> None:
    office.sign_in()
    _, rack = save(office)
    first, second, third, _ = office.server.released(quantity=2)
    put_on(office, rack, first, second, third)
    page = office.client.get(rack).text
    for word in ("3 件", "陈静", "开料", office.server.order_of(first).number):
        assert word in page
    assert f'href="{rack}">R-07' in office.client.get(f"/pieces/{first.id}").text
    assert "放上架" in office.client.get(f"/pieces/{first.id}").text
    assert "3 件" in office.client.get("/racks").text
    take_off(office, rack, 0)
    assert [office.server.piece(piece.id).rack_id is None for piece in (first, second, third)].count(True) == 1
    take_off(office, rack, 2)
    assert "架上没有件" in office.client.get(rack).text


def test_taking_off_leaves_what_was_moved_meanwhile(office: Office) -> None:
    office.sign_in()
    (_, one), (_, two) = save(office), save(office, code="R-08")
    leaf, frame = office.server.released()
    put_on(office, one, leaf, frame)
    code = office.server.code_of(leaf)
    csrf = office.hidden(one)["csrf"]
    office.server.factory.clock.now += 1
    put_on(office, two, leaf)
    assert office.client.post(f"{one}/take-off", data={"csrf": csrf, "label_code": code}).status_code == 200
    assert office.server.piece(leaf.id).rack_id == id_of(two)


def test_a_racks_label_reads_as_its_code(office: Office, tmp_path: Path) -> None:
    ensure_fonts(tmp_path, lambda _: None)
    printing = Office(office.server, open_office(office.server, tmp_path))
    printing.sign_in()
    assert printing.client.get("/racks/labels.pdf").status_code == 409
    racks = [save(printing, code=code)[1] for code in ("R-07", "R-08")]
    codes = [re.findall(r"<code>(R1\w+)</code>", printing.client.get(rack).text)[0] for rack in racks]
    sheet = printing.client.get("/racks/labels.pdf").content
    (page,) = raster(sheet, LABEL_PRINTER_DPI)
    assert set(texts(read_picture(page).found)) == set(codes)
    assert printing.client.get(f"{racks[0]}/label.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize("path", ["", "/edit", "/label.pdf"])
def test_a_rack_that_there_is_not_is_a_sentence(office: Office, path: str) -> None:
    office.sign_in()
    answer = office.client.get(f"/racks/{office.server.factory.mint.new_id()}{path}")
    assert (answer.status_code, "没有这个架" in answer.text) == (404, True)
