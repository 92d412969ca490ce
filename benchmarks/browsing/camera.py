"""The camera's reader of the built app, in a real Chromium: single pictures, and the frames of a video."""

import base64
import http.server
import socketserver
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.browsing.chromium import Chromium
from benchmarks.browsing.video import camera_flags

_READER = """() => {
    const worker = new Worker("camera-worker.js");
    let answer = () => {};
    worker.onmessage = ({ data }) => answer(data.text);
    window.read = async (base64) => {
        const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
        const began = performance.now();
        const answered = new Promise((resolve) => { answer = resolve; });
        worker.postMessage({ photo: new Blob([bytes]) });
        const text = await answered;
        return [text, performance.now() - began];
    };
}"""
_READ = "(base64) => read(base64)"
_LOOK = """async (seconds) => {
    document.body.innerHTML = "";
    window.seen = [];
    addEventListener("mumen-camera", ({ detail }) => seen.push(detail));
    dispatchEvent(new CustomEvent("mumen-page", { detail: { kind: "camera", isOn: true } }));
    while (!seen.length) await new Promise((resolve) => setTimeout(resolve, 50));
    const first = mumenCamera.frames(), began = performance.now();
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return [(mumenCamera.frames() - first) / ((performance.now() - began) / 1000), seen];
}"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        del format, args


class WasmReader:
    """Reads pictures with the very script that reads the camera's."""

    def __init__(self, page: Page) -> None:
        """The page is one of the built app's folder."""
        self._page = page
        page.evaluate(_READER)

    def read(self, picture: bytes) -> tuple[str, float]:
        """The text of the code nearest the middle, empty where there is none; and the milliseconds that it took."""
        text, took_ms = self._page.evaluate(_READ, base64.b64encode(picture).decode())
        return str(text), float(took_ms)


@contextmanager
def wasm_reader(app: Path) -> Generator[WasmReader, None, None]:
    """The reader of the app that was built into this folder."""
    with _page_of(app, ()) as page:
        yield WasmReader(page)


def frames_per_second(app: Path, video: Path, seconds: float) -> tuple[float, list[str]]:
    """How many frames of this video the camera's panel reads a second, and what it has told."""
    with _page_of(app, camera_flags(video)) as page:
        page.add_script_tag(url="camera-panel.js")
        page.add_script_tag(url="camera.js")
        rate, seen = page.evaluate(_LOOK, seconds)
        return float(rate), [str(text) for text in seen]


@contextmanager
def _page_of(app: Path, flags: tuple[str, ...]) -> Generator[Page, None, None]:
    handler = partial(_Quiet, directory=str(app))
    with (
        socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as served,
        tempfile.TemporaryDirectory() as profile,
        sync_playwright() as play,
    ):
        threading.Thread(target=served.serve_forever, daemon=True).start()
        chromium = Chromium(play, Path(profile), flags)
        chromium.open()
        try:
            page = chromium.page()
            page.goto(f"http://127.0.0.1:{served.server_address[1]}/version.json")
            yield page
        finally:
            chromium.kill()
            served.shutdown()
