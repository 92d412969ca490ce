"""`python -m mobile.native`: the app on a station PC.

MUMEN_SERVER_URL is the server (http://localhost:8080), MUMEN_DEVICE_DIR where this device keeps everything
(~/.mumen/device), MUMEN_DEVICE_PORT the port of its page on this machine (8090), MUMEN_CAMERA the number of the camera
that scans (0, with the extra `mumen[camera]`); a Y4M video or a folder of pictures plays one.
"""

import argparse
import os
import socket
import sys
import threading
import webbrowser
from pathlib import Path

import flet as ft
import flet_web.fastapi
import uvicorn
from fastapi import FastAPI

from mobile import app
from mobile.device_engine import DeviceEngine, open_engine
from mobile.native.bridge import PageBridge
from mobile.native.guard import OwnPagesOnly
from mobile.native.page import write_page
from mobile.native.platform import NativePlatform, open_native_platform
from mobile.platform import Platform
from mobile.web.builder.page import RENDERER

PORT_DEFAULT = 8090
HOST = "127.0.0.1"
BROWSER_AFTER_S = 1.0


class StationPC:
    """One store and one process, however many windows: the one that was opened last has the store."""

    def __init__(self) -> None:
        """No window is open yet."""
        self._held: tuple[NativePlatform, DeviceEngine] | None = None
        self.bridge = PageBridge()

    async def open_window(self, page: ft.Page) -> None:
        """Flet's entry, once for each window."""
        app.dress(page)
        await app.start(page, open_native_platform(page=self.bridge), self._open)

    async def _open(self, platform: Platform) -> DeviceEngine:
        assert isinstance(platform, NativePlatform), "every window of a station PC has one"
        if self._held is not None:
            before, engine = self._held
            self._held = None
            before.lose_store()
            engine.close()
        engine = await open_engine(platform)
        self._held = (platform, engine)
        return engine


def create_app(page: Path) -> FastAPI:
    """What serves the page from this folder, for this machine's own browser only."""
    pc = StationPC()
    server = flet_web.fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    server.add_api_websocket_route("/bridge", pc.bridge.serve)
    client = flet_web.fastapi.app(pc.open_window, assets_dir=str(page.resolve()), web_renderer=RENDERER, no_cdn=True)
    server.mount("/", client)
    server.add_middleware(OwnPagesOnly)
    return server


def main() -> int:
    """Serves until somebody ends the process; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m mobile.native", description=__doc__)
    parser.add_argument("--no-browser", action="store_true", help="open no window / 不打开浏览器")
    has_browser = not parser.parse_args().no_browser
    port = int(os.environ.get("MUMEN_DEVICE_PORT", str(PORT_DEFAULT)))
    url = f"http://localhost:{port}/"
    if is_taken(port):
        sys.stderr.write(
            f"端口 {port} 被占用：应用可能已在运行（{url}），或用 MUMEN_DEVICE_PORT 换一个端口。\n"
            f"Port {port} is in use: the app may be running at {url}; else set MUMEN_DEVICE_PORT.\n"
        )
        return 1
    page = write_page(Path(os.environ.get("MUMEN_BUILD_DIR", "build")), lambda _: None)
    sys.stdout.write(f"木门工位 Mumen station: {url}\n")
    sys.stdout.flush()
    if has_browser:
        threading.Timer(BROWSER_AFTER_S, webbrowser.open, (url,)).start()
    uvicorn.run(create_app(page), host=HOST, port=port, log_level="warning", ws="websockets-sansio")
    return 0


def is_taken(port: int) -> bool:
    """Whether something listens on this port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
