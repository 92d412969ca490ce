"""A leader's tablet: how much waits for a decision, a card for each, and what a tap on a button does."""

import pytest
from playwright.sync_api import Locator, expect

from benchmarks.browsing.chromium import TABLET
from mobile.theme import TARGET_MIN
from tests.browser.boxes import box_of
from tests.browser.screens.conftest import Screens
from tests.browser.screens.test_screens import says

pytestmark = pytest.mark.browser
SAID = (
    "“终检”两个检验结果不一样：王芳 说合格，欧阳婷婷 说不合格。现在按不合格暂停。原因：划伤",
    "“底漆打磨”扫到了，前面的还没扫：压贴、封边。",
    "“底漆打磨”扫到了，前面的还没扫：白坯检验。",
)
CHOICES = ("按合格，解除暂停", "按不合格，返工或报废", "前面的做过了，入账", "没做，退回补做")


def height(button: Locator) -> float:
    return box_of(button)["height"]


def test_a_leader_decides_without_a_network_and_the_cards_go_when_the_server_has_heard(screens: Screens) -> None:
    screens.open("leader")
    says(screens, "待处理 4", "叫组长 1 · 要您决定 2 · 等补扫 1")
    screens.picture("to-decide-station")
    assert height(screens.page.get_by_role("button", name="待处理")) >= TARGET_MIN
    screens.tap("待处理")
    says(screens, "0009 · 门扇 1/4 · 书房", "0012 · 门扇 1/4 · 次卧", *SAID[:1])
    says(screens, "刘洋 叫组长：这件已暂停", "包装 · 00:18", "离线 2小时")
    says(screens, "李强 · 底漆打磨 · 11-22 23:51 · 自动等到 04:21")
    screens.picture("to-decide")
    assert height(screens.page.get_by_role("button", name=CHOICES[-1]).first) >= TARGET_MIN
    screens.resize(TABLET)
    buttons = [screens.page.get_by_role("button", name=choice) for choice in CHOICES]
    assert [button.count() for button in buttons] == [1, 1, 1, 2]  # nobody lets a missing inspection count
    assert min(height(button.first) for button in buttons) >= TARGET_MIN
    screens.fill_disk(is_full=True)
    screens.tap("前面的做过了，入账")
    says(screens, "存储已满，没有存下")
    screens.fill_disk(is_full=False)
    screens.tap("前面的做过了，入账")
    expect(screens.page.get_by_role("button", name="前面的做过了，入账")).to_have_count(0)
    says(screens, "选了“前面的做过了，入账”", "已决定，待传")
    screens.picture("to-decide-decided")
    screens.tap("返回")
    says(screens, "待处理 3", "叫组长 1 · 要您决定 2 · 已决定，待传 1", "已决定", "本机已记录 · 待传")
    screens.picture("to-decide-kept")
    screens.tap("待处理")
    screens.tap("处理好了")
    says(screens, "处理好了，待传")
    expect(screens.page.get_by_role("button", name="处理好了")).to_have_count(0)
    screens.picture("to-decide-seen-to")
    screens.connect()
    screens.tap("按合格，解除暂停")
    expect(screens.page.get_by_role("button", name="按合格，解除暂停")).to_have_count(0)
    for text in ("已决定，待传", "处理好了，待传"):
        expect(screens.page.get_by_text(text)).to_have_count(0)
    says(screens, SAID[2], "在线")
    screens.tap("没做，退回补做")
    says(screens, "现在没有要决定的")
    screens.picture("to-decide-nothing")
    screens.tap("返回")
    says(screens, "已决定", "已入账")
    expect(screens.page.get_by_role("button", name="待处理")).to_have_count(0)
    assert screens.played() == ["stop", "ok", "ok", "ok", "ok"]


def test_the_cards_stand_there_in_english_too(screens: Screens) -> None:
    screens.open("leader", is_dark=True)
    screens.tap("状态")
    screens.tap("Show English")
    screens.tap("返回")
    says(screens, "待处理 To decide 4", "Call leader: 1 · To decide: 2 · Waits for a scan: 1")
    screens.picture("english-to-decide-station")
    screens.tap("待处理")
    says(
        screens,
        "Two results for 'Final inspection' differ: 王芳 passed it, 欧阳婷婷 failed it.",
        "'Primer sanding' was scanned before: White inspection.",
        "刘洋 calls for a leader: Piece on hold",
    )
    screens.picture("english-to-decide")


def test_who_may_not_decide_sees_no_such_line(screens: Screens) -> None:
    screens.open("offline")
    says(screens, "请扫标签")
    expect(screens.page.get_by_role("button", name="待处理")).to_have_count(0)
