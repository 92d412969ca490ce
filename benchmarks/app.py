"""How fast the app starts and answers in a real Chromium, with the server stopped. See README.md for the figures."""

import functools
import http.server
import json
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Playwright, sync_playwright

from benchmarks.browsing.app import enable_semantics, wait_until_kept
from benchmarks.browsing.chromium import Chromium
from benchmarks.browsing.serving import free_port
from benchmarks.report import percentile, report, say
from mobile.web.builder.build import build_app
from mobile.web.builder.sources import ENTRY
from shared.label_code import CodeKind, make

HERE = Path(__file__).parent
BUILD = Path("build/benchmarks")
STARTS = 5
SCANS = 60
RELAY = """new BroadcastChannel("mumen-bench").onmessage =
    ({ data }) => dispatchEvent(new CustomEvent("mumen-page", { detail: data }));"""
"""Flet's own worker script has no way to say that the counter's first screen is there."""

FORGET = """async () => {
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
}"""
ANSWERED = """async ({ code, expected }) => {
    const isShown = () => document.querySelector("flt-semantics-host")?.innerText?.includes(expected)
        || [...document.querySelectorAll("flt-semantics[aria-label]")].some((n) => n.ariaLabel.includes(expected));
    const began = performance.now();
    const gun = { widest_ms: 8, total_ms: 120, end: "Enter", hasIme: false, hasCaps: false, hasNumpad: false };
    dispatchEvent(new CustomEvent("mumen-keystrokes", { detail: { typed: code, shown: code, ...gun } }));
    while (!isShown()) {
        await new Promise(requestAnimationFrame);
        if (performance.now() - began > 20000) throw new Error(`no answer to ${code}`);
    }
    return performance.now() - began;
}"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")  # one address serves several builds, as a server does in its time
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        del format, args


@contextmanager
def served(folder: Path, port: int) -> Generator[None, None, None]:
    """These files over HTTP while the block runs."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def port_of(url: str) -> int:
    """The port in this address."""
    port = urlsplit(url).port
    assert port is not None, "we have put it there"
    return port


def build(name: str, entry: Path, *, has_flets_start: bool = False) -> Path:
    """One app of its own in a folder of its own."""
    folder = BUILD / name
    build_app((folder / "app").absolute(), say, entry, has_flets_start=has_flets_start)
    return folder


def started(page: Page, url: str) -> float:
    """Seconds from the address to the first screen."""
    page.add_init_script(RELAY)
    began = time.perf_counter()
    page.goto(url)
    page.wait_for_selector("#start", state="detached")
    return time.perf_counter() - began


def installed(chromium: Chromium, folder: Path, url: str) -> None:
    """The browser keeps this build; server and browser are gone when this returns."""
    chromium.open()
    with served(folder, port_of(url)):
        page = chromium.page()
        started(page, url)
        wait_until_kept(page)
    chromium.kill()


def enrolled(chromium: Chromium, url: str) -> None:
    """Leaves in the browser what an enrolled tablet with 500 pieces has there; what filled it is forgotten."""
    chromium.open()
    with served(build("scan", HERE / "app_entry.py"), port_of(url)):
        page = chromium.page()
        started(page, f"{url}?pieces=500")
        wait_until_kept(page)
        page.evaluate(FORGET)
    chromium.kill()


def warm_starts(play: Playwright, work: Path) -> dict[str, float]:
    """The app on an enrolled tablet and the counter in turn, each in a fresh browser process, with no server."""
    counter = HERE / "counter_entry.py"
    builds = {
        "app": build("app", ENTRY),
        "counter": build("counter", counter, has_flets_start=True),
        "counter-our-start": build("counter-our-start", counter),
    }
    browsers: dict[str, tuple[Chromium, str]] = {}
    for name, folder in builds.items():
        chromium, url = Chromium(play, work / name), f"http://127.0.0.1:{free_port()}/app/"
        if name == "app":
            enrolled(chromium, url)
        installed(chromium, folder, url)
        browsers[name] = chromium, url
    taken: dict[str, list[float]] = {name: [] for name in builds}
    for turn in range(STARTS):
        for name, (chromium, url) in browsers.items():
            chromium.open()
            page = chromium.page()
            taken[name].append(started(page, url))
            if name == "app":
                enable_semantics(page)
                page.get_by_text(
                    "张伟"
                ).first.wait_for()  # the station's people: it is the enrolled app that has started
            chromium.kill()
            say(f"start {turn + 1}/{STARTS} {name}: {taken[name][-1]:.2f} s")
    median = {name: statistics.median(times) for name, times in taken.items()}
    return {
        "app.warm_start_s": median["app"],
        "app.warm_start_ratio": median["app"] / median["counter"],
        "app.warm_start_ratio_our_start": median["app"] / median["counter-our-start"],
    }


def scans(play: Playwright, work: Path, pieces: int) -> tuple[list[float], float]:
    """Milliseconds from each code to its painted answer, and of one commit."""
    chromium = Chromium(play, work / f"scan-{pieces}")
    chromium.open()
    figures: dict[str, float] = {}

    def heard(text: str) -> None:
        if text.startswith("FIGURES "):
            figures.update(json.loads(text.removeprefix("FIGURES ")))

    url = f"http://127.0.0.1:{free_port()}/app/"
    with served(build("scan", HERE / "app_entry.py"), port_of(url)):
        page = chromium.page()
        page.on("console", lambda message: heard(message.text))
        page.set_default_timeout(300_000)
        started(page, f"{url}?pieces={pieces}")
        enable_semantics(page)
        page.wait_for_timeout(2_000)
        step = pieces // (SCANS + 5)
        taken = [
            float(page.evaluate(ANSWERED, {"code": make(CodeKind.PIECE, n * step), "expected": f"MD-{n * step:06d}"}))
            for n in range(SCANS + 5)
        ]
    chromium.kill()
    say(f"{pieces} pieces: median {statistics.median(taken[5:]):.0f} ms, commit {figures.get('commit_ms', 0):.1f} ms")
    return taken[5:], figures["commit_ms"]


def precache_mb(folder: Path) -> float:
    """What a Chromium keeps: every file of the build but the other engine's."""
    files = [path for path in (folder / "app").rglob("*") if path.is_file()]
    other = [path for path in files if path.parent.name == "canvaskit"]
    return sum(path.stat().st_size for path in files if path not in other) / 1e6


def main() -> None:
    """Everything in one go; some minutes."""
    work = Path(tempfile.mkdtemp(prefix="mumen-bench-"))
    try:
        with sync_playwright() as play:
            figures = warm_starts(play, work)
            few, commit_ms = scans(play, work, 500)
            many, _ = scans(play, work, 50_000)
        figures |= {
            "app.scan_ms_p50_500": statistics.median(few),
            "app.scan_ms_p95_500": percentile(few, 0.95),
            "app.scan_ms_p95_50000": percentile(many, 0.95),
            "app.commit_ms": commit_ms,
            "app.precache_mb": precache_mb(BUILD / "app"),
        }
        report("app", figures)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
