"""One server of screens and one browser for all of them."""

import json
import os
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, expect, sync_playwright

from benchmarks.browsing.app import enable_semantics
from benchmarks.browsing.chromium import PHONE, SCREENSHOTS, TABLET, Chromium
from benchmarks.browsing.serving import free_port, served
from tests.browser.brief import BriefChromium
from tests.browser.tablet import focus, tap

STILL_FRAMES_MAX = 40
FRAME_MS = 120
TIMEOUT_MS = 15_000
NARROWEST = {"width": 360, "height": 640}
WITH_BARS = {"width": 1280, "height": 713}
"""A tablet whose browser keeps its bars."""

SIZES = {"phone": PHONE, "tablet": TABLET}
ALL_PICTURES = "MUMEN_ALL_PICTURES"
"""Set it to have every picture at 360 pixels and in the dark too; that takes some minutes more."""

WEDGE = Path("mobile/web/static/wedge.js")
HEARD = """(() => {
    let wedge = {};
    const renewed = () => {
        const mine = wedge = { keydown() {} };
        const here = (work) => (...given) => wedge === mine ? work(...given) : undefined;
        new Function("addEventListener", "dispatchEvent", "setTimeout", WEDGE)(
            (kind, hear) => { mine[kind] = hear; }, here((event) => dispatchEvent(event)),
            (work, ms) => setTimeout(here(work), ms));
    };
    renewed();
    addEventListener("keydown", (event) => wedge.keydown(event), true);
    window.renewWedge = renewed;
})();"""
"""The page's own script, before Flutter hears a key as in the app; anew for each scene, and what an earlier one had
begun comes to nothing."""
SOCKET = """window.WebSocket = class extends WebSocket {
    constructor(...given) { super(...given); window.session = this; }
};"""
NEW_SESSION = """async () => {
    await window.told;
    renewWedge();
    sessionStorage.removeItem("_flet_session_id");
    session.close();
}"""
TOLD = """for (const name of ["mumen-keystrokes", "mumen-typed"])
    addEventListener(name, ({ detail }) => {
        window.told = (window.told ?? Promise.resolve())
            .then(() => fetch("/keystrokes", { method: "POST", body: JSON.stringify(detail) }));
    });"""
"""The page's own script hears the keys, before Flutter does as in the app, and what it says goes to Python in order."""

CUT_OFF = """() => [...document.querySelectorAll("flt-semantics")]
    .map((node) => [node.getAttribute("aria-label") || node.textContent, node.getBoundingClientRect()])
    .filter(([said, box]) => said && box.width && (box.left < -1 || box.right > innerWidth + 1))
    .map(([said, box]) => `${said.slice(0, 40)}: ${Math.round(box.left)}-${Math.round(box.right)}`)"""
"""What is painted beyond the left or right edge of the window."""


class Screens:
    """The app over a made-up factory, in one page of a real browser."""

    def __init__(self, browser: Chromium, url: str) -> None:
        self._browser = browser
        self._url = url
        self._is_dark = False
        self._is_up = False
        self.page = browser.page()

    def open(self, scene: str, query: str = "", *, is_dark: bool = False) -> None:
        """Opens the app in this state: a new session of the tab that is up, for starting Flutter takes seconds.

        A tab that does not let go of its last scene makes way for another.
        """
        self._is_dark = is_dark
        query = f"scene={scene}{query}"
        is_left = self._is_up and self._leave(query)
        if not is_left:
            self._new_tab()
        self.page.emulate_media(color_scheme="dark" if is_dark else "light")
        if is_left:
            self.page.evaluate(NEW_SESSION)
        else:
            self._start(query)
        self.page.get_by_role("button").first.wait_for()

    def _leave(self, query: str) -> bool:
        """Whether the window is as empty as a new one; its next session begins with this query."""
        try:
            self._ask("leave", then=query)
            self.page.mouse.move(-1, -1)
            self.page.set_viewport_size({"width": TABLET["width"], "height": TABLET["height"]})
            expect(self.page.get_by_role("button")).to_have_count(0)
        except (AssertionError, Error, OSError):
            return False
        return True

    def _new_tab(self) -> None:
        self._is_up = False
        self.page.close()
        self.page = self._browser.page()
        for script in (f"const WEDGE = {json.dumps(WEDGE.read_text(encoding='utf-8'))};\n{HEARD}", TOLD, SOCKET):
            self.page.add_init_script(script)

    def _start(self, query: str) -> None:
        """Opens the page itself, which compiles and starts Flutter."""
        self.page.goto(f"{self._url}/?{query}")
        self.page.locator("flt-semantics-placeholder").wait_for(state="attached")
        enable_semantics(self.page)
        self.page.get_by_role("button").first.wait_for()
        self.page.set_default_timeout(TIMEOUT_MS)
        self._is_up = True

    def scan(self, text: str, **keys: str | int | bool) -> tuple[float, str | None]:
        """A gun's code; the milliseconds that Python took for it, and the tone that was played last."""
        answer = self._ask("scan", text=text, keys=json.dumps(keys))
        return answer["python_ms"], (answer["played"] or [None])[-1]

    def played(self) -> list[str]:
        """Every tone since the window was opened."""
        with urllib.request.urlopen(f"{self._url}/played", timeout=20) as answer:  # noqa: S310 - our own
            return json.loads(answer.read())

    def connect(self) -> None:
        """The network is back."""
        self._ask("network", is_up=True)

    def fill_disk(self, *, is_full: bool) -> None:
        """Nothing can be written any more, or again."""
        self._ask("disk", is_full=is_full)

    def put_before_camera(self, text: str) -> None:
        """What the next pictures show; nothing is a picture that cannot be read."""
        self._ask("camera", text=text)

    def tap(self, name: str, *, exact: bool = False) -> None:
        """Taps the button of this name."""
        tap(self.page, name, exact=exact)

    def type_into(self, label: str, text: str) -> None:
        """Types into the field of this label, once Flutter has given it the focus."""
        field = focus(self.page, label)
        field.fill(text)
        expect(field).to_have_value(text)
        self.page.wait_for_timeout(300)  # a hand needs as long from the last key to a button

    def resize(self, size: dict[str, int]) -> None:
        """Another device: returns when the screen for it is up."""
        self.page.set_viewport_size({"width": size["width"], "height": size["height"]})
        self._settle()

    def picture(self, name: str) -> None:
        """A picture on both devices, for people to look at."""
        for suffix, size in SIZES.items():
            self.resize(size)
            self.still(f"{name}-{suffix}")
        if ALL_PICTURES in os.environ:
            self._every_other_picture(name)

    def still(self, name: str) -> None:
        """A picture of what is painted for this size: once two frames are the same, and nothing is cut off."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self._settle()
        last = b""
        for _ in range(STILL_FRAMES_MAX):
            self.page.wait_for_timeout(FRAME_MS)
            taken = self.page.screenshot()
            if taken == last:
                break
            last = taken
        (SCREENSHOTS / f"screen-{name}.png").write_bytes(last)
        assert self.page.evaluate(CUT_OFF) == [], name

    def _every_other_picture(self, name: str) -> None:
        self.resize(NARROWEST)
        self.still(f"{name}-360")
        self._turn_lights(is_on=self._is_dark)
        for suffix, size in {"360": NARROWEST, **SIZES}.items():
            self.resize(size)
            self.still(f"{name}-{'dark' if self._is_dark else 'light'}-{suffix}")
        self._turn_lights(is_on=self._is_dark)

    def _turn_lights(self, *, is_on: bool) -> None:
        self._is_dark = not is_on
        self.page.emulate_media(color_scheme="light" if is_on else "dark")
        self._settle()

    def _settle(self) -> None:
        """Until the app has painted for the size and the brightness that the window has now."""
        size = self.page.viewport_size
        assert size is not None
        self._ask("settle", width=size["width"], height=size["height"], is_dark=self._is_dark)

    def _ask(self, what: str, **values: str | int | bool) -> Any:
        url = f"{self._url}/{what}?{urllib.parse.urlencode(values)}"
        request = urllib.request.Request(url, method="POST")  # noqa: S310 - our own
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own
            return json.loads(answer.read())


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """The served screens."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.browser.screens.fake_app", str(port)]
    with served(command, url), sync_playwright() as play:
        browser = BriefChromium(play, Path(tmp_path_factory.mktemp("profile")))
        browser.open()
        try:
            yield Screens(browser, url)
        finally:
            browser.kill()
