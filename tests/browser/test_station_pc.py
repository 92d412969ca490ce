"""The app as a local process on a station PC: its page in the local browser, its store in a folder."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.browsing.chromium import Chromium
from benchmarks.browsing.serving import served
from benchmarks.browsing.video import scene, write_video
from labels.content import CodeCard
from labels.fonts import LabelFonts
from labels.picture import Press, label_picture
from labels.reading.verify import find_unread
from labels.templates import LABEL_60X40, ROLL_60X40
from mobile.web.builder.fonts import ensure_fonts
from tests.browser import office
from tests.browser.conftest import ROOT, Factory
from tests.browser.ears import heard, listen
from tests.browser.stalling_gun import FINGERS_S, StallingGun, split
from tests.browser.station_pc import COMMAND, StationPC
from tests.browser.tablet import picture, pull_trigger, says, sign_in, tap, type_text

pytestmark = pytest.mark.browser


def test_a_station_pc_enrols_scans_and_sends(
    factory: Factory, browser: Chromium, office_browser: Chromium, tmp_path: Path
) -> None:
    pc = StationPC(factory, tmp_path)
    office_browser.open()
    browser.open()
    desk, page = office_browser.page(), browser.page()
    listen(page)
    with served(COMMAND, pc.url, pc.environment):
        with factory.running():
            office.sign_in(desk, factory.url)
            desk.goto(f"{factory.url}/orders?state=released")
            desk.get_by_role("link", name=re.compile("MD-")).first.click()
            first, second, *_ = office.codes_of_order(desk)
            code = office.invitation(desk, factory.url).rpartition("=")[2]
            pc.open(page)
            says(page, "登记这台设备")
            type_text(page, "登记码", code)
            says(page, "选择工位")
            tap(page, "开料 1 号位")
            gun = StallingGun(page)
            type_pin_after_a_broken_code(page, gun, first)
            says(page, "在线")
            picture(page, "station-pc-ready")
        tap(page, "输入条码")
        type_text(page, "标签上的条码", first)
        says(page, "完成")
        assert heard(page).hertz == [1320]
        gun.pieces(split(second, 9), 300)
        says(page, "待传")
        assert heard(page).hertz == [1320]
        pull_trigger(page, second)
        says(page, "已完成过")
        assert heard(page).hertz == [740] * 4
        copy_the_label(page, second)
    assert (pc.folder / "mumen.db").exists()

    page.close()
    again = browser.page()
    with factory.running(), served(COMMAND, pc.url, pc.environment):
        pc.open(again)
        says(again, "谁在干活？")
        expect(again.get_by_text("待传")).to_have_count(0)
        for scanned in (first, second):
            desk.goto(f"{factory.url}/search?q={scanned}")
            expect(desk.get_by_role("row").filter(has_text="完工")).to_have_count(1)
        newer = browser.page()
        pc.open(newer)
        says(newer, "谁在干活？")
        says(again, "已改在另一个窗口使用")
        tap(again, "在这里用")
        says(again, "谁在干活？")
        says(newer, "已改在另一个窗口使用")
    outside = {url.split("/")[2] for url in browser.requested if url.startswith(("http", "ws"))}
    assert outside <= {f"localhost:{pc.port}", "cdn.jsdelivr.net"}  # Flutter asks for rive once; it fails without harm


def type_pin_after_a_broken_code(page: Page, gun: StallingGun, code: str) -> None:
    """The code is no try of the PIN, which then comes from a pad of numbers."""
    tap(page, "张伟")
    gun.pieces([code[:9], code[10:]], 300)
    says(page, "枪读漏了，不算试密码")
    assert heard(page).hertz == [220] * 3
    gun.press("2468", FINGERS_S, end="Enter", has_numpad=True)
    says(page, "请扫标签")


def copy_the_label(page: Page, code: str) -> None:
    """A leader takes over, and has the label of the last scan among the downloads."""
    picture(page, "station-pc-already")
    tap(page, "换人")
    sign_in(page, "黄涛")
    page.get_by_text("已由 张伟 完成").first.click()
    tap(page, "两面各贴一张")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="分享或保存 PDF").click()
    says(page, "副本 2 已做好")
    assert downloading.value.suggested_filename == f"label-{code}-2.pdf"
    assert find_unread(downloading.value.path().read_bytes(), [code], ROLL_60X40, 203) == []


def test_a_station_pc_scans_with_a_camera_of_its_own(
    factory: Factory, browser: Chromium, office_browser: Chromium, tmp_path: Path
) -> None:
    pc, video = StationPC(factory, tmp_path), tmp_path / "camera.y4m"
    fonts = ensure_fonts(ROOT / "build", lambda _: None)
    press = Press(LabelFonts(fonts.regular, fonts.semibold))
    office_browser.open()
    browser.open()
    desk, page = office_browser.page(), browser.page()
    with factory.running():
        office.sign_in(desk, factory.url)
        desk.goto(f"{factory.url}/orders?state=released")
        desk.get_by_role("link", name=re.compile("MD-")).first.click()
        label = label_picture(press, CodeCard(office.codes_of_order(desk)[2], "门扇 1/4"), LABEL_60X40)
        write_video(video, [scene([(label, (400, 140))])])
        code = office.invitation(desk, factory.url).rpartition("=")[2]
        with served(COMMAND, pc.url, pc.environment | {"MUMEN_CAMERA": str(video)}):
            pc.open(page)
            type_text(page, "登记码", code)
            tap(page, "开料 1 号位")
            sign_in(page, "张伟")
            says(page, "请扫标签")
            tap(page, "相机扫码")
            says(page, "完成")
            expect(page.get_by_role("status")).to_contain_text("读码：zxing-cpp + pyzbar")
            expect(page.locator("#scanner img")).to_be_visible()
            page.wait_for_timeout(3_000)  # in view for seconds, it is one scan
            says(page, "完成")
            picture(page, "station-pc-camera")
            page.get_by_role("button", name="关闭").click()
            expect(page.locator("#scanner")).to_have_count(0)
            tap(page, "相机扫码")
            says(page, "已由 张伟 完成")  # shown once more, it is a second scan
            tap(page, "没有标签")  # another screen takes the camera away
            expect(page.locator("#scanner")).to_have_count(0)
            tap(page, "返回")
            video.unlink()
            tap(page, "相机扫码")
            expect(page.get_by_role("status")).to_contain_text("没有找到相机")
            page.get_by_role("button", name="关闭").click()
            tap(page, "状态")
            says(page, "zxing-cpp + pyzbar")
            picture(page, "station-pc-camera-status")


def test_a_second_process_says_that_the_app_is_running(factory: Factory, tmp_path: Path) -> None:
    pc = StationPC(factory, tmp_path)
    with served(COMMAND, pc.url, pc.environment):
        second = subprocess.run(
            COMMAND, env=os.environ | pc.environment, capture_output=True, text=True, check=False, timeout=60
        )
    assert second.returncode == 1
    assert "应用可能已在运行" in second.stderr
    assert "the app may be running" in second.stderr
