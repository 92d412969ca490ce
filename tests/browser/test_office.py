"""The office in a real browser: on a phone, while somebody types, and when too much is sent."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.browsing.chromium import PHONE, Chromium
from tests.browser import office
from tests.browser.conftest import Factory
from tests.browser.tablet import picture

pytestmark = pytest.mark.browser


def find(page: Page, pattern: str) -> str:
    found = re.search(pattern, page.content())
    assert found
    return found[1]


def test_no_page_is_wider_than_a_phone_and_the_header_is_one_row(factory: Factory, office_browser: Chromium) -> None:
    office_browser.open()
    with factory.running():
        page = office_browser.page(PHONE)
        office.sign_in(page, factory.url)
        page.goto(f"{factory.url}/orders?state=in_production&sort=customer")
        order = find(page, r'href="(/orders/[0-9a-f-]{36})"')
        page.goto(f"{factory.url}{order}")
        piece = find(page, r'href="(/pieces/[0-9a-f-]{36})"')
        for path in ("/", "/orders", "/orders/new", order, piece, "/devices"):
            for language in ("en", "zh-CN"):
                page.goto(f"{factory.url}/language?to={language}&back={path}")
                assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], (path, language)
                height = page.evaluate("document.querySelector('main').getBoundingClientRect().top")
                assert 56 <= height <= 64
                assert office.foreign_fonts(page) == set(), path
        expect(page.get_by_role("link", name="新订单")).to_be_hidden()
        page.get_by_role("button", name="菜单").click()
        page.get_by_role("link", name="新订单").click()
        expect(page.get_by_role("heading", name="新订单")).to_be_visible()
    fonts = {url.partition("?")[0].rpartition("/")[2] for url in office_browser.requested if "/static/" in url}
    assert fonts >= {"common.woff", "common-semibold.woff"}
    assert not {name for name in fonts if name.startswith("whole")}  # 10 MB that nothing on these pages needs


def test_a_field_says_what_is_wrong_while_somebody_types(factory: Factory, office_browser: Chromium) -> None:
    office_browser.open()
    with factory.running():
        page = office_browser.page()
        office.sign_in(page, factory.url)
        office.fill_order(page, factory.url)
        phone = page.get_by_role("textbox", name="电话")
        phone.fill("138")
        page.get_by_role("textbox", name="备注", exact=True).focus()
        expect(page.locator("#p-customer_phone")).to_contain_text("不是手机号")
        expect(phone).to_have_attribute("aria-invalid", "true")
        phone.fill("13812345678")
        page.get_by_role("textbox", name="备注", exact=True).focus()
        expect(page.locator("#p-customer_phone")).to_be_empty()
        expect(phone).to_have_attribute("aria-invalid", "false")
        assert phone.evaluate("one => getComputedStyle(one).fontWeight") == "400"
        page.get_by_label("在日历上选").fill("2026-12-24")
        promised = page.get_by_role("textbox", name="约定日期")
        expect(promised).to_have_value("2026-12-24")
        assert promised.evaluate("one => one.scrollWidth <= one.clientWidth")
        page.get_by_role("button", name="English").last.click()
        expect(page.get_by_role("textbox", name="Promised for")).to_have_value("2026-12-24")
        page.get_by_role("textbox", name="Customer").press("Enter")
        expect(page.get_by_role("heading", name=re.compile("MD-"))).to_be_visible()


def test_a_file_that_is_too_large_gets_an_answer_in_words(
    factory: Factory, office_browser: Chromium, tmp_path: Path
) -> None:
    large = tmp_path / "large.json"
    large.write_bytes(b" " * 45_000_000)
    office_browser.open()
    with factory.running():
        page = office_browser.page()
        office.sign_in(page, factory.url)
        page.goto(f"{factory.url}/devices")
        page.get_by_label("导入设备导出的记录").set_input_files(large)
        page.get_by_role("button", name="导入", exact=True).click()
        expect(page.get_by_role("heading", name="内容太大")).to_be_visible()
        expect(page.get_by_text("32 MB").first).to_be_visible()


def test_the_page_of_the_interface_asks_no_other_host(factory: Factory, office_browser: Chromium) -> None:
    office_browser.open()
    with factory.running():
        page = office_browser.page()
        page.goto(f"{factory.url}/docs")
        page.get_by_role("button", name="POST /v1/sync/push").first.click()
        expect(page.get_by_text("Mumen-Signature").first).to_be_visible()
        expect(page.get_by_text("prev_hash").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.evaluate("scrollTo(0, 0)")
        picture(page, "interface", sizes=("tablet",))
        page.evaluate("() => document.querySelectorAll('pre').forEach((one) => one.remove())")
        assert office.foreign_fonts(page) == set()
    asked = {url.split("/")[2] for url in office_browser.requested if not url.startswith("data:")}
    assert asked == {f"localhost:{factory.port}"}
