"""Story S1: plug, kill, torn label. One door from the order to the office's timeline, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import office
from tests.browser.chromium import Chromium
from tests.browser.conftest import Factory
from tests.browser.tablet import open_app, picture, pull_trigger, says, sign_in, tap, type_text, wait_until_kept

pytestmark = pytest.mark.browser


def test_one_door_end_to_end(  # noqa: PLR0915 - a story is told in one go
    factory: Factory, browser: Chromium, office_browser: Chromium
) -> None:
    office_browser.open()
    desk = office_browser.page()
    with factory.running():
        desk.goto(f"{factory.url}/sign-in")
        picture(desk, "office-sign-in")
        office.sign_in(desk, factory.url)
        picture(desk, "office-home")
        office.fill_order(desk, factory.url)
        desk.get_by_role("button", name="保存并下达").click()
        expect(desk.get_by_text("不是手机号").first).to_be_visible()
        picture(desk, "office-order-problems")
        desk.get_by_role("textbox", name="电话").fill("13812345678")
        desk.get_by_role("button", name="保存并下达").click()
        expect(desk.get_by_text("已下达").first).to_be_visible()
        picture(desk, "office-order")
        order_url, codes = desk.url, office.codes_of_order(desk)
        assert len(codes) == 4
        labels = desk.request.get(f"{order_url}/labels.pdf")
        assert labels.headers["content-type"] == "application/pdf"
        invited = office.invitation(desk, factory.url)
        picture(desk, "office-invitation")

        browser.open()
        page = browser.page()
        open_app(page, invited)
        says(page, "选择工位")
        picture(page, "app-stations")
        tap(page, "开料 1 号位")
        picture(page, "app-people")
        wait_until_kept(page)
    browser.kill()

    browser.open()
    page = browser.page()
    open_app(page, f"{factory.url}/app/")
    says(page, "离线")
    tap(page, "张伟")
    picture(page, "app-pin")
    tap(page, "返回")
    sign_in(page, "张伟")
    says(page, "请扫标签")
    picture(page, "app-ready")
    pull_trigger(page, codes[0])
    says(page, "本机已记录")
    says(page, "待传 1")
    picture(page, "app-completed-offline")
    pull_trigger(page, codes[0])
    says(page, "已完成过")
    says(page, "重复 1")
    says(page, "待传 1")
    picture(page, "app-already")
    tap(page, "输入条码")
    picture(page, "app-type-code")
    type_text(page, "标签上的条码", codes[1].lower().replace("0", "o"))
    says(page, "待传 2")
    wrong = codes[0][:-1] + ("0" if codes[0][-1] != "0" else "1")
    pull_trigger(page, wrong)
    says(page, "校验不符")
    says(page, "待传 2")
    picture(page, "app-wrong-check")
    pull_trigger(page, "HTTPS://WEIXIN.QQ.COM/R/ABC")
    says(page, "不是本厂标签")
    tap(page, "状态")
    says(page, "设备状态")
    picture(page, "app-status")
    browser.kill()

    browser.open()
    page = browser.page()
    open_app(page, f"{factory.url}/app/")
    says(page, "待传 2")
    with factory.running():
        expect(page.get_by_text("待传")).to_have_count(0)
        says(page, "在线")
        desk.goto(f"{factory.url}/search?q={codes[0]}")
        row = desk.get_by_role("row").filter(has_text="完工")
        expect(row).to_have_count(1)
        expect(row).to_contain_text("张伟")
        expect(row).to_contain_text("开料 1 号位")
        expect(row).to_contain_text("离线")
        expect(desk.get_by_role("row").filter(has_text="重复扫码")).to_have_count(1)
        assert len(re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", row.inner_text())) == 2
        picture(desk, "office-piece")
        desk.goto(order_url)
        expect(desk.get_by_text("生产中").first).to_be_visible()
        desk.goto(f"{factory.url}/devices")
        expect(desk.get_by_role("row").filter(has_text="开料平板")).to_contain_text("在线")
        picture(desk, "office-devices")
        desk.goto(f"{factory.url}/orders")
        picture(desk, "office-orders")
    outside = {url.split("/")[2] for url in browser.requested if url.startswith("http")} - {f"localhost:{factory.port}"}
    assert outside <= {"cdn.jsdelivr.net"}  # Flutter asks for rive once; it fails without harm


def test_a_second_window_says_so_and_can_take_over(factory: Factory, browser: Chromium) -> None:
    browser.open()
    with factory.running():
        first = browser.page()
        open_app(first, f"{factory.url}/app/")
        says(first, "登记这台设备")
        picture(first, "app-enrol")
        second = browser.page()
        open_app(second, f"{factory.url}/app/")
        says(second, "另一个窗口正在使用")
        picture(second, "app-other-tab")
        tap(second, "在这里用")
        says(second, "登记这台设备")
        says(first, "已改在另一个窗口使用")
