"""A station PC: its process over a folder, and its page."""

import sys
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.browsing.app import open_app
from benchmarks.browsing.serving import free_port
from tests.browser.conftest import ROOT, Factory

COMMAND = [sys.executable, "-m", "mobile.native", "--no-browser"]


class StationPC:
    """A process over one folder."""

    def __init__(self, factory: Factory, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}/"
        self.folder = folder / "device"
        self.environment = {
            "MUMEN_SERVER_URL": factory.url,
            "MUMEN_DEVICE_DIR": str(self.folder),
            "MUMEN_DEVICE_PORT": str(self.port),
            "MUMEN_BUILD_DIR": str(ROOT / "build"),
        }

    def open(self, page: Page) -> None:
        """Opens its page, and waits for the first screen."""
        open_app(page, self.url)
        fetched = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
        assert "canvaskit.wasm" in str(fetched), "the renderer that may measure and paint at once"
        assert "skwasm" not in str(fetched)
