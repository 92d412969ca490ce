"""Where nothing can be kept, the app says so, and what was kept before stays."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Page, Playwright, expect

from benchmarks.browsing.app import open_app
from benchmarks.browsing.chromium import Chromium
from benchmarks.browsing.serving import free_port, served
from tests.browser import office
from tests.browser.brief import BriefChromium
from tests.browser.conftest import Factory
from tests.browser.tablet import picture, pull_trigger, says, sign_in, tap

pytestmark = pytest.mark.browser
NO_OPFS = "--disable-blink-features=FileSystemAccessOriginPrivate"
"""Takes `navigator.storage.getDirectory` from pages and workers; a script in the page does not reach the worker."""

SCANS_MAX = 40
"""More than what Chromium has set aside for the file beforehand has room for."""


def set_quota(page: Page, origin: str, quota_bytes: int | None) -> None:
    """What this origin may keep; None is what the browser would give it by itself."""
    limit = {} if quota_bytes is None else {"quotaSize": quota_bytes}
    session = cast("Any", page.context.new_cdp_session(page))  # Playwright leaves its parameters open
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, **limit})


def open_order(desk: Page, url: str) -> list[str]:
    """The label codes of an order that nobody has begun."""
    desk.goto(f"{url}/orders?state=released")
    found = re.search(r'href="(/orders/[0-9a-f-]{36})"', desk.content())
    assert found
    desk.goto(f"{url}{found[1]}")
    return office.codes_of_order(desk)


def scan_until_full(page: Page, code: str) -> None:
    for _ in range(SCANS_MAX):
        pull_trigger(page, code)
        page.wait_for_timeout(100)
        if page.get_by_text("未记录").count():
            return
    raise AssertionError("the store never became full")


def chip(page: Page, word: str) -> str:
    """What a chip at the top says."""
    return page.get_by_text(re.compile(rf"^{word} \d+$")).first.inner_text()


@pytest.fixture(scope="module")
def origin(built_app: Path) -> Iterator[str]:
    """The app's files alone: a device that cannot keep anything does not come as far as the server."""
    port = free_port()
    url = f"http://localhost:{port}"
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "localhost", "-d", str(built_app.parent)]
    with served(command, f"{url}/app/"):
        yield url


def test_a_browser_that_cannot_keep_anything_is_told_in_both_languages(
    origin: str, play: Playwright, tmp_path: Path
) -> None:
    without = BriefChromium(play, tmp_path / "profile", [NO_OPFS])
    without.open()
    try:
        page = without.page()
        open_app(page, f"{origin}/app/")
        assert page.evaluate("typeof navigator.storage.getDirectory") == "undefined"
        for sentence in (
            "这个浏览器不能存数据",
            "This browser cannot store data",
            "请用新版 Chrome",
            "Use a current Chrome",
        ):
            says(page, sentence)
        picture(page, "app-no-storage", sizes=("tablet",))
    finally:
        without.kill()


def test_a_new_device_without_room_is_told_in_both_languages(origin: str, browser: Chromium) -> None:
    browser.open()
    page = browser.page()
    set_quota(page, origin, 1)
    open_app(page, f"{origin}/app/")
    for sentence in ("存储空间已满", "Storage is full", "先连网上传", "ask the leader to free space"):
        says(page, sentence)
    set_quota(page, origin, None)
    page.get_by_role("button", name="再试").click()
    says(page, "登记码")


def test_a_scan_that_finds_no_room_is_not_shown_as_recorded(
    factory: Factory, browser: Chromium, office_browser: Chromium
) -> None:
    office_browser.open()
    browser.open()
    desk, page = office_browser.page(), browser.page()
    with factory.running():
        office.sign_in(desk, factory.url)
        first, second, *_ = open_order(desk, factory.url)
        open_app(page, office.invitation(desk, factory.url))
        tap(page, "开料 1 号位")
        sign_in(page, "张伟")
    says(page, "离线")
    pull_trigger(page, first)
    says(page, "待传 1")
    pull_trigger(page, first)
    says(page, "重复 1")  # how many more find room depends on how full the last page of the store is

    set_quota(page, factory.url, 1)
    scan_until_full(page, first)
    says(page, "没存下")
    says(page, "存储已满，这一扫没有记下")
    says(page, "找组长")
    picture(page, "app-storage-full", sizes=("tablet",))
    kept = chip(page, "重复")
    pull_trigger(page, second)
    page.wait_for_timeout(500)
    says(page, "未记录")
    says(page, "待传 1")

    set_quota(page, factory.url, None)
    pull_trigger(page, second)
    says(page, "本机已记录")
    says(page, "待传 2")
    says(page, kept)
    with factory.running():
        pull_trigger(page, second)  # a scan wakes the app; by itself it asks every half minute at most
        expect(page.get_by_text("待传")).to_have_count(0)
        for code, repeats in ((first, int(kept.split()[1])), (second, 1)):
            desk.goto(f"{factory.url}/search?q={code}")
            expect(desk.get_by_role("row").filter(has_text="完工")).to_have_count(1)
            expect(desk.get_by_role("row").filter(has_text="重复扫码")).to_have_count(repeats)
