"""The browser's way back: the page keeps it for the app instead of leaving."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser.brief import BriefChromium

pytestmark = pytest.mark.browser
BRIDGE = Path("mobile/web/static/bridge.js")
LISTEN = """() => {
    window.told = [];
    addEventListener("mumen-keystrokes", ({ detail }) => told.push(detail.end));
}"""


def test_it_goes_to_the_app_and_never_away(play: Playwright, tmp_path: Path) -> None:
    chromium = BriefChromium(play, tmp_path / "profile")
    chromium.open()
    page = chromium.page()
    page.evaluate(LISTEN)
    page.evaluate(
        "(source) => { const tag = document.createElement('script'); tag.dataset.native = 'yes';"
        "tag.textContent = source; document.head.append(tag); }",
        BRIDGE.read_text(encoding="utf-8"),
    )
    page.evaluate("() => dispatchEvent(new CustomEvent('mumen-page', { detail: { kind: 'ready' } }))")
    for times in (1, 2, 3):
        page.mouse.click(5, 5)
        page.evaluate("() => history.back()")
        page.wait_for_function("(times) => told.length === times", arg=times)
    assert page.evaluate("() => told") == ["BrowserBack"] * 3
    chromium.kill()
