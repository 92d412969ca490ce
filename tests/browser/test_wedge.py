"""What the page takes for a gun's code, and what for somebody's typing; when each key was pressed is made up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from benchmarks.browsing.chromium import Chromium
from shared.label_code import CodeKind, make

pytestmark = pytest.mark.browser
WEDGE = Path("mobile/web/static/wedge.js")
CODE = make(CodeKind.PIECE, 7)
GUN_MS = 8
SLOW_GUN_MS = 60
FAST_FINGERS_MS = 70

LISTEN = """() => {
    window.codes = [];
    window.now = 1_000;
    addEventListener("mumen-code", ({ detail }) => codes.push(detail));
}"""
PRESS = """([keys, gaps, end]) => {
    window.now += 1_000;
    for (const [index, key] of [...keys, end].entries()) {
        const event = new KeyboardEvent("keydown", { ...key, bubbles: true, cancelable: true });
        Object.defineProperty(event, "timeStamp", { value: now });
        document.body.dispatchEvent(event);
        window.now += gaps[index];
    }
    return codes.splice(0);
}"""
ENTER: dict[str, str | bool] = {"key": "Enter", "code": "Enter"}
TAB: dict[str, str | bool] = {"key": "Tab", "code": "Tab"}


@pytest.fixture(scope="module")
def page(play: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """An empty page with nothing but the gun's script."""
    chromium = Chromium(play, tmp_path_factory.mktemp("profile"))
    chromium.open()
    page = chromium.page()
    page.evaluate(LISTEN)
    page.add_script_tag(content=WEDGE.read_text(encoding="utf-8"))
    yield page
    chromium.kill()


def keys(text: str) -> list[dict[str, str | bool]]:
    """The keys of this text; what is on no key has only its character."""
    pressed: list[dict[str, str | bool]] = []
    for character in text:
        kind = "" if not character.isascii() else "Digit" if character.isdigit() else "Key"
        pressed.append({"key": character, "code": f"{kind}{character.upper()}" if kind else ""})
    return pressed


def heard(page: Page, text: str, gap_ms: int, end: dict[str, str | bool] = ENTER) -> list[str]:
    """The codes that come of the keys of this text at this pace."""
    return page.evaluate(PRESS, [keys(text), [gap_ms] * (len(text) + 1), end])


class TestGun:
    @pytest.mark.parametrize("text", [CODE, "12345", "D11AJ", "四个汉字", "𠮷木", "47"])
    def test_is_heard_whatever_it_reads(self, page: Page, text: str) -> None:
        assert heard(page, text, GUN_MS) == [text]
        assert heard(page, text, GUN_MS, TAB) == [text]

    def test_may_be_slow_with_a_code_of_ours(self, page: Page) -> None:
        assert heard(page, CODE, SLOW_GUN_MS) == [CODE]

    def test_is_heard_where_the_page_cannot_tell_its_characters(self, page: Page) -> None:
        alt = [{"key": "Alt", "code": "AltLeft", "altKey": True}]
        alt += [{"key": digit, "code": f"Numpad{digit}", "altKey": True} for digit in "23436"]
        unidentified: list[dict[str, str | bool]] = [{"key": "Unidentified", "code": ""}]
        for two in (alt * 2, unidentified * 2):
            assert page.evaluate(PRESS, [two, [GUN_MS] * (len(two) + 1), ENTER]) == ["\ufffd\ufffd"]


class TestTyping:
    @pytest.mark.parametrize("text", ["2468", "47", "12345"])
    def test_is_no_scan_however_fast_the_fingers(self, page: Page, text: str) -> None:
        assert heard(page, text, FAST_FINGERS_MS) == []

    def test_stays_typing_where_its_last_keys_come_in_a_rush(self, page: Page) -> None:
        gaps = [FAST_FINGERS_MS, FAST_FINGERS_MS, GUN_MS, GUN_MS, GUN_MS]
        assert page.evaluate(PRESS, [keys("2468"), gaps, ENTER]) == []

    def test_on_glass_is_no_scan(self, page: Page) -> None:
        taps: list[dict[str, str | bool]] = [{"key": "Unidentified", "code": ""}] * 20
        assert page.evaluate(PRESS, [taps, [FAST_FINGERS_MS] * 21, ENTER]) == []

    def test_of_one_key_and_enter_is_no_scan(self, page: Page) -> None:
        assert heard(page, "5", GUN_MS) == []
