"""What the page takes for a gun's code, and what for somebody's typing; when each key was pressed is made up."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from benchmarks.wedge import Gun, strokes
from shared.label_code import CodeKind, make
from tests.browser.brief import BriefChromium

pytestmark = pytest.mark.browser
WEDGE = Path("mobile/web/static/wedge.js")
CODE = make(CodeKind.PIECE, 7)
USB = Gun("usb")
GUN_MS = 8
SLOW_GUN_MS = 60
FAST_FINGERS_MS = 70

LISTEN = """() => {
    window.codes = [];
    window.now = 1_000;
    addEventListener("mumen-keystrokes", ({ detail }) => codes.push(detail));
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
    chromium = BriefChromium(play, tmp_path_factory.mktemp("profile"))
    chromium.open()
    page = chromium.page()
    page.evaluate(LISTEN)
    page.add_script_tag(content=WEDGE.read_text(encoding="utf-8"))
    yield page
    chromium.kill()


def key(shown: str, code: str) -> dict[str, str | bool]:
    """A key by what the layout makes of it, and by its place."""
    return {"key": shown, "code": code}


def keys(text: str) -> list[dict[str, str | bool]]:
    """The keys of this text; what is on no key has only its character."""
    pressed: list[dict[str, str | bool]] = []
    for character in text:
        kind = "" if not character.isascii() else "Digit" if character.isdigit() else "Key"
        pressed.append({"key": character, "code": f"{kind}{character.upper()}" if kind else ""})
    return pressed


def heard(page: Page, text: str, gap_ms: int, end: dict[str, str | bool] = ENTER) -> list[str]:
    """What came of the keys of this text at this pace, by the physical keys."""
    return [burst["typed"] for burst in bursts(page, keys(text), gap_ms, end)]


def bursts(
    page: Page, pressed: list[dict[str, str | bool]], gap_ms: int, end: dict[str, str | bool] = ENTER
) -> list[dict[str, Any]]:
    """All that came of these keys."""
    return page.evaluate(PRESS, [pressed, [gap_ms] * (len(pressed) + 1), end])


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
            assert [burst["typed"] for burst in bursts(page, two, GUN_MS)] == ["\ufffd\ufffd"]


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


FIELD = """(value) => {
    document.body.innerHTML = "<input id=field><button id=plus>+1</button>";
    window.pressed = 0;
    window.inputs = [];
    document.getElementById("plus").onclick = () => pressed++;
    const field = document.getElementById("field");
    field.value = value;
    field.addEventListener("input", () => inputs.push(field.value));
}"""


class TestRealKeys:
    """Keys as the browser gets them from a keyboard, in the field or on the button that happens to have the focus."""

    @pytest.fixture(autouse=True)
    def _field(self, page: Page) -> None:
        page.wait_for_timeout(150)  # from the last test's keys to a gun's
        page.evaluate("() => codes.splice(0)")
        page.evaluate(FIELD, "王芳")

    def scan(self, page: Page, gun: Gun = USB) -> None:
        """The keys come when the machine has time for them, with the times at which the gun pressed them."""
        devtools: Any = page.context.new_cdp_session(page)
        for method, stroke in strokes(gun, CODE, time.time()):
            devtools.send(method, stroke)

    def codes(self, page: Page) -> list[str]:
        page.wait_for_timeout(300)
        return [burst["typed"] for burst in page.evaluate("() => codes.splice(0)")]

    def test_a_code_does_not_stay_in_the_field_that_has_the_focus(self, page: Page) -> None:
        page.focus("#field")
        self.scan(page)
        assert self.codes(page) == [CODE]
        assert page.input_value("#field") == "王芳"
        assert page.evaluate("() => inputs.at(-1)") == "王芳"

    def test_what_is_written_after_a_scan_stays(self, page: Page) -> None:
        page.focus("#field")
        self.scan(page)
        assert self.codes(page) == [CODE]
        page.evaluate("() => { document.getElementById('field').value = '李强'; }")  # by touch, or by the app itself
        page.keyboard.type("x")
        assert page.input_value("#field") in {"李强x", "x李强"}

    def test_its_enter_presses_no_button(self, page: Page) -> None:
        page.focus("#plus")
        for _ in range(3):
            self.scan(page)
        assert self.codes(page) == [CODE] * 3
        assert page.evaluate("() => pressed") == 0
        page.keyboard.press("Enter")  # a person's own
        assert page.evaluate("() => pressed") == 1

    def test_what_a_person_types_stays(self, page: Page) -> None:
        page.focus("#field")
        page.keyboard.type("abcdefgh", delay=130)
        page.keyboard.press("Enter")
        assert self.codes(page) == []
        assert page.input_value("#field") == "王芳abcdefgh"

    def test_a_chinese_input_method_that_composes_does_not_matter(self, page: Page) -> None:
        page.focus("#field")
        self.scan(page, Gun("input method", has_ime=True))
        told = page.evaluate("() => codes.slice()")
        assert self.codes(page) == [CODE]
        assert told[0]["hasIme"]
        assert page.input_value("#field") == "王芳"


def test_the_layout_of_the_device_is_told_beside_the_physical_keys(page: Page) -> None:
    french = [key("q", "KeyA")] * 5 + [key("&", "Digit1")] * 5
    (burst,) = bursts(page, french, GUN_MS)
    assert (burst["typed"], burst["shown"], burst["end"]) == ("AAAAA11111", "qqqqq&&&&&", "Enter")


def test_digits_of_the_number_pad_and_full_width_letters_are_told(page: Page) -> None:
    (burst,) = bursts(page, [key("7", "Numpad7")] * 6, GUN_MS)
    assert (burst["typed"], burst["hasNumpad"]) == ("777777", True)
    (burst,) = bursts(page, [key("Ｄ", "KeyD")] * 6, GUN_MS)
    assert (burst["typed"], burst["shown"]) == ("DDDDDD", "ＤＤＤＤＤＤ")


def test_a_gun_without_enter_is_heard_after_a_pause_and_said_to_have_none(page: Page) -> None:
    page.evaluate(PRESS, [keys(CODE)[:-1], [GUN_MS] * 16, keys(CODE)[-1]])
    page.wait_for_timeout(400)
    (burst,) = page.evaluate("() => codes.splice(0)")
    assert (burst["typed"], burst["end"], burst["widest_ms"]) == (CODE, "", GUN_MS)
