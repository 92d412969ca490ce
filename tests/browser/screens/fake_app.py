"""The app's screens over a made-up factory, served to a browser: `python -m tests.browser.screens.fake_app PORT`.

`/?scene=NAME` opens it in a state; `POST /scan?text=...` is a scanner gun at the window that was opened last, and
`POST /keystrokes` is what the page's own script tells of real keys.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import flet as ft
import flet_web.fastapi
import uvicorn
from starlette.requests import Request

from mobile import app
from mobile.platform import Platform
from mobile.web.builder.fonts import FONT_FAMILY, common_characters, ensure_fonts, write_subset
from mobile.web.builder.page import RENDERER
from tests.browser.screens.fake_engine import FakePlatform, SceneEngine, engine_for

BUILD = Path("build")
ASSETS = BUILD / "screens"
SETTLE_S = 0.02


@dataclass
class Opened:
    """The window that was opened last."""

    page: ft.Page
    platform: FakePlatform
    running: asyncio.Task[None] | None
    engine: SceneEngine | None = None


OPENED: list[Opened] = []
WANTED: list[str] = []
"""The query of the next session, where a window that is up begins another."""


async def main(page: ft.Page) -> None:
    """The app as it starts, with what it starts over replaced."""
    query = WANTED.pop() if WANTED else str(page.route or "").partition("?")[2]
    scene = parse_qs(query).get("scene", ["offline"])[0]
    opened = Opened(page, FakePlatform(scene, query), asyncio.current_task())
    OPENED[:] = [opened]

    async def open_scene(platform: Platform) -> SceneEngine:
        assert platform is opened.platform
        opened.engine = await engine_for(scene, opened.platform)
        return opened.engine

    app.dress(page)
    await app.start(page, opened.platform, open_scene)


def write_assets() -> None:
    """The same fonts as the built app has, in the place where Flet's server looks for them."""
    fonts = ensure_fonts(BUILD, lambda _: None)
    folder = ASSETS / "assets" / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    sources = [path for name in ("mobile", "shared", "tests/browser/screens") for path in Path(name).rglob("*.py")]
    characters = common_characters(path.read_text(encoding="utf-8") for path in sources)
    write_subset(fonts.regular, characters, folder / "common.ttf", BUILD / "cache")
    write_subset(fonts.semibold, characters, folder / "common-semibold.ttf", BUILD / "cache")
    faces = [{"asset": "fonts/common.ttf"}, {"asset": "fonts/common-semibold.ttf", "weight": 600}]
    families = [
        {"family": "MaterialIcons", "fonts": [{"asset": "fonts/MaterialIcons-Regular.otf"}]},
        {"family": FONT_FAMILY, "fonts": faces},
    ]
    (ASSETS / "assets" / "FontManifest.json").write_text(json.dumps(families))


def create_app() -> flet_web.fastapi.FastAPI:
    """The app, and what a test does to the window that was opened last."""
    server = flet_web.fastapi.FastAPI()

    @server.post("/scan")
    async def scan(text: str, keys: str = "") -> dict[str, float | list[str]]:
        platform = OPENED[-1].platform
        told = {"typed": text, "shown": text, "widest_ms": 8, "total_ms": 120, "end": "Enter"}
        told |= {"hasIme": False, "hasCaps": False, "hasNumpad": False} | json.loads(keys or "{}")
        began = time.perf_counter()
        platform.on_keystrokes(json.dumps(told))
        return {"python_ms": (time.perf_counter() - began) * 1_000, "played": platform.played}

    @server.post("/keystrokes")
    async def keystrokes(request: Request) -> None:
        OPENED[-1].platform.on_keystrokes((await request.body()).decode())

    @server.get("/played")
    async def played() -> list[str]:
        return OPENED[-1].platform.played

    @server.post("/network")
    async def network(*, is_up: bool) -> None:
        engine = OPENED[-1].engine
        assert engine is not None
        engine.is_connected = is_up

    @server.post("/disk")
    async def disk(*, is_full: bool) -> None:
        engine = OPENED[-1].engine
        assert engine is not None
        engine.set_full(is_full=is_full)

    @server.post("/camera")
    async def camera(text: str) -> None:
        OPENED[-1].platform.before_camera = text.encode()

    @server.post("/settle")
    async def settle(width: int, height: int, *, is_dark: bool) -> None:
        page = OPENED[-1].page
        wanted = (width, height, is_dark)
        while (page.width, page.height, page.platform_brightness is ft.Brightness.DARK) != wanted:  # noqa: ASYNC110
            await asyncio.sleep(SETTLE_S)  # the window has not told its size yet, and Flet has no event to wait for
        await asyncio.sleep(SETTLE_S)  # the screen for it is painted by now
        await page.get_device_info()  # and has reached the window, which answers after what came before

    server.post("/leave")(leave)
    client = flet_web.fastapi.app(main, assets_dir=str(ASSETS.resolve()), web_renderer=RENDERER, no_cdn=True)
    server.mount("/", client)
    return server


async def leave(then: str) -> None:
    """Ends the session that is up, with nothing on its window; the next one has this query."""
    left = OPENED[-1]
    if left.running is not None:
        left.running.cancel()
    left.page.controls = []
    left.page.update()
    await left.page.get_device_info()
    WANTED[:] = [then]


if __name__ == "__main__":
    write_assets()
    uvicorn.run(create_app(), port=int(sys.argv[1]), log_level="warning", ws="websockets-sansio")
