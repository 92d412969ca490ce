"""What a worker's hands do at the app: open, tap by name, type a PIN, pull a gun's trigger."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.chromium import PHONE, SCREENSHOTS, TABLET, enable_semantics


def open_app(page: Page, url: str) -> None:
    """Opens the app and waits for its first screen."""
    page.goto(url)
    page.wait_for_selector("#start", state="detached")
    enable_semantics(page)


def wait_until_kept(page: Page) -> None:
    """Until the service worker has everything, so that the next start needs no server."""
    page.wait_for_function("async () => (await navigator.serviceWorker.ready).active.state === 'activated'")


def tap(page: Page, name: str, *, exact: bool = False) -> None:
    """Taps the button of this name."""
    page.get_by_role("button", name=name, exact=exact).first.click()


def sign_in(page: Page, name: str, pin: str = "2468") -> None:
    """Picks a name and types the PIN, key by key as each press is painted."""
    tap(page, name)
    for count, key in enumerate(pin, start=1):
        tap(page, key, exact=True)
        expect(page.get_by_text("●" * count, exact=True)).to_be_visible()
    tap(page, "确定", exact=True)


def pull_trigger(page: Page, code: str) -> None:
    """A gun types much faster than a person."""
    page.keyboard.type(code, delay=2)
    page.keyboard.press("Enter")


def says(page: Page, text: str) -> None:
    """The screen shows this."""
    expect(page.get_by_text(text).first).to_be_visible()


def picture(page: Page, name: str, *, sizes: tuple[str, ...] = ("tablet", "phone")) -> None:
    """Screenshots at both sizes, for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for size in sizes:
        viewport = TABLET if size == "tablet" else PHONE
        page.set_viewport_size({"width": viewport["width"], "height": viewport["height"]})
        page.wait_for_timeout(600)
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{size}.png")
    page.set_viewport_size({"width": TABLET["width"], "height": TABLET["height"]})
