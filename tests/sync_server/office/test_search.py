"""The search box: codes, mistyped codes, racks, and else orders."""

import pytest

from shared.label_code import CodeKind, fold, make, pretty
from shared.schemas.commands import IssueLabels, PutRack
from shared.schemas.commands.labels import CardKind
from shared.schemas.door import Label, Piece
from shared.schemas.rack import Rack
from tests.sync_server.office.conftest import Office

OTHER_FACTORY = make(CodeKind.PIECE, 12345)


@pytest.fixture
def desk(office: Office) -> Office:
    office.sign_in()
    return office


def put_rack(office: Office, code: str, name: str = "") -> Rack:
    rack = Rack(id=office.server.factory.mint.new_id(), site_id=office.server.factory.site.id, code=code, name=name)
    office.server.office(PutRack(rack=rack))
    return rack


def leads_to(office: Office, typed: str) -> str:
    answer = office.client.get("/search", params={"q": typed}, follow_redirects=False)
    return answer.headers.get("location", "")


def said(office: Office, typed: str) -> str:
    answer = office.client.get("/search", params={"q": typed})
    assert answer.status_code == 200
    return answer.text.partition("<main>")[2]


def code_of(office: Office, piece: Piece) -> str:
    return office.server.code_of(piece)


@pytest.mark.parametrize("typed", ["R-07", "r-07", " R-07 ", "Ｒ－０７", "r07", "R 07"])
def test_a_rack_is_found_by_what_is_painted_on_it(desk: Office, typed: str) -> None:
    rack = put_rack(desk, "R-07")
    put_rack(desk, "R-08")
    assert leads_to(desk, typed) == f"/racks/{rack.id}"


def test_two_racks_of_nearly_one_name_are_both_shown(desk: Office) -> None:
    racks = [put_rack(desk, "R-07"), put_rack(desk, "R07")]
    page = said(desk, "r 07")
    assert all(f'href="/racks/{rack.id}"' in page for rack in racks)
    assert "没有找到" not in page


def test_a_rack_is_found_by_its_number_without_zeros_and_by_its_name(desk: Office) -> None:
    rack = put_rack(desk, "R-099", "油漆 3 号")
    put_rack(desk, "R-100")
    for typed in ("R-99", "r99", "R-0099", "油漆3号", "油漆 ３ 号"):
        assert leads_to(desk, typed) == f"/racks/{rack.id}", typed


def test_a_rack_that_is_not_there_is_said_to_be_missing(desk: Office) -> None:
    put_rack(desk, "R-07")
    page = said(desk, "R-99")
    assert "没有叫“R-99”的架" in page
    assert 'href="/racks"' in page
    assert "请对着标签再输一遍" not in page  # it was no code


def test_the_end_of_a_code_finds_what_carries_it(desk: Office) -> None:
    leaf = desk.server.released()[0]
    code = code_of(desk, leaf)
    for typed in (code[-4:], code[-4:].lower(), code[10:14], pretty(code)[-7:], code[-9:]):
        assert leads_to(desk, typed) == f"/pieces/{leaf.id}?label={code}", typed
    rack = put_rack(desk, "R-07")
    (label,) = desk.server.children(Label, rack.id)
    assert leads_to(desk, label.id[-5:]) == f"/racks/{rack.id}"
    assert leads_to(desk, code[-3:]).startswith("/orders?")


def test_an_end_that_may_be_an_order_too_leaves_the_choice(desk: Office) -> None:
    leaf = desk.server.released()[0]
    code, ending = code_of(desk, leaf), code_of(desk, leaf)[-4:]
    assert not ending.isdecimal()
    desk.kept(customer_name=f"家装 {ending}")
    page = said(desk, ending)
    assert f'href="/pieces/{leaf.id}?label={code}"' in page
    assert f'href="/orders?q={ending}">在订单里找 (1)' in page
    assert "没有找到" not in page


def test_a_number_is_looked_for_among_orders_first(desk: Office) -> None:
    desk.kept(customer_phone="13812345678")
    assert leads_to(desk, "5678") == "/orders?q=5678"


def test_a_rack_is_found_by_its_label(desk: Office) -> None:
    rack = put_rack(desk, "R-07")
    (label,) = desk.server.children(Label, rack.id)
    assert leads_to(desk, pretty(label.id)) == f"/racks/{rack.id}"


def test_a_code_is_found_however_it_is_written(desk: Office) -> None:
    leaf = desk.server.released()[0]
    code = code_of(desk, leaf)
    wide = "".join(chr(ord(one) + 0xFEE0) for one in code)
    for typed in (code, code.lower(), wide, pretty(code), code.replace("0", "O").replace("1", "l"), f"{code}\r"):
        assert leads_to(desk, typed) == f"/pieces/{leaf.id}", typed


def test_a_mistyped_code_is_said_to_be_one_and_leads_on_by_its_near_ones(desk: Office) -> None:
    leaf = desk.server.released()[0]
    code = code_of(desk, leaf)
    wrong = code[:8] + ("Z" if code[8] != "Z" else "Y") + code[9:]
    for typed, why in (
        (wrong, "末两位校验不对"),
        (wrong.lower(), "末两位校验不对"),
        (f"{code[:8]}U{code[9:]}", "末两位校验不对"),
        (code[:8] + code[9:], "码少了 1 个字符"),
        (f"{code[:8]}{code[7:]}", "码多了 1 个字符"),
        (code[:9], "码少了 7 个字符"),
    ):
        page = said(desk, typed)
        assert why in page, typed
        assert f'href="/pieces/{leaf.id}?label={code}"' in page, typed
        assert code in page


def test_a_mistyped_code_that_is_near_nothing_says_what_to_do(desk: Office) -> None:
    wrong = OTHER_FACTORY[:8] + ("Z" if OTHER_FACTORY[8] != "Z" else "Y") + OTHER_FACTORY[9:]
    page = said(desk, wrong)
    assert "请对着标签再输一遍" in page
    assert f'href="/orders?q={wrong}"' in page


def test_a_whole_code_that_is_not_known_here_is_said_to_be_whole(desk: Office) -> None:
    page = said(desk, OTHER_FACTORY)
    assert "码打对了，但这里没有它" in page
    assert fold(OTHER_FACTORY) in page


def test_a_package_leads_to_its_order_and_a_station_has_no_page(desk: Office) -> None:
    leaf = desk.server.released()[0]
    station = desk.server.factory.stations["CUT"]
    order = desk.server.order_of(leaf)
    for kind, target_id in ((CardKind.PACKAGE, leaf.door_id), (CardKind.STATION, station.id)):
        desk.server.office(IssueLabels(kind=kind, target_ids=[target_id]))
    (package,) = [one for one in desk.server.children(Label, leaf.door_id) if one.kind == CardKind.PACKAGE]
    (card,) = desk.server.children(Label, station.id)
    assert leads_to(desk, package.id) == f"/orders/{order.id}"
    assert "这是工位卡上的码" in said(desk, card.id)


def test_anything_else_is_looked_for_among_the_orders(desk: Office) -> None:
    put_rack(desk, "R-07")
    for typed in ("", "王芳", "MD-2026", "R-", "Q-07", "D1", "https://example.com/R-07"):
        assert leads_to(desk, typed).startswith("/orders?q="), typed
