"""The list of orders: found, sorted, and page by page."""

import re

import pytest

from sync_server.queries import orders as order_queries
from tests.sync_server.office.conftest import Office


def test_orders_are_found_by_number_customer_and_phone(office: Office) -> None:
    office.sign_in()
    office.send_order()
    for asked in ("王芳", "5678", "MD-"):
        assert "1 张" in office.client.get("/orders", params={"q": asked}).text
    assert "0 张" in office.client.get("/orders", params={"q": "9999"}).text


def test_names_are_escaped(office: Office) -> None:
    office.sign_in()
    office.send_order("", customer_name="<script>alert(1)</script>")
    assert "<script>alert" not in office.client.get("/orders").text


def customers(text: str) -> list[str]:
    return re.findall(r'data-label="客户"><span class="cut" title="\w+">(\w+)<', text)


def test_orders_are_sorted_by_a_column_and_back_again(office: Office) -> None:
    office.sign_in()
    for name, date in (("Bo", "2026-12-02"), ("Anna", ""), ("Cai", "2026-12-01"), ("Bo", "2026-12-03")):
        office.server.factory.clock.now += 1_000_000
        office.send_order("" if date else "save-and-release", customer_name=name, promised_on=date)
    expected = {
        "": ["Bo", "Cai", "Anna", "Bo"],
        "placed": ["Bo", "Anna", "Cai", "Bo"],
        "customer": ["Anna", "Bo", "Bo", "Cai"],
        "-customer": ["Cai", "Bo", "Bo", "Anna"],
        "promised": ["Cai", "Bo", "Bo", "Anna"],
        "-promised": ["Bo", "Bo", "Cai", "Anna"],
        "-state": ["Anna", "Bo", "Cai", "Bo"],
        "number": ["Bo", "Anna", "Cai", "Bo"],
        "'; drop table": ["Bo", "Cai", "Anna", "Bo"],
    }
    assert {sort: customers(office.client.get("/orders", params={"sort": sort}).text) for sort in expected} == expected
    text = office.client.get("/orders", params={"sort": "customer", "q": "1381"}).text
    assert 'aria-sort="ascending"' in text
    assert "sort=-customer" in text


def test_a_sorted_list_shows_every_order_once_over_its_pages(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_queries, "PAGE_SIZE", 3)
    office.sign_in()
    for _ in range(7):
        office.send_order("", customer_name="Bo")
    path, shown = "/orders?sort=customer", list[str]()
    while path:
        text = office.client.get(path).text
        shown += re.findall(r">(MD-[\d-]+)<", text)
        following = re.search(r'href="([^"]+)">下一页', text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert len(shown) == 7
    assert len(set(shown)) == 7


def test_a_page_that_no_list_can_have_is_a_wrong_address(office: Office) -> None:
    office.sign_in()
    assert office.client.get("/orders", params={"page_number": 10**18}).status_code == 422
