"""An order by hand: what is wrong is named field by field, nothing typed is lost, a double click is one order."""

import io
import re
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest

from mobile.web.fonts import ensure_fonts
from shared.schemas.door import Door, Piece
from shared.schemas.order import Order
from tests.sync_server.office.conftest import Office, open_office


def id_of(location: str) -> str:
    return location.rpartition("/")[2]


def test_an_order_is_kept_released_and_has_its_doors_pieces_and_labels(office: Office) -> None:
    office.sign_in()
    answer = office.send_order("release", **{"line-1-quantity": "2"})
    assert answer.status_code == 303
    order_id = id_of(answer.headers["location"])
    doors = office.server.children(Door, order_id)
    assert [door.room for door in doors] == ["主卧", "主卧"]
    text = office.client.get(f"/orders/{order_id}").text
    assert "已下达" in text
    codes = [office.server.code_of(p) for door in doors for p in office.server.children(Piece, door.id)]
    assert len(codes) == 4
    assert all(code in text for code in codes)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("line-1-height", "0", "高：要大于 0"),
        ("line-1-quantity", "-1", "数量：要大于 0"),
        ("customer_phone", "123456", "电话：不是手机号"),
        ("line-1-height", "9000", "太大，最大 2400 mm"),
        ("line-1-colour", "绿色", "没有这个颜色，可选：胡桃色、暖白"),
        ("customer_name", "", "客户姓名：还没填"),
        ("line-1-opening", "", "开向：还没填"),
    ],
)
def test_what_is_wrong_is_named_and_the_draft_is_kept(office: Office, name: str, typed: str, said: str) -> None:
    office.sign_in()
    answer = office.send_order("release", **{name: typed})
    assert answer.status_code == 409
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{typed}"' in answer.text or not typed or name == "line-1-opening"
    assert "1 张" in office.client.get("/orders").text


def test_a_text_that_is_no_number_is_not_kept_but_not_lost(office: Office) -> None:
    office.sign_in()
    answer = office.send_order("save", **{"line-1-width": "八百"})
    assert answer.status_code == 422
    assert 'value="八百"' in answer.text
    assert "不是毫米数" in answer.text
    assert "0 张" in office.client.get("/orders").text


def test_sending_the_same_form_twice_makes_one_order(office: Office) -> None:
    office.sign_in()
    hidden = office.hidden("/orders/new")
    path = hidden.pop("action_path")
    sent = hidden | office.order_fields() | {"action": "release"}
    answers = [office.client.post(path, data=sent, follow_redirects=False) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "1 张" in office.client.get("/orders").text
    assert office.server.counts() == (2, 2)


def test_a_draft_is_edited_and_somebody_elses_edit_is_not_overwritten(office: Office) -> None:
    office.sign_in()
    path = office.send_order("save").headers["location"]
    mine, theirs = office.hidden(path), office.hidden(path)
    for hidden in (mine, theirs):
        hidden.pop("action_path")
    changed = office.order_fields(customer_name="李娜") | {"action": "save"}
    assert office.client.post(path, data=theirs | changed, follow_redirects=False).status_code == 303
    late = office.client.post(path, data=mine | office.order_fields(customer_name="赵敏") | {"action": "save"})
    assert late.status_code == 409
    assert "别人刚改过" in late.text
    assert 'value="赵敏"' in late.text
    order = office.server.get(Order, id_of(path))
    assert isinstance(order, Order)
    assert order.customer_name == "李娜"
    shown = re.search(r'name="seen_rev" value="(\d+)"', late.text)
    key = re.search(r'name="key" value="([^"]+)"', late.text)
    assert shown
    assert key
    again = (
        mine | {"seen_rev": shown[1], "key": key[1]} | office.order_fields(customer_name="赵敏") | {"action": "save"}
    )
    assert office.client.post(path, data=again, follow_redirects=False).status_code == 303


def test_a_form_has_a_last_line_and_says_so(office: Office) -> None:
    office.sign_in()
    answer = office.send_order("add_line", line_count="50")
    assert answer.status_code == 422
    assert "最多 50 行" in answer.text


def test_a_tampered_number_is_no_fault_of_the_server(office: Office) -> None:
    office.sign_in()
    assert office.send_order("save", line_count="x", seen_rev="y").status_code == 303
    assert office.client.get("/orders", params={"page_number": "x"}).status_code == 422
    assert "网址不对" in office.client.get("/orders", params={"page_number": "x"}).text


def test_one_more_line_keeps_what_was_typed(office: Office) -> None:
    office.sign_in()
    answer = office.send_order("add_line", customer_name="王芳芳")
    assert answer.status_code == 200
    assert "第 2 行" in answer.text
    assert 'value="王芳芳"' in answer.text


def test_a_clerk_may_place_but_not_release(office: Office) -> None:
    office.sign_in("吴刚")
    assert "保存并下达" not in office.client.get("/orders/new").text
    answer = office.send_order("release")
    assert answer.status_code == 409
    assert "没有这个权限" in answer.text


def test_orders_are_found_by_number_customer_and_phone(office: Office) -> None:
    office.sign_in()
    office.send_order("save")
    for asked in ("王芳", "5678", "MD-"):
        assert "1 张" in office.client.get("/orders", params={"q": asked}).text
    assert "0 张" in office.client.get("/orders", params={"q": "9999"}).text


def test_names_are_escaped(office: Office) -> None:
    office.sign_in()
    office.send_order("save", customer_name="<script>alert(1)</script>")
    assert "<script>alert" not in office.client.get("/orders").text


def test_a_scanned_label_opens_its_piece_with_its_history(office: Office) -> None:
    office.sign_in()
    leaf = office.server.released()[0]
    tablet = office.server.device()
    tablet.scan(leaf)
    office.server.factory.clock.now += 7_200_000_000
    tablet.push()
    code = office.server.code_of(leaf)
    text = office.client.get("/search", params={"q": code.lower()}).text
    for expected in ("完工", "开料", "张伟", "平板 1", "离线"):
        assert expected in text
    times = re.findall(r"<td>(20\d\d-\d\d-\d\d \d\d:\d\d)</td>", text)
    assert len(times) == 2
    assert times[0] != times[1]


def test_the_sheet_has_a_label_for_each_piece(office: Office, tmp_path: Path) -> None:
    ensure_fonts(tmp_path, lambda _: None)
    with open_office(office.server, tmp_path) as client:
        printing = Office(office.server, client)
        printing.sign_in()
        path = printing.send_order("release", **{"line-1-quantity": "3"}).headers["location"]
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
    path = office.send_order("release").headers["location"]
    answer = office.client.get(f"{path}/labels.pdf")
    assert answer.status_code == 503
    assert "make run" in answer.text
