"""A real Chromium in a process group of its own, so that it alone can be killed, and a server for files."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, Playwright

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip
START_S = 90
TABLET = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
SCREENSHOTS = Path("build/screenshots")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Chromium:
    """One browser over one profile: `kill` pulls its plug, `open` starts it again over what is on the disk."""

    def __init__(self, play: Playwright, profile: Path, flags: Sequence[str] = (), home: Path | None = None) -> None:
        self._play = play
        self._profile = profile
        self._flags = tuple(flags)
        self._home = home
        """Where it keeps the certificates that it trusts."""
        self._context: BrowserContext | None = None
        self.requested: list[str] = []

    def open(self) -> None:
        program = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
        self._context = self._play.chromium.launch_persistent_context(
            str(self._profile),
            executable_path=program,
            args=[*FLAGS, *self._flags],
            env={**os.environ, **({"HOME": str(self._home)} if self._home else {})},
            timeout=START_S * 1_000,
        )
        self._context.on("request", lambda request: self.requested.append(request.url))

    def page(self, viewport: dict[str, int] | None = None) -> Page:
        """A new page of this size."""
        assert self._context is not None
        page = self._context.new_page()
        size = viewport or TABLET
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.set_default_timeout(START_S * 1_000)
        return page

    def kill(self) -> None:
        """`kill -9` of the whole browser: every process that names this profile."""
        if self._context is None:
            return
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if folder.name.isdigit() and str(self._profile).encode() in (folder / "cmdline").read_bytes():
                    os.kill(int(folder.name), signal.SIGKILL)
        with contextlib.suppress(Error):
            self._context.close()
        self._context = None


def wait_for(url: str, seconds: float = 30) -> None:
    """Waits until something answers there."""
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


@contextmanager
def served(command: Sequence[str], url: str, environment: dict[str, str] | None = None) -> Generator[None, None, None]:
    """A server process while the block runs."""
    process = subprocess.Popen(
        command, env=os.environ | (environment or {}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(url)
        yield
    finally:
        process.terminate()
        process.wait(20)


def enable_semantics(page: Page) -> None:
    """Flutter draws on a canvas; this makes it say by role and label what is there."""
    page.locator("flt-semantics-placeholder").dispatch_event("click")
