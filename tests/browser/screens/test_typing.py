"""Typing a code in a real browser: the likely pieces, what the keys say, and the way back."""

import pytest
from playwright.sync_api import expect

from benchmarks.browsing.chromium import PHONE, TABLET
from tests.browser.boxes import box_of
from tests.browser.screens.conftest import Screens
from tests.browser.screens.floor import CODES

pytestmark = pytest.mark.browser

CODE = CODES["completed"]


def press(screens: Screens, keys: str) -> None:
    for key in keys:
        screens.page.get_by_role("button", name=key, exact=True).click()
        screens.page.wait_for_timeout(80)


def says(screens: Screens, *texts: str) -> None:
    for text in texts:
        expect(screens.page.get_by_text(text).first).to_be_visible()


@pytest.mark.parametrize("has_english", [False, True])
def test_likely_pieces_come_first_and_the_keys_check_along(screens: Screens, *, has_english: bool) -> None:
    name = "typing-english" if has_english else "typing"
    screens.open("offline")
    if has_english:
        screens.tap("状态")
        screens.tap("Show English")
        screens.tap("返回")
    screens.tap("输入条码")
    says(screens, "多半是这几件", "0007 · 门扇", "尾号")
    screens.picture(f"{name}-empty")
    press(screens, CODE[-4:])
    says(screens, "还差 12 个字", f"尾号 {CODE[-4:]}" if not has_english else f"ends {CODE[-4:]}")
    screens.picture(f"{name}-tail")
    screens.page.get_by_role("button", name=CODE[-4:]).click()
    says(screens, "完成", "本机已记录 · 待传")


def test_a_slip_is_said_at_once_and_the_piece_that_was_meant_is_a_tap_away(screens: Screens) -> None:
    screens.open("offline")
    screens.tap("输入条码")
    wrong = CODE[:8] + CODE[9] + CODE[8] + CODE[10:]
    if wrong == CODE:
        wrong = CODE[:8] + ("A" if CODE[8] != "A" else "B") + CODE[9:]
    screens.page.keyboard.type(wrong, delay=120)  # a keyboard types at once, without a tap into the field
    says(screens, "有字不对", "是不是这件")
    screens.picture("typing-slip")
    screens.page.get_by_role("button", name=CODE[-4:]).click()
    says(screens, "完成")


def test_a_whole_code_is_right_and_a_gun_works_meanwhile(screens: Screens) -> None:
    screens.open("offline")
    screens.tap("输入条码")
    press(screens, CODE)
    says(screens, "条码对")
    screens.picture("typing-whole")
    assert screens.scan("already")[1] == "repeat"
    says(screens, "已完成过")


def test_no_key_is_out_of_sight_on_either_device(screens: Screens) -> None:
    screens.open("offline")
    screens.tap("输入条码")
    for size in (PHONE, TABLET):
        screens.resize(size)
        for key in ("0", "Z", "删除", "确定 OK"):
            box = box_of(screens.page.get_by_role("button", name=key, exact=True))
            assert box["y"] + box["height"] <= size["height"] - 60
            assert box["height"] >= 56
