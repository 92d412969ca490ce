"""Guns whose radio hangs in the middle of a code, and hands that type: keys in a real browser, in their real time."""

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from playwright.sync_api import Error, Page, Playwright
from websockets.sync.client import ClientConnection, connect

from benchmarks.browsing.serving import free_port
from benchmarks.wedge import WEDGE
from mobile.scanner.keystrokes import Keystrokes, read_codes, read_keystrokes
from shared.label_code import CodeKind, make
from tests.browser.brief import BriefChromium
from tests.browser.stalling_gun import GUN_S, StallingGun, split

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

CODE = make(CodeKind.PIECE, 0x5CA7E57C0DE3)
OTHER = make(CodeKind.PIECE, 0x17E57C0DE91)
STALLS_MS = (120, 300, 800)
PLACES = (1, 2, 9, 15)
GIVEN_UP_MS = 1_900
SLOW_MS = 2_000
LISTEN = """() => {
    document.body.innerHTML = "<input id=field value=王芳>";
    window.codes = [];
    window.typed = "";
    addEventListener("mumen-keystrokes", ({ detail }) => codes.push(JSON.stringify(detail)));
    addEventListener("mumen-typed", ({ detail }) => { typed += detail.hand; });
}"""
BLOCK = """([after, ms]) => setTimeout(() => {
    const until = performance.now() + ms;
    while (performance.now() < until);
}, after)"""


@dataclass
class Bench:
    """A page with nothing but the gun's script and one field, and a line to its keyboard that waits for no answers."""

    page: Page
    gun: StallingGun
    line: ClientConnection

    def reset(self) -> None:
        """Nothing is typed, and nothing is waited for."""
        self.blur()
        self.gun.press("", end="Enter")
        self.stall(200)
        self.typed()
        self.page.evaluate("() => { codes.length = 0; document.getElementById('field').value = '王芳'; }")

    def stall(self, ms: float) -> None:
        """Nothing comes for so long, beside what is on its way."""
        self.page.wait_for_timeout(ms)

    def heard(self, wait_ms: float = 400) -> list[Keystrokes]:
        """What went to Python, and nothing else for so long; a busy machine gets some time for the first of it."""
        self.page.wait_for_timeout(wait_ms)
        with suppress(Error):
            self.page.wait_for_function("() => codes.length", timeout=SLOW_MS)
            self.page.wait_for_timeout(wait_ms)
        return [read_keystrokes(told) for told in self.page.evaluate("() => codes.splice(0)")]

    def codes(self, wait_ms: float = 400) -> list[str]:
        """The codes in it, and `broken` for each time that it was said that one came with gaps."""
        readings = [read_codes(keys) for keys in self.heard(wait_ms)]
        return [one for reading in readings for one in (*("broken" for _ in reading.broken), *reading.codes)]

    def typed(self) -> str:
        """What a hand typed."""
        return self.page.evaluate("() => { const all = typed; typed = ''; return all; }")

    def focus(self) -> None:
        self.page.focus("#field")

    def blur(self) -> None:
        self.page.evaluate("() => document.activeElement.blur()")

    def press_at_once(self, text: str, *, end: bool) -> None:
        """Keys that get their times from the browser, each in its own time, whatever the page does."""
        for character in text:
            self._dispatch(character, f"{'Digit' if character.isdigit() else 'Key'}{character}")
            time.sleep(GUN_S)
        if end:
            self.end_at_once()

    def end_at_once(self) -> None:
        self._dispatch("Enter", "Enter")

    def _dispatch(self, key: str, code: str) -> None:
        for kind in ("rawKeyDown", "keyUp"):
            params = {"type": kind, "key": key, "code": code}
            self.line.send(json.dumps({"id": 1, "method": "Input.dispatchKeyEvent", "params": params}))


@pytest.fixture(scope="module")
def opened(play: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    port = free_port()
    chromium = BriefChromium(play, tmp_path_factory.mktemp("profile"), [f"--remote-debugging-port={port}"])
    chromium.open()
    page = chromium.page()
    page.goto("data:text/html,<title>bench</title>")
    page.evaluate(LISTEN)
    page.add_script_tag(content=WEDGE.read_text(encoding="utf-8"))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=20) as answer:
        (target,) = [one for one in json.loads(answer.read()) if one["title"] == "bench"]
    with connect(target["webSocketDebuggerUrl"], max_queue=None, ping_interval=None, close_timeout=1) as line:
        yield Bench(page, StallingGun(page), line)
    chromium.kill()


@pytest.fixture
def bench(opened: Bench) -> Bench:
    """With nothing typed."""
    opened.reset()
    return opened


class TestStalledCode:
    @pytest.mark.parametrize("end", ["Enter", "Tab", ""])
    @pytest.mark.parametrize("stall_ms", STALLS_MS)
    def test_is_put_together_once_and_nothing_of_it_stays(self, bench: Bench, stall_ms: int, end: str) -> None:
        for has_field in (False, True):
            if has_field:
                bench.focus()
            for place in PLACES:
                bench.gun.pieces(split(CODE, place), stall_ms, end)
                assert bench.codes() == [CODE], (place, has_field)
            assert bench.page.input_value("#field") == "王芳"
        assert not set(bench.typed()) & set("0123456789\n"), "nothing of it comes to a PIN"

    def test_may_hang_before_its_enter(self, bench: Bench) -> None:
        for stall_ms in STALLS_MS:
            bench.gun.pieces([CODE, ""], stall_ms, "Enter")
            assert bench.codes() == [CODE]
        assert bench.typed() == ""

    @pytest.mark.parametrize("stall_ms", STALLS_MS)
    def test_that_an_input_method_composes_leaves_the_field_whenever_enter_comes(
        self, bench: Bench, stall_ms: int
    ) -> None:
        bench.focus()
        bench.gun.press(CODE, has_ime=True)
        bench.stall(stall_ms)
        bench.gun.press("", end="Enter")
        bench.gun.commit(CODE.lower())
        assert bench.codes() == [CODE]
        assert bench.page.input_value("#field") == "王芳"

    def test_may_hang_twice(self, bench: Bench) -> None:
        for places in ((1, 9), (4, 5), (9, 15), (2, 14)):
            bench.gun.pieces(split(CODE, *places), 300, "Enter")
            assert bench.codes() == [CODE], places

    def test_that_hangs_for_seconds_is_told_and_counts_all_the_same_when_its_rest_comes(self, bench: Bench) -> None:
        bench.gun.press(CODE[:9])
        assert bench.codes(GIVEN_UP_MS) == ["broken"]
        bench.gun.press(CODE[9:], end="Enter")
        assert bench.codes() == [CODE]

    def test_that_has_lost_a_key_is_told_and_never_a_code(self, bench: Bench) -> None:
        for stall_ms in STALLS_MS:
            for place in PLACES:
                first, second = split(CODE, place)
                bench.gun.pieces([first, second[1:]], stall_ms, "Enter")
                assert bench.codes() == ["broken"], (place, stall_ms)
        assert not set(bench.typed()) & set("0123456789\n")

    def test_that_never_ends_is_told_once(self, bench: Bench) -> None:
        bench.gun.press(CODE[:12])
        assert bench.codes(GIVEN_UP_MS) == ["broken"]
        bench.gun.press(CODE, end="Enter")
        assert bench.codes() == [CODE]
        assert bench.codes(GIVEN_UP_MS) == []

    def test_is_not_mixed_with_the_next_label(self, bench: Bench) -> None:
        bench.gun.pieces([CODE[:9], OTHER], 300, "Enter")
        assert bench.codes() == ["broken", OTHER]
        bench.gun.pieces([CODE[:9], OTHER[9:]], 300, "Enter")
        assert bench.codes() == ["broken"]
        bench.gun.pieces([CODE[:9], CODE], 300, "Enter")  # the same label once more
        assert bench.codes() == [CODE]

    def test_is_read_beside_what_makes_as_many_keys_as_a_code_has(self, bench: Bench) -> None:
        bench.gun.press(OTHER[:9])
        bench.stall(350)
        bench.gun.pieces([CODE[:7], CODE[7:]], 300, "Enter")
        assert [one for one in bench.codes() if one != "broken"] == [CODE], "nine of one label and seven of the next"
        bench.gun.press("D1")
        bench.stall(400)
        bench.gun.pieces([CODE[:14], CODE[14:]], 300, "Enter")
        assert [one for one in bench.codes() if one != "broken"] == [CODE], "a hand, and a gun right after it"

    def test_leaves_two_whole_labels_two(self, bench: Bench) -> None:
        for end in ("Enter", ""):
            for stall_ms in STALLS_MS:
                bench.gun.press(CODE, end=end)
                bench.stall(stall_ms)
                bench.gun.press(OTHER, end=end)
                assert bench.codes() == [CODE, OTHER], (end, stall_ms)

    def test_may_have_a_key_that_repeats_while_it_hangs(self, bench: Bench) -> None:
        bench.gun.press(CODE[:9])
        bench.gun.hang(CODE[8], 5)
        bench.stall(300)
        bench.gun.press(CODE[9:], end="Enter")
        assert bench.codes() == [CODE]


class TestBusyPage:
    def test_makes_no_gap(self, bench: Bench) -> None:
        bench.page.evaluate(BLOCK, [60, 700])
        bench.press_at_once(CODE, end=True)
        (keys,) = bench.heard(1_200)
        assert (keys.typed, keys.before, keys.end) == (CODE, (), "Enter")
        assert keys.widest_gap_ms < 100

    def test_takes_the_enter_that_came_meanwhile_before_it_finds_the_gun_silent(self, bench: Bench) -> None:
        bench.press_at_once(CODE, end=False)
        bench.page.evaluate(BLOCK, [0, 500])
        bench.end_at_once()
        (keys,) = bench.heard(900)
        assert (read_codes(keys).codes, keys.end) == ((CODE,), "Enter")
        assert bench.typed() == ""


class TestHand:
    @pytest.mark.parametrize("gap_s", [0.07, 0.13, 0.3])
    @pytest.mark.parametrize("has_numpad", [False, True])
    def test_types_a_pin(self, bench: Bench, gap_s: float, *, has_numpad: bool) -> None:
        bench.gun.press("2468", gap_s, end="Enter", has_numpad=has_numpad)
        assert bench.codes() == []
        assert bench.typed() == "2468\n"

    def test_sees_what_it_typed_before_enter_and_may_take_it_back(self, bench: Bench) -> None:
        bench.gun.press("24", 0.13)
        bench.stall(400)
        assert bench.typed() == "24"
        bench.page.keyboard.press("Backspace")
        assert bench.typed() == "\b"

    def test_in_a_field_is_the_fields(self, bench: Bench) -> None:
        bench.focus()
        bench.page.keyboard.press("End")
        bench.page.keyboard.type("abc12", delay=130)
        bench.page.keyboard.press("Enter")
        assert (bench.codes(GIVEN_UP_MS), bench.typed()) == ([], "")
        assert bench.page.input_value("#field") == "王芳abc12"

    def test_in_a_field_may_be_fast_and_pause(self, bench: Bench) -> None:
        bench.focus()
        bench.page.keyboard.press("End")
        for word in ("the", "door", "is"):
            bench.gun.press(word.upper(), 0.035)
            bench.stall(300)
        assert bench.codes(GIVEN_UP_MS) == []
        assert bench.page.input_value("#field") == "王芳THEDOORIS"

    def test_that_types_a_pin_after_a_broken_code_loses_nothing(self, bench: Bench) -> None:
        bench.gun.press(CODE[:9])
        for digit in "2468":
            bench.stall(320)
            bench.gun.press(digit)
        bench.stall(320)
        bench.gun.press("", end="Enter")
        assert bench.codes() == ["broken"]
        assert bench.typed() == "2468\n"

    @pytest.mark.parametrize("rest", [CODE[9:], CODE[12:], CODE[15:]])
    def test_types_nothing_while_a_gun_goes_on(self, bench: Bench, rest: str) -> None:
        bench.gun.press("24", 0.13)
        bench.stall(1_600)
        bench.gun.pieces([CODE[:7], rest], 300, "Enter")
        assert bench.codes() == ["broken"]
        assert bench.typed() == "24"
