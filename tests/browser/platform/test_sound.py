"""The page's voice: a verdict is told apart with closed eyes, and felt where the hall is loud."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from benchmarks.browsing.app import open_app
from benchmarks.browsing.chromium import Chromium
from benchmarks.browsing.serving import free_port, served
from tests.browser.ears import Heard, heard, listen

pytestmark = pytest.mark.browser
SETTLE_MS = 300
TONES = ("ok", "info", "wait", "stop")
PLAY = "(tone) => dispatchEvent(new CustomEvent('mumen-page', { detail: { kind: 'play', tone } }))"
"""What Python's worker says to its page."""


@pytest.fixture
def page(built_app: Path, browser: Chromium) -> Iterator[Page]:
    """The app as it starts, and somebody who has touched it once: before that, browsers let no page make a sound."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "localhost", "-d", str(built_app.parent)]
    url = f"http://localhost:{port}/app/"
    browser.open()
    with served(command, url):
        opened = browser.page()
        listen(opened)
        open_app(opened, url)
        opened.mouse.click(5, 5)
        opened.wait_for_timeout(SETTLE_MS)
        heard(opened)
        yield opened


def play(page: Page, tone: str) -> Heard:
    page.evaluate(PLAY, tone)
    page.wait_for_timeout(SETTLE_MS)
    return heard(page)


def test_every_verdict_has_a_rhythm_and_a_vibration_of_its_own(page: Page) -> None:
    signals = {tone: play(page, tone) for tone in TONES}
    done, already, held, refused = (signals[tone] for tone in TONES)
    assert (len(done.hertz), len(already.hertz), len(held.hertz), len(refused.hertz)) == (1, 2, 1, 3)
    assert done.hertz[0] > 1_000 > held.hertz[0] > refused.hertz[0]
    assert held.lengths_ms[0] > 2 * done.lengths_ms[0]
    assert all(pause > 40 for signal in (already, refused) for pause in signal.pauses_ms)
    assert refused.shapes == {"square"}
    assert max(refused.vibration) >= 400
    assert len({(len(s.hertz), s.hertz[0], tuple(s.lengths_ms)) for s in signals.values()}) == len(TONES)
    assert len({tuple(signal.vibration) for signal in signals.values()}) == len(TONES)


def test_a_tone_of_a_newer_app_is_silent_and_breaks_nothing(page: Page) -> None:
    assert play(page, "from-the-future").hertz == []
    assert play(page, "ok").hertz == [1320]
