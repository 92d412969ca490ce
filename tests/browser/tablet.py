"""What a worker's hands do at the app: open, tap by name, type a PIN, pull a gun's trigger."""

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


def type_text(page: Page, label: str, text: str) -> None:
    """Types slowly, as a person does, into the field of this label, and sends it with Enter."""
    field = page.get_by_label(label)
    field.click()
    page.keyboard.type(text, delay=150)
    expect(field).to_have_value(text.upper())  # the field shows it as printed
    page.wait_for_timeout(300)  # a pause before Enter: a gun makes none
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
        page.screenshot(path=SCREENSHOTS / f"{name}-{size}.png")
    page.set_viewport_size({"width": TABLET["width"], "height": TABLET["height"]})
    page.wait_for_timeout(600)  # the screen is painted anew; a tap in between would be lost
