"""The label of a piece on the screen, for who may copy it and who may not."""

import pytest
from playwright.sync_api import expect

from tests.browser.screens.conftest import Screens

pytestmark = pytest.mark.browser


def says(screens: Screens, *texts: str) -> None:
    for text in texts:
        expect(screens.page.get_by_text(text).first).to_be_visible()


def open_label(screens: Screens, row: str) -> None:
    """Taps this row of the latest scans, and waits for the picture."""
    screens.page.get_by_text(row).first.click()
    says(screens, "部件标签")
    expect(screens.page.get_by_role("img", name="标签").first).to_be_visible()


@pytest.mark.parametrize("has_english", [False, True])
def test_a_leader_copies_a_label_with_two_taps(screens: Screens, *, has_english: bool) -> None:
    language = "-english" if has_english else ""
    screens.open("leader", is_dark=has_english)
    screens.scan("completed")
    open_label(screens, "0007 门扇")
    if has_english:
        screens.tap("中/EN")
        says(screens, "Why once more?", "It came off")
    screens.picture(f"label{language}")
    screens.tap("100×70")
    screens.tap("看不清、扫不出")
    screens.picture(f"label-chosen{language}")
    screens.tap("分享或保存 PDF")
    says(screens, "副本 1 已做好")
    screens.picture(f"label-made{language}")
    screens.tap("返回")
    says(screens, "标签副本已做", "0007 门扇")
    screens.picture(f"label-in-recent{language}")


def test_a_worker_sees_it_and_is_sent_to_the_leader(screens: Screens) -> None:
    screens.open("offline")
    screens.scan("late")
    open_label(screens, "0012 门扇")
    says(screens, "要补打标签，请找组长")
    expect(screens.page.get_by_role("button", name="分享或保存 PDF")).to_have_count(0)
    screens.picture("label-of-a-worker")


def test_a_dead_label_says_why_and_makes_no_copy(screens: Screens) -> None:
    screens.open("leader")
    screens.scan("replaced")
    open_label(screens, "0007 门扇")
    says(screens, "标签已换新", "新标签：")
    expect(screens.page.get_by_role("button", name="分享或保存 PDF")).to_have_count(0)
    screens.picture("label-replaced")
