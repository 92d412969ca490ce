"""A phone in two languages, and a label that was revoked: nothing of either language is left out or cut off."""

import pytest
from playwright.sync_api import expect

from benchmarks.browsing.chromium import PHONE
from shared.label_code import pretty
from tests.browser.screens.conftest import Screens
from tests.browser.screens.floor import CODES
from tests.browser.screens.test_screens import says

pytestmark = pytest.mark.browser


def test_the_buttons_at_the_bottom_of_a_phone_say_it_in_english_too(screens: Screens) -> None:
    screens.open("offline")
    screens.tap("状态")
    screens.tap("Show English")
    screens.tap("返回")
    screens.resize(PHONE)
    for zh, en in (("输入条码", "Type a code"), ("没有标签", "No label"), ("换人", "Change"), ("状态", "Status")):
        expect(screens.page.get_by_role("button", name=f"{zh}\n{en}")).to_be_visible()
    screens.picture("english-floor")
    screens.scan("revoked")
    says(screens, "Label revoked", f"The new label reads {pretty(CODES['completed'])}.", "Only the new one counts")
    screens.picture("english-revoked")


def test_a_revoked_label_says_which_one_counts(screens: Screens) -> None:
    screens.open("offline")
    assert screens.scan("revoked")[1] == "stop"
    says(
        screens,
        "标签已作废",
        f"新标签：{pretty(CODES['completed'])}",
        "换的，只认新的；找不到就让组长补打",
        "扫新标签 / 找组长",
    )
    screens.picture("revoked")
