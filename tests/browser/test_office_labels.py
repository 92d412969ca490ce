"""The label of a piece in the office: a copy counts once from two open pages, a code is revoked after a question."""

import re

import pytest
from playwright.sync_api import Page, expect

from benchmarks.browsing.chromium import PHONE, Chromium
from tests.browser import office
from tests.browser.conftest import Factory
from tests.browser.tablet import picture

pytestmark = pytest.mark.browser


def a_piece(page: Page, factory: Factory) -> str:
    """The address of a piece that nobody has begun."""
    page.goto(f"{factory.url}/orders?state=released")
    page.locator("td a[href^='/orders/']").first.click()
    page.locator("td a[href^='/pieces/']").first.click()
    expect(page.get_by_role("table", name="经过")).to_be_visible()
    return page.url


def opened(page: Page, url: str) -> Page:
    """The piece's page with what can be done about its label."""
    page.goto(url)
    page.get_by_text("标签掉了、看不清、贴错了").click()
    return page


def is_well_made(page: Page) -> None:
    """Nothing is faint, and nothing sticks out of a phone."""
    assert office.poor_contrasts(page) == []
    size = page.viewport_size
    page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert office.poor_contrasts(page) == []
    assert size
    page.set_viewport_size(size)


def test_two_open_pages_make_one_copy_and_say_when_it_comes(factory: Factory, office_browser: Chromium) -> None:
    office_browser.open()
    with factory.running():
        one, two = office_browser.page(), office_browser.page()
        office.sign_in(one, factory.url)
        piece = a_piece(one, factory)
        opened(one, piece)
        opened(two, piece)
        for page in (one, two):
            page.get_by_role("button", name="补打标签").click()
            expect(page.get_by_text("已登记补打，这是第 2 张")).to_be_visible()
            expect(page.get_by_text("演示打印机")).to_be_visible()
        expect(one.get_by_text("这次没有再做一遍")).to_have_count(0)
        expect(two.get_by_text("这次没有再做一遍")).to_be_visible()
        expect(two.get_by_text("请到打印机上取")).to_be_visible()
        picture(two, "office-label-copied")
        is_well_made(two)
        two.get_by_role("link", name="回到这件").click()
        expect(two.get_by_text("共打 2 张")).to_be_visible()


def test_a_code_is_revoked_after_a_question_and_its_slip_is_found(factory: Factory, office_browser: Chromium) -> None:
    office_browser.open()
    with factory.running():
        page = office_browser.page()
        office.sign_in(page, factory.url)
        opened(page, a_piece(page, factory))
        old = office.codes_of_order(page)[0]
        page.get_by_role("link", name="作废这个码").click()
        page.get_by_role("link", name="不作废，返回").click()
        expect(page.get_by_text(old).first).to_be_visible()
        page.goto(f"{page.url}/revoke-label")
        is_well_made(page)
        page.get_by_role("button", name="作废并换新码").click()
        expect(page.get_by_text("请选一个原因")).to_be_visible()
        picture(page, "office-label-revoke")
        page.get_by_label("原因").select_option(label="贴错了件")
        page.get_by_role("button", name="作废并换新码").click()
        expect(page.get_by_text(f"旧码 {old} 已作废")).to_be_visible()
        picture(page, "office-label-revoked")
        new = re.findall(r"换成新码 (D1[0-9A-Z]{14})", page.content())[0]
        search = page.get_by_role("searchbox")
        search.fill(new[:8] + ("Z" if new[8] != "Z" else "Y") + new[9:])
        search.press("Enter")
        expect(page.get_by_text("末两位校验不对")).to_be_visible()
        is_well_made(page)
        picture(page, "office-search-slip")
        page.get_by_role("link", name=new).click()
        expect(page.get_by_role("table", name="经过")).to_contain_text("标签作废，换新码：贴错了件")


def test_leaders_find_the_stations_with_many_repeats(factory: Factory, office_browser: Chromium) -> None:
    office_browser.open()
    with factory.running():
        page = office_browser.page()
        office.sign_in(page, factory.url)
        page.get_by_role("link", name="各工位的扫码和重复").click()
        page.locator("a[href^='/scans?day=']").last.click()
        expect(page.get_by_role("table", name="工位")).to_be_visible()
        is_well_made(page)
        picture(page, "office-scans")
