"""A rack on a tablet: its code shows it, one button reports all its pieces, scans put pieces on and take them off."""

import pytest
from playwright.sync_api import expect

from benchmarks.browsing.chromium import TABLET
from mobile.theme import TARGET_MIN
from tests.browser.boxes import box_of
from tests.browser.screens.conftest import Screens
from tests.browser.screens.test_screens import says

pytestmark = pytest.mark.browser


def test_one_button_reports_all_of_a_rack_and_what_is_not_done_is_told(screens: Screens) -> None:
    screens.open("offline")
    screens.scan("rack")
    says(screens, "架 R-07 · 油漆车间", "7 件", "要做 2", "已完成 3", "不能做 2")
    says(screens, "MD-20261123-0009 · 书房 · 门扇 1/4", "这件已暂停", "原因：客户改尺寸", "前面没扫：开料、压贴")
    screens.picture("rack")
    screens.resize(TABLET)
    for name in ("2 件全部完成", "放上", "取下", "清空", "返回"):
        assert box_of(screens.page.get_by_role("button", name=name))["height"] >= TARGET_MIN
    screens.tap("2 件全部完成")
    says(screens, "2/2 件完成", "完成，有漏扫 1", "已完成 5")
    expect(screens.page.get_by_role("button", name="全部完成")).to_have_count(0)
    screens.picture("rack-done")
    screens.scan("rack")
    says(screens, "刚扫过这个架")
    screens.tap("返回")
    says(screens, "底漆打磨")


def test_pieces_are_put_on_and_taken_off_by_scanning_them(screens: Screens) -> None:
    screens.open("offline")
    screens.scan("empty rack")
    says(screens, "架 R-08 · 油漆车间", "扫件，放上架 R-08", "0 件")
    assert screens.scan("held")[1] == "ok"
    says(screens, "已放上架", "1 件", "这次 1 件")
    assert screens.scan("held")[1] == "repeat"
    says(screens, "已在架上", "这次 1 件")
    assert screens.scan("completed")[1] == "ok"
    says(screens, "从 R-07 换过来的", "这次 2 件")
    assert screens.scan("cancelled")[1] == "stop"
    says(screens, "这件已取消", "这次 2 件")
    screens.picture("rack-put-on")
    screens.scan("empty rack")
    says(screens, "2 件")
    expect(screens.page.get_by_role("button", name="结束")).to_have_count(0)
    screens.tap("取下")
    assert screens.scan("held")[1] == "ok"
    says(screens, "已取下", "扫件，从架 R-08 取下")
    screens.tap("结束")
    screens.tap("清空")
    screens.picture("rack-empty")
    screens.tap("1 件都取下了")
    says(screens, "1/1 件取下", "架上没有件")


def test_it_is_all_there_in_english_too(screens: Screens) -> None:
    screens.open("offline", is_dark=True)
    screens.tap("状态")
    screens.tap("显示英文")
    screens.tap("返回")
    screens.scan("rack")
    says(screens, "架 Rack R-07", "7 件 7 pieces", "to do 2", "Done for all 2")
    screens.picture("rack-english-dark")
    screens.tap("放上")
    screens.scan("held")
    says(screens, "Scan pieces to put them on R-07", "Put on the rack")
    screens.picture("rack-english-put-on-dark")
