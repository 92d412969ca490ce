"""Two windows on one tablet: one has the store, the other may take it, and back; neither hears the other's gun."""

from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from benchmarks.browsing.app import open_app, wait_until_up
from benchmarks.browsing.chromium import Chromium
from tests.browser import office
from tests.browser.conftest import Factory
from tests.browser.tablet import enrol_to_cut, picture, pull_trigger, reload_app, says, sign_in, tap

pytestmark = pytest.mark.browser


def downloads_of(page: Page) -> list[Download]:
    """What this window offers to keep, from now on."""
    kept: list[Download] = []
    page.on("download", lambda one: kept.append(one))
    return kept


def test_a_second_window_says_so_and_can_take_over(
    factory: Factory, browser: Chromium, office_browser: Chromium, tmp_path: Path
) -> None:
    office_browser.open()
    browser.open()
    with factory.running():
        desk = office_browser.page()
        office.sign_in(desk, factory.url)
        one, two, three = office.codes_to_cut(desk, factory.url, tmp_path)[:3]
        first = browser.page()
        enrol_to_cut(first, office.invite(desk, factory.url).address)
    sign_in(first, "张伟")
    says(first, "请扫标签")
    pull_trigger(first, one)
    says(first, "待传 1")
    second = browser.page()
    open_app(second, f"{factory.url}/app/")
    says(second, "另一个窗口正在使用")
    picture(second, "other-tab")
    pull_trigger(second, two)
    tap(second, "在这里用")
    says(second, "谁在干活？")
    says(second, "待传 1")
    says(first, "已改在另一个窗口使用")
    sign_in(second, "张伟")
    says(second, "请扫标签")
    pull_trigger(first, two)
    pull_trigger(second, three)
    says(second, "待传 2")
    kept = [downloads_of(page) for page in (first, second)]
    tap(second, "状态")
    tap(second, "导出未上传的记录")
    says(second, "已导出 3 条，交给办公室导入")  # the scans, and at which station the tablet stands
    expect(second.get_by_text("待传 2")).to_have_count(0)
    second.wait_for_timeout(500)
    assert [len(files) for files in kept] == [0, 1]
    with first.expect_navigation():  # it begins anew, and takes the store without asking again
        tap(first, "在这里用")
    wait_until_up(first)
    says(first, "谁在干活？")
    says(second, "已改在另一个窗口使用")
    sign_in(first, "张伟")
    says(first, "请扫标签")
    pull_trigger(first, three)
    says(first, "已完成过")
    reload_app(first)
    says(first, "重复 1")
