"""A station PC whose local process goes away while somebody scans: real process, real page, real keys."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from benchmarks.browsing.app import wait_until_up
from benchmarks.browsing.chromium import Chromium
from benchmarks.browsing.serving import served
from shared.label_code import pretty
from tests.browser import office
from tests.browser.conftest import Factory
from tests.browser.ears import heard, listen
from tests.browser.station_pc import COMMAND, StationPC
from tests.browser.tablet import picture, pull_trigger, says, sign_in, tap, type_text

pytestmark = pytest.mark.browser
STOP_HZ = [220] * 3


def test_what_is_scanned_while_the_process_is_away_is_refused_aloud_and_stays_to_be_read(
    factory: Factory, browser: Chromium, office_browser: Chromium, tmp_path: Path
) -> None:
    pc = StationPC(factory, tmp_path)
    office_browser.open()
    browser.open()
    desk, page = office_browser.page(), browser.page()
    listen(page)
    bridges = bridges_of(page)
    with factory.running():
        office.sign_in(desk, factory.url)
        desk.goto(f"{factory.url}/orders?state=released")
        desk.get_by_role("link", name=re.compile("MD-")).first.click()
        first, second, third, *_ = office.codes_of_order(desk)
        with served(COMMAND, pc.url, pc.environment):
            pc.open(page)
            type_text(page, "登记码", office.invitation(desk, factory.url).rpartition("=")[2])
            tap(page, "开料 1 号位")
            sign_in(page, "张伟")
            says(page, "请扫标签")
            bridges[-1].close()  # the process goes on, and knows who is at work
            expect(away(page)).to_contain_text("程序停了")
            pull_trigger(page, third)
            says(page, "完成")
            expect(away(page)).to_have_count(0)
            assert heard(page).hertz[:3] == STOP_HZ
        expect(away(page)).to_contain_text("程序停了，正在等它回来")
        expect(away(page)).to_contain_text("What is scanned now is not recorded")
        heard(page)
        for code in (first, second, first):
            pull_trigger(page, code)
            assert heard(page).hertz == STOP_HZ
            expect(away(page)).to_contain_text(pretty(code))
        picture(page, "station-pc-away")
        with served(COMMAND, pc.url, pc.environment):
            says(page, "谁在干活？")
            expect(away(page)).to_contain_text("程序停过，这 2 张没有记录：登录后再扫一次")
            assert away(page).locator("p").inner_text() == f"{pretty(first)} · {pretty(second)}"
            picture(page, "station-pc-back")
            page.get_by_role("button", name="知道了").click()
            expect(away(page)).to_have_count(0)
            sign_in(page, "张伟")
            for code in (first, second):
                pull_trigger(page, code)
                says(page, "完成")
            says(page, "在线")
            page.reload()
            wait_until_up(page)
            expect(away(page)).to_have_count(0)  # seen is seen


def bridges_of(page: Page) -> list[WebSocketRoute]:
    """The page's connections to its process, as they are made."""
    made: list[WebSocketRoute] = []

    def connected(route: WebSocketRoute) -> None:
        route.connect_to_server()
        made.append(route)

    page.route_web_socket(re.compile("/bridge$"), connected)
    return made


def away(page: Page) -> Locator:
    return page.locator("#away")
