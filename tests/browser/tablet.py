"""What a worker's hands do at the app: tap by name, type a PIN, pull a gun's trigger."""

import re
from contextlib import suppress

from playwright.sync_api import Error, Locator, Page, expect

from benchmarks.browsing.app import open_app, wait_until_kept, wait_until_up
from benchmarks.browsing.chromium import PHONE, SCREENSHOTS, TABLET
from mobile.rounds import OFFLINE_PAUSE_MAX_S

SYNCED_WITHIN_MS = 2_000 * OFFLINE_PAUSE_MAX_S
"""A tablet without a network asks for the server every half minute, give or take; a story waits a minute."""


def reload_app(page: Page) -> None:
    """Reloads the page, as somebody does who pulls it down or presses F5."""
    page.reload()
    wait_until_up(page)


RIVE = "https://cdn.jsdelivr.net/npm/@rive-app/flutter-native-wasm@44.0.0/wasm/rive_native.js"
"""The one thing that Flutter's client asks another host for, by itself; that it fails does no harm."""


SETTLED_WITHIN_MS = 2_000
FOCUS_TRIES = 5
IS_SETTLED = """async (before) => {
    const painted = () => [...document.querySelectorAll("flt-semantics")].map((node) => {
        const box = node.getBoundingClientRect();
        return [node.getAttribute("aria-label") ?? node.innerText, box.left, box.top].join();
    }).join("\\n");
    if (before === null) return painted();
    const end = performance.now() + WITHIN_MS;
    for (let last = before, since = Infinity; performance.now() < end;) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        const now = painted();
        if (now !== last) [last, since] = [now, performance.now()];
        else if (performance.now() - since > 150) return now;
    }
    return before;
}""".replace("WITHIN_MS", str(SETTLED_WITHIN_MS))
"""Waits until something else than before is painted and stays; without a before, what is painted now."""


def tap(page: Page, name: str, *, exact: bool = False) -> None:
    """Taps the button of this name and sees where it leads: the next tap would be lost while the screen is painted."""
    button = page.get_by_role("button", name=name, exact=exact).first
    button.wait_for()
    before = page.evaluate(IS_SETTLED, None)
    button.click()
    with suppress(Error):  # the tap may have opened another page
        page.evaluate(IS_SETTLED, before)


def enrol_to_cut(page: Page, address: str) -> None:
    """Opens an invitation, picks the saw, and waits until the app starts without a server."""
    open_app(page, address)
    tap(page, "开料 1 号位")
    says(page, "谁在干活？")
    wait_until_kept(page)


def sign_in(page: Page, name: str, pin: str = "2468") -> None:
    """Picks a name and types the PIN, key by key as each press is painted."""
    tap(page, name)
    for count, key in enumerate(pin, start=1):
        page.get_by_role("button", name=key, exact=True).click()
        expect(page.get_by_text("●" * count, exact=True)).to_be_visible()
    page.get_by_role("button", name="确定", exact=True).click()


def pull_trigger(page: Page, code: str) -> None:
    """A gun's burst of keys, then Enter. In one go: Playwright's own typing waits for the page after each key."""
    page.evaluate(
        """(code) => {
            const press = (key, where) => {
                for (const kind of ["keydown", "keyup"]) {
                    const event = new KeyboardEvent(kind, { key, code: where, bubbles: true, cancelable: true });
                    (document.activeElement ?? document.body).dispatchEvent(event);
                }
            };
            for (const key of code) {
                const kind = /[A-Z]/i.test(key) ? "Key" : /[0-9]/.test(key) ? "Digit" : "";
                press(key, kind ? kind + key.toUpperCase() : "");
            }
            press("Enter", "Enter");
        }""",
        code,
    )


def focus(page: Page, label: str) -> Locator:
    """Taps the field of this label, again while Flutter has not given it the focus; gives the field."""
    field = page.get_by_label(label)
    for _ in range(FOCUS_TRIES):
        field.click()
        with suppress(AssertionError):
            expect(field).to_be_focused(timeout=2_000)
            break
    page.wait_for_timeout(200)
    expect(field).to_be_focused()
    return field


def type_text(page: Page, label: str, text: str) -> None:
    """Types slowly, as a person does, into the field of this label, and sends it with Enter."""
    field = focus(page, label)
    page.keyboard.type(text, delay=150)
    expect(field).to_have_value(text.upper())  # the field shows it as printed
    page.wait_for_timeout(300)  # a pause before Enter: a gun makes none
    page.keyboard.press("Enter")


def until_painted(page: Page, text: str) -> None:
    """Returns within a frame of this text being on the screen."""
    page.wait_for_function("(text) => document.body.innerText.includes(text)", arg=text, polling="raf")


def says(page: Page, text: str | re.Pattern[str]) -> None:
    """The screen shows this."""
    expect(page.get_by_text(text).first).to_be_visible()


def until_synced(page: Page) -> None:
    """Until the server has answered everything that was scanned here."""
    expect(page.get_by_text("在线").first).to_be_visible(timeout=SYNCED_WITHIN_MS)
    expect(page.get_by_text(re.compile("待传 \\d"))).to_have_count(0, timeout=SYNCED_WITHIN_MS)


def picture(page: Page, name: str, *, sizes: tuple[str, ...] = ("tablet", "phone")) -> None:
    """Screenshots at both sizes, for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        viewport = TABLET if size == "tablet" else PHONE
        page.set_viewport_size({"width": viewport["width"], "height": viewport["height"]})
        page.wait_for_timeout(600)
        page.screenshot(path=SCREENSHOTS / f"{name}-{size}.png")
    page.set_viewport_size({"width": TABLET["width"], "height": TABLET["height"]})
    page.wait_for_timeout(600)  # the screen is painted anew; a tap in between would be lost
