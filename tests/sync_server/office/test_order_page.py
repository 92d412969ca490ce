"""An order for those who only read it, or who release what others have filled in."""

import re

from shared.schemas.commands import PutMasterData
from shared.schemas.order import Order
from shared.schemas.people import Role
from tests.sync_server.office.conftest import Office, id_of


def become(office: Office, role: Role) -> None:
    person = office.server.factory.people["吴刚"].model_copy(update={"roles": [role]})
    office.server.system(PutMasterData(people=[person]))
    office.sign_in("吴刚")


def test_a_planner_sees_what_a_draft_is_to_become_and_releases_it(office: Office) -> None:
    office.sign_in()
    path = office.kept()
    become(office, Role.PLANNER)
    shown = office.client.get(path).text
    for expected in ("M-301 现代平板门", "主卧", "2050 × 800 × 40", "左内开", "胡桃色", "内容完整，可以下达"):
        assert expected in shown
    assert "<fieldset" not in shown
    action = re.search(r'action="(/orders/[^"]+/release)"', shown)
    assert action
    answer = office.client.post(action[1], data=office.hidden(path), follow_redirects=False)
    assert answer.status_code == 303
    order = office.server.get(Order, id_of(path))
    assert isinstance(order, Order)
    assert order.state == "released"


def test_a_planner_is_told_what_keeps_a_draft_from_its_release(office: Office) -> None:
    office.sign_in()
    path = office.kept(customer_phone="", **{"line-1-height": "9000"})
    become(office, Role.PLANNER)
    shown = office.client.get(path).text
    assert "电话：还没填" in shown
    answer = office.client.post(f"{path}/release", data=office.hidden(path))
    assert answer.status_code == 409
    assert "订单没填完整" in answer.text
    assert "太大，最大 2400 mm" in answer.text


def test_who_only_reads_is_offered_nothing_to_press(office: Office) -> None:
    office.sign_in()
    path = office.kept()
    become(office, Role.PURCHASER)
    shown = office.client.get(path).text
    assert "还没有下达" in shown
    assert "M-301" in shown
    assert "/release" not in shown
    assert "/cancel" not in shown


def test_an_empty_draft_says_so(office: Office) -> None:
    office.sign_in()
    order = office.server.factory.order()
    office.server.office(order.model_copy(update={"lines": []}))
    become(office, Role.PURCHASER)
    assert "还没有订单行" in office.client.get(f"/orders/{order.order_id}").text
