"""A piece without a label in a real browser: narrow, pick, a leader's PIN, and the scan; or a call."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.screens.conftest import Screens
from tests.browser.screens.floor import PIN

pytestmark = pytest.mark.browser


def says(screens: Screens, *texts: str) -> None:
    for text in texts:
        expect(screens.page.get_by_text(text).first).to_be_visible()


@pytest.mark.parametrize("has_english", [False, True])
def test_a_leader_confirms_which_piece_it_is(screens: Screens, *, has_english: bool) -> None:
    name = "no-label-english" if has_english else "no-label"
    screens.open("offline")
    if has_english:
        screens.tap("状态")
        screens.tap("Show English")
        screens.tap("返回")
    screens.tap("没有标签")
    says(screens, "哪个房间？")
    screens.picture(f"{name}-question")
    screens.tap("主卧")
    says(screens, "是哪一件？")
    screens.picture(f"{name}-pieces")
    screens.page.get_by_role("button", name=re.compile("0007.*主卧", re.DOTALL)).first.click()
    says(screens, "请组长确认")
    screens.picture(f"{name}-confirm")
    screens.tap("欧阳婷婷")
    for count, key in enumerate(PIN, start=1):
        screens.page.get_by_role("button", name=key, exact=True).click()
        expect(screens.page.get_by_text("●" * count, exact=True)).to_be_visible()
    screens.tap("确定")
    says(screens, "部件标签", "分享或保存 PDF")
    expect(screens.page.get_by_text("为什么补打？")).to_have_count(0)
    screens.picture(f"{name}-label")
    screens.tap("返回")
    says(screens, "完成", "张伟")
    screens.picture(f"{name}-done")


def test_nothing_fits_and_a_leader_is_called(screens: Screens) -> None:
    screens.open("offline")
    screens.tap("没有标签")
    screens.tap("都不是")
    says(screens, "先放一边，叫组长来认")
    screens.picture("no-label-none")
    screens.tap("先放一边，叫组长")
    says(screens, "组长")
    screens.picture("no-label-called")
