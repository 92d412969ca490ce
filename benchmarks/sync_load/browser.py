"""A tablet's first day: 50,000 pieces into the app in a real Chromium, from its invitation to the first screen."""

import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Request, expect, sync_playwright

from benchmarks.browsing.app import open_app
from benchmarks.browsing.chromium import Chromium
from benchmarks.report import say
from benchmarks.sync_load.factory import PIECES_A_DOOR, make_floors
from benchmarks.sync_load.phases import Figures
from benchmarks.sync_load.servers import running
from shared.schemas.sync import ENROL_PATH, PULL_PATH

PIECES = 50_000
WAIT_S = 1_800


def bootstrap(folder: Path) -> Figures:
    """Seconds from the server's yes to the invitation until stations can be picked, and megabytes over the wire."""
    subprocess.run([sys.executable, "-m", "mumen.cli", "build-app"], check=True, stdout=subprocess.DEVNULL)
    url = f"sqlite:///{folder / 'bootstrap.db'}"
    (floor,) = make_floors(url, [PIECES // PIECES_A_DOOR], [1])
    with running(url, folder, host="localhost") as (server,), sync_playwright() as play:
        chromium = Chromium(play, folder / "profile")
        chromium.open()
        page = chromium.page()
        enrolled: list[float] = []
        pulled: list[int] = []

        def note(request: Request) -> None:
            if request.url.endswith(ENROL_PATH):
                enrolled.append(time.perf_counter())
            if request.url.endswith(PULL_PATH):
                pulled.append(request.sizes()["responseBodySize"])

        page.context.on("requestfinished", note)
        open_app(page, f"http://localhost:{server.port}/app/?code={floor.invitations[0]}")
        expect(page.get_by_text("选择工位").first).to_be_visible(timeout=WAIT_S * 1_000)
        seconds = time.perf_counter() - enrolled[0]
        chromium.kill()
    say(f"  {floor.rows} rows in {len(pulled)} pulls")
    return {"bootstrap_50000_s": seconds, "bootstrap_50000_mb": sum(pulled) / 1e6}
