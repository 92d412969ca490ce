"""How the office looks where nobody looks often: in the dark, after a fault or an import, before a cancellation."""

import random
import re
import sqlite3
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from httpx2 import Client
from playwright.sync_api import Page, expect

from benchmarks.browsing.chromium import PHONE, Chromium
from mobile.device_engine import DeviceEngine
from mobile.store.database import Store
from tests.browser import office
from tests.browser.conftest import Factory
from tests.browser.tablet import picture
from tests.factory import TestClock
from tests.simulation.world import Network, SimPlatform, Tablet, run

pytestmark = pytest.mark.browser
SCANS = 3


def found(page: Page, pattern: str) -> str:
    match = re.search(pattern, page.content())
    assert match
    return match[1]


def an_order(page: Page, factory: Factory, state: str) -> str:
    """The address of some order in this state."""
    page.goto(f"{factory.url}/orders?state={state}")
    return found(page, r'href="(/orders/[0-9a-f-]{36})"')


def rename(factory: Factory, table: str, name: str) -> None:
    connection = sqlite3.connect(factory.folder / "data" / "mumen.db", timeout=10)
    connection.execute(f"ALTER TABLE {table} RENAME TO {name}")
    connection.commit()
    connection.close()


@contextmanager
def broken(factory: Factory) -> Generator[None, None, None]:
    """Nothing can be written while the command log is away."""
    rename(factory, "command_log", "lost")
    yield
    rename(factory, "lost", "command_log")


def exported(factory: Factory, code: str, labels: list[str], folder: Path) -> Path:
    """The file of a tablet that scanned these labels and then found no network: the app's own engine made it."""
    clock = TestClock(time.time_ns() // 1_000)
    with Client(base_url=factory.url) as client:
        path = folder / "tablet.db"
        platform = SimPlatform(Network(client, random.Random(1)), clock, random.Random(2), path)  # type: ignore[arg-type]
        tablet = Tablet(platform, DeviceEngine(platform, Store(str(path)), clock))
        assert run(tablet.engine.enrol(code)) is None
        station = next(one for one in tablet.engine.stations() if one.code == "CUT-1")
        tablet.engine.pick_station(station.id)
        tablet.sign_in("张伟")
        platform.network.is_up = False
        run(tablet.engine.sync_once())
        for label in labels:
            tablet.engine.on_code(label)
        file = run(tablet.engine.export_outbox())
        tablet.engine.close()
    (folder / file.name).write_bytes(file.content)
    return folder / file.name


def test_the_dark_office_is_legible_on_every_page(factory: Factory, office_browser: Chromium) -> None:
    office_browser.open()
    with factory.running():
        page = office_browser.page()
        page.emulate_media(color_scheme="dark")
        office.sign_in(page, factory.url)
        order, draft, cancelled = (an_order(page, factory, one) for one in ("in_production", "draft", "cancelled"))
        pages = {"home": "/", "orders": "/orders", "order": order, "draft": draft, "cancelled": cancelled}
        pages |= {"cancel": f"{order}/cancel", "devices": "/devices", "404": "/nowhere"}
        for name, path in pages.items():
            page.goto(f"{factory.url}{path}")
            assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 21, 18)"
            assert office.poor_contrasts(page) == [], name
            picture(page, f"office-dark-{name}")
        page.emulate_media(color_scheme="light")
        for name, path in pages.items():
            page.goto(f"{factory.url}{path}")
            assert office.poor_contrasts(page) == [], name


def test_a_fault_keeps_what_was_typed_until_it_can_be_saved(factory: Factory, office_browser: Chromium) -> None:
    office_browser.open()
    with factory.running():
        page = office_browser.page()
        office.sign_in(page, factory.url)
        office.fill_order(page, factory.url)
        with broken(factory):
            page.get_by_role("button", name="保存草稿").click()
            expect(page.get_by_role("heading", name="服务器出错了")).to_be_visible()
            expect(page.get_by_text(re.compile("^错误编号"))).to_be_visible()
            picture(page, "office-fault")
            assert office.poor_contrasts(page) == []
        page.get_by_role("button", name="再试一次").click()
        expect(page.get_by_role("heading", name=re.compile("MD-"))).to_be_visible()
        expect(page.get_by_role("textbox", name="客户姓名")).to_have_value("王芳")


def test_a_page_that_is_not_there_says_so_in_both_languages(factory: Factory, office_browser: Chromium) -> None:
    office_browser.open()
    with factory.running():
        page = office_browser.page()
        page.goto(f"{factory.url}/nowhere")
        expect(page.get_by_role("heading", name="没有这个页面")).to_be_visible()
        expect(page.get_by_text("There is no such page")).to_be_visible()
        picture(page, "office-404-stranger")
        office.sign_in(page, factory.url)
        page.goto(f"{factory.url}/nowhere")
        expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()
        picture(page, "office-404")
        page.goto(f"{factory.url}/language?to=en&back=/nowhere")
        expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
        picture(page, "office-404-english")


def test_the_file_of_a_tablet_without_a_network_is_taken_in_and_a_strange_one_refused(
    factory: Factory, office_browser: Chromium, tmp_path: Path
) -> None:
    office_browser.open()
    with factory.running():
        page = office_browser.page()
        office.sign_in(page, factory.url)
        page.goto(f"{factory.url}{an_order(page, factory, 'released')}")
        labels = office.codes_of_order(page)[:SCANS]
        code = office.invitation(page, factory.url).partition("code=")[2]
        with ThreadPoolExecutor(1) as beside:  # Playwright's own loop runs on this thread
            file = beside.submit(exported, factory, code, labels, tmp_path).result()
        strange = tmp_path / "strange.json"
        strange.write_text("{}")
        for chosen, said, name in (
            (file, f"{SCANS + 1} 条记录已入账", "office-import"),
            (strange, "不是设备导出的文件", "office-import-refused"),
        ):
            page.goto(f"{factory.url}/devices")
            page.get_by_label("导入设备导出的记录").set_input_files(chosen)
            expect(page.get_by_text(chosen.name)).to_be_visible()
            page.get_by_role("button", name="导入", exact=True).click()
            expect(page.get_by_text(said)).to_be_visible()
            picture(page, name)
        page.goto(f"{factory.url}/search?q={labels[0]}")
        expect(page.get_by_role("row").filter(has_text="开料")).to_contain_text("离线")


def test_an_order_is_cancelled_only_after_a_question(factory: Factory, office_browser: Chromium) -> None:
    office_browser.open()
    with factory.running():
        page = office_browser.page()
        office.sign_in(page, factory.url)
        order = an_order(page, factory, "in_production")
        page.goto(f"{factory.url}{order}")
        page.get_by_role("link", name="取消订单").click()
        picture(page, "office-cancel")
        page.get_by_role("link", name="不取消，返回").click()
        expect(page.get_by_text("生产中").first).to_be_visible()
        page.get_by_role("link", name="取消订单").click()
        page.get_by_role("button", name="取消这张订单").click()
        expect(page.get_by_role("heading", name="取消订单")).to_be_visible()  # the browser asks for the reason
        page.get_by_label("原因").fill("客户退单")
        page.get_by_role("button", name="取消这张订单").click()
        expect(page.get_by_text("取消：客户退单")).to_be_visible()
        picture(page, "office-cancelled")


def test_a_line_is_removed_and_enter_still_saves(factory: Factory, office_browser: Chromium) -> None:
    office_browser.open()
    with factory.running():
        page = office_browser.page()
        office.sign_in(page, factory.url)
        office.fill_order(page, factory.url)
        page.get_by_role("button", name="再加一行").click()
        page.get_by_role("textbox", name="房间").nth(1).fill("次卧")
        picture(page, "office-two-lines")
        page.get_by_role("textbox", name="客户姓名").press("Enter")
        expect(page.get_by_role("heading", name=re.compile("MD-"))).to_be_visible()
        expect(page.get_by_role("textbox", name="房间")).to_have_count(2)
        page.get_by_role("button", name="删除第 1 行").click()
        expect(page.get_by_role("textbox", name="房间")).to_have_value("次卧")
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_team_leader_sees_the_work_and_not_the_customers(factory: Factory, office_browser: Chromium) -> None:
    office_browser.open()
    with factory.running():
        page = office_browser.page()
        office.sign_in(page, factory.url, "3001")
        order = an_order(page, factory, "in_production")
        expect(page.get_by_text("客户")).to_have_count(0)
        picture(page, "office-orders-leader")
        page.goto(f"{factory.url}{order}")
        expect(page.get_by_text("客户")).to_have_count(0)
        expect(page.get_by_role("link", name="打印标签")).to_be_visible()
        picture(page, "office-order-leader")
        page.goto(f"{factory.url}{an_order(page, factory, 'draft')}")
        expect(page.get_by_text("还没有下达")).to_be_visible()
        picture(page, "office-draft-leader")
