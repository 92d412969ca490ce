"""What was shown as recorded outlives what comes next: a killed browser, a network that never comes back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.browsing.app import open_app
from benchmarks.browsing.chromium import Chromium
from tests.browser import office
from tests.browser.conftest import Factory
from tests.browser.tablet import (
    enrol_to_cut,
    pull_trigger,
    says,
    sign_in,
    tap,
    until_painted,
    until_synced,
)

pytestmark = pytest.mark.browser
KILLS = 5
EXPORTED = 3


@pytest.fixture
def desk(office_browser: Chromium) -> Page:
    """A page for the office."""
    office_browser.open()
    return office_browser.page()


def prepare(factory: Factory, desk: Page, tablet: Chromium, folder: Path) -> list[str]:
    """A tablet that is enrolled at the saw and killed; gives the codes of pieces to cut. The server is running."""
    office.sign_in(desk, factory.url)
    codes = office.codes_to_cut(desk, factory.url, folder)
    tablet.open()
    enrol_to_cut(tablet.page(), office.invite(desk, factory.url).address)
    tablet.kill()
    return codes


def start_app(factory: Factory, tablet: Chromium) -> Page:
    """The browser is opened anew, and in it the app; nobody is signed in."""
    tablet.open()
    page = tablet.page()
    open_app(page, f"{factory.url}/app/")
    return page


def start_work(factory: Factory, tablet: Chromium) -> Page:
    """The app is opened, and 张伟 signs in; there is no server."""
    page = start_app(factory, tablet)
    sign_in(page, "张伟")
    says(page, "请扫标签")
    return page


def completions(factory: Factory, desk: Page, codes: list[str]) -> list[int]:
    """How often each of these pieces was cut, by the office's history."""
    return [len(office.history(desk, factory.url, code, "完工")) for code in codes]


def test_no_scan_is_missing_however_soon_after_its_verdict_the_browser_is_killed(
    factory: Factory, browser: Chromium, desk: Page, tmp_path: Path
) -> None:
    with factory.running():
        codes = prepare(factory, desk, browser, tmp_path)[:KILLS]
    for kept, code in enumerate(codes):
        page = start_work(factory, browser)
        expect(page.get_by_text(re.compile(r"^待传 \d+$"))).to_have_text([f"待传 {kept}"] if kept else [])
        pull_trigger(page, code)
        until_painted(page, "本机已记录")
        browser.kill()
    page = start_app(factory, browser)
    says(page, f"待传 {KILLS}")
    with factory.running():
        until_synced(page)
        assert completions(factory, desk, codes) == [1] * KILLS


def test_what_was_exported_is_imported_in_the_office_and_counts_once(
    factory: Factory, browser: Chromium, desk: Page, tmp_path: Path
) -> None:
    with factory.running():
        codes = prepare(factory, desk, browser, tmp_path)[:EXPORTED]
    page = start_work(factory, browser)
    for count, code in enumerate(codes, start=1):
        pull_trigger(page, code)
        says(page, f"待传 {count}")
    tap(page, "状态")
    with page.expect_download() as started:
        tap(page, "导出未上传的记录")
    says(page, f"已导出 {EXPORTED + 1} 条，交给办公室导入")
    assert re.fullmatch(r"mumen-outbox-\d+\.json", started.value.suggested_filename)
    carried = tmp_path / started.value.suggested_filename
    started.value.save_as(carried)
    browser.kill()
    with factory.running():
        assert completions(factory, desk, codes) == [0] * EXPORTED
        for _ in range(2):  # somebody is not sure whether it worked
            desk.goto(f"{factory.url}/devices")
            desk.get_by_label("导入设备导出的记录").set_input_files(carried)
            desk.get_by_role("button", name="导入", exact=True).click()
            # Beside the scans the file holds that the tablet was put at its station.
            said = f"“开料平板”的 {EXPORTED + 1} 条记录已入账，其中 0 条被拒绝"
            expect(desk.get_by_role("status").filter(has_text="入账")).to_contain_text(said)
            assert completions(factory, desk, codes) == [1] * EXPORTED
        until_synced(start_app(factory, browser))
        assert completions(factory, desk, codes) == [1] * EXPORTED
