"""What a worker is told where a gun hung in the middle of a code: real keys, the page's own script, and the engine."""

import re

import pytest
from playwright.sync_api import expect

from benchmarks.browsing.chromium import TABLET
from shared.label_code import SELF_TEST_CODE
from tests.browser.screens.conftest import Screens
from tests.browser.screens.floor import CODES, PIN
from tests.browser.stalling_gun import StallingGun, split

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

CODE = CODES["completed"]
LOST = [CODE[:6], CODE[7:]]
"""A code of which the gap has taken a key."""
GIVEN_UP_MS = 1_900
STALLS_MS = (120, 300, 800)
BROKEN = ("读漏了", "枪断了一下，没收全", "未记录", "再扫一次")
NO_TRY = "枪读漏了，不算试密码：先输密码，登录后再扫一次"


def says(screens: Screens, *texts: str) -> None:
    for text in texts:
        expect(screens.page.get_by_text(text).first).to_be_visible()


def says_not(screens: Screens, *texts: str) -> None:
    for text in texts:
        expect(screens.page.get_by_text(text)).to_have_count(0)


def opened(screens: Screens, scene: str) -> StallingGun:
    screens.open(scene)
    screens.resize(TABLET)
    return StallingGun(screens.page)


def at_the_pad(screens: Screens) -> StallingGun:
    gun = opened(screens, "people")
    screens.tap("张伟")
    says(screens, "输入密码")
    return gun


class TestStation:
    @pytest.mark.parametrize("stall_ms", STALLS_MS)
    def test_books_a_code_that_came_in_two_pieces_once(self, screens: Screens, stall_ms: int) -> None:
        gun = opened(screens, "offline")
        gun.pieces(split(CODE, 1 if stall_ms == 120 else 9), stall_ms)
        says(screens, "完成", "本机已记录 · 待传", "待传 8")
        screens.page.wait_for_timeout(GIVEN_UP_MS)
        assert screens.played() == ["ok"]

    def test_asks_for_the_label_once_more_and_for_no_leader(self, screens: Screens) -> None:
        gun = opened(screens, "offline")
        gun.pieces(LOST, 300)
        says(screens, *BROKEN, "待传 7")
        says_not(screens, "不是本厂标签")
        screens.picture("read-with-gaps")
        assert screens.played() == ["stop"]
        screens.resize(TABLET)
        gun.press(CODE, end="Enter")
        says(screens, "完成", "待传 8")

    def test_says_so_where_the_rest_never_came(self, screens: Screens) -> None:
        gun = opened(screens, "offline")
        gun.press(CODE[:12])
        says(screens, *BROKEN)

    def test_says_so_in_english_and_in_the_dark(self, screens: Screens) -> None:
        screens.open("offline", is_dark=True)
        screens.tap("状态")
        screens.tap("Show English")
        screens.tap("返回")
        StallingGun(screens.page).pieces(LOST, 300)
        says(screens, "Read with gaps", "The gun stalled and not all came.", "Scan again")
        screens.picture("english-dark-read-with-gaps")

    def test_calls_another_factorys_label_so_with_a_gap_or_without(self, screens: Screens) -> None:
        gun = opened(screens, "offline")
        gun.pieces(["6901234", "567892"], 300)
        says(screens, "读漏了")  # it may be ours by its letters
        gun.press("6901234567892", end="Enter")
        says(screens, "不是本厂标签")


class TestPin:
    @pytest.mark.parametrize(("stall_ms", "end"), [*((ms, "Enter") for ms in STALLS_MS), (300, "Tab"), (800, "")])
    def test_is_not_tried_by_a_broken_code(self, screens: Screens, stall_ms: int, end: str) -> None:
        gun = at_the_pad(screens)
        for place in (2, 9, 15):
            first, second = split(CODE, place)
            screens.page.keyboard.press("1")  # which a person had typed
            says(screens, "●")
            gun.pieces([first[:-1], second], stall_ms, end)
            if not end:  # the rest is given up by itself, and would take the next key
                screens.page.wait_for_timeout(GIVEN_UP_MS)
            says(screens, NO_TRY)
            says_not(screens, "●", "密码不对")
        if (stall_ms, end) == (300, "Enter"):
            screens.picture("pin-read-with-gaps")
        assert set(screens.played()) == {"stop"}
        gun.press("0000", 0.13, end="Enter")
        says(screens, "密码不对，还能试 4 次")  # the first that was tried

    def test_is_typed_after_it_and_opens_the_station(self, screens: Screens) -> None:
        gun = at_the_pad(screens)
        gun.pieces(LOST, 300)
        says(screens, NO_TRY)
        gun.press(PIN, 0.07, end="Enter", has_numpad=True)
        says(screens, "请扫标签")

    def test_of_six_digits_typed_fast_is_a_try(self, screens: Screens) -> None:
        gun = at_the_pad(screens)
        gun.press("135790", 0.09, end="Enter", has_numpad=True)
        says(screens, "密码不对，还能试 4 次")

    def test_pad_says_to_sign_in_first_where_the_pieces_are_a_code(self, screens: Screens) -> None:
        for stall_ms in STALLS_MS:
            gun = at_the_pad(screens)
            gun.pieces(split(CODE, 15), stall_ms)
            says(screens, "请先登录，再扫码")
            screens.page.wait_for_timeout(GIVEN_UP_MS)
            assert screens.played() == ["stop"]

    def test_pad_says_it_in_english_too(self, screens: Screens) -> None:
        screens.open("people")
        screens.tap("中/EN")
        screens.tap("张伟")
        StallingGun(screens.page).pieces(LOST, 300)
        says(screens, "A gun read with gaps; that was no try of the PIN.")
        screens.picture("english-pin-read-with-gaps")


def test_at_a_rack_the_piece_is_to_be_scanned_once_more(screens: Screens) -> None:
    gun = opened(screens, "offline")
    screens.scan("empty rack")
    says(screens, "扫件，放上架 R-08")
    gun.pieces(LOST, 300)
    says(screens, "读漏了", "再扫一次", "扫件，放上架 R-08")
    screens.picture("rack-read-with-gaps")
    screens.resize(TABLET)
    gun.press(CODES["held"], end="Enter")
    says(screens, "已放上架", "这次 1 件")
    says_not(screens, "再扫一次")


def test_a_leader_at_the_pad_is_told_what_to_do_and_not_to_sign_in(screens: Screens) -> None:
    gun = opened(screens, "offline")
    screens.tap("没有标签")
    screens.tap("主卧")
    screens.page.get_by_role("button", name=re.compile("0007.*主卧", re.DOTALL)).first.click()
    screens.tap("欧阳婷婷")
    says(screens, "输入密码")
    gun.pieces(LOST, 300)
    says(screens, "枪读漏了，不算试密码：请组长输密码，或再扫一次工牌")
    says_not(screens, NO_TRY)
    screens.picture("leader-read-with-gaps")


def test_a_doors_label_is_called_one_where_a_device_is_enrolled(screens: Screens) -> None:
    opened(screens, "enrol").press(CODE, end="Enter")
    says(screens, "这是门上的标签：请扫办公室“设备”页上的登记码")
    screens.picture("enrol-door-label")


def test_a_new_device_is_asked_to_be_scanned_once_more(screens: Screens) -> None:
    gun = opened(screens, "enrol")
    gun.pieces(LOST, 300)
    says(screens, "枪读漏了：再扫一次")
    screens.picture("enrol-read-with-gaps")


def test_the_self_test_tells_of_gaps_and_what_to_set(screens: Screens) -> None:
    gun = opened(screens, "offline")
    gun.pieces(split(SELF_TEST_CODE, 9), 300)
    says(screens, "码读对了", "枪断过：一张码断成 2 段，最长停了", "关掉枪的省电休眠", "结尾：Enter")
    screens.picture("gun-stalled")
    screens.resize(TABLET)
    gun.pieces([SELF_TEST_CODE[:6], SELF_TEST_CODE[7:]], 300)
    says(screens, "枪断过，没收全：收到“", "关掉枪的省电休眠")
    screens.picture("gun-broken")
