"""A real Chromium over a profile of its own, so that it alone can be killed."""

import contextlib
import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, Playwright, Request

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
        """Every URL that a page, a worker or a service worker has asked for, web sockets too."""
        self.requested_by_service_workers: list[str] = []

    def open(self) -> None:
        """Starts it, over what an earlier one has left in the profile."""
        program = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
        self._context = self._play.chromium.launch_persistent_context(
            str(self._profile),
            executable_path=program,
            args=[*FLAGS, *self._flags],
            env={**os.environ, **({"HOME": str(self._home)} if self._home else {})},
            timeout=START_S * 1_000,
        )
        self._context.on("request", self._note)

    def page(self, viewport: dict[str, int] | None = None) -> Page:
        """A new page of this size."""
        assert self._context is not None, "the browser has not been opened"
        page = self._context.new_page()
        size = viewport or TABLET
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.set_default_timeout(START_S * 1_000)
        page.on("websocket", lambda socket: self.requested.append(socket.url))
        return page

    def outside(self, origin: str) -> set[str]:
        """The URLs, whole, that were asked for and are not of this origin."""
        local = (f"{origin}/", "data:", "blob:", "about:", "chrome")
        return {url for url in self.requested if not url.startswith(local)}

    def _note(self, request: Request) -> None:
        self.requested.append(request.url)
        if request.service_worker is not None:
            self.requested_by_service_workers.append(request.url)

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
