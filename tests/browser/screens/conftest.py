"""One server of screens and one browser for all of them."""

import json
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.chromium import PHONE, SCREENSHOTS, TABLET, Chromium, enable_semantics, free_port, served

STILL_FRAMES_MAX = 40
TIMEOUT_MS = 15_000


class Screens:
    """The app over a fake engine, in one page of a real browser."""

    def __init__(self, browser: Chromium, url: str) -> None:
        self._browser = browser
        self._url = url
        self.page = browser.page()

    def open(self, scene: str, query: str = "", *, is_dark: bool = False) -> None:
        """Opens the app in this state, in a tab of its own: Flet's client would take up the session of the last."""
        self.page.close()
        self.page = self._browser.page()
        self.page.set_default_timeout(TIMEOUT_MS)
        self.page.emulate_media(color_scheme="dark" if is_dark else "light")
        self.page.goto(f"{self._url}/?scene={scene}{query}")
        self.page.locator("flt-semantics-placeholder").wait_for(state="attached")
        enable_semantics(self.page)
        self.page.get_by_role("button").first.wait_for()

    def scan(self, text: str) -> float:
        """A gun's code; the milliseconds that Python took for it."""
        query = urllib.parse.urlencode({"text": text})
        request = urllib.request.Request(f"{self._url}/scan?{query}", method="POST")  # noqa: S310 - our own
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own
            return cast("float", json.loads(answer.read())["python_ms"])

    def tap(self, name: str, *, exact: bool = False) -> None:
        """Taps the button of this name."""
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def type_into(self, label: str, text: str) -> None:
        """Types into the field of this label, once Flutter has given it the focus."""
        field = self.page.get_by_label(label)
        field.click()
        expect(field).to_be_focused()
        field.fill(text)
        expect(field).to_have_value(text)

    def resize(self, size: dict[str, int]) -> None:
        """Another device."""
        self.page.set_viewport_size({"width": size["width"], "height": size["height"]})

    def picture(self, name: str) -> None:
        """A picture on both devices, for people to look at."""
        for suffix, size in (("phone", PHONE), ("tablet", TABLET)):
            self.resize(size)
            self.still(f"app-{name}-{suffix}")

    def still(self, name: str) -> None:
        """A picture once two frames are the same."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        last = b""
        for _ in range(STILL_FRAMES_MAX):
            self.page.wait_for_timeout(120)
            taken = self.page.screenshot()
            if taken == last:
                break
            last = taken
        (SCREENSHOTS / f"{name}.png").write_bytes(last)


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """The served screens."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.browser.screens.fake_app", str(port)]
    with served(command, url), sync_playwright() as play:
        browser = Chromium(play, Path(tmp_path_factory.mktemp("profile")))
        browser.open()
        try:
            yield Screens(browser, url)
        finally:
            browser.kill()
