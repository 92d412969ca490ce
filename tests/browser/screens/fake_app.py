"""The app's screens over a fake engine, served to a browser: `python -m tests.browser.screens.fake_app PORT`.

`/?scene=NAME` opens it in a state; `POST /scan?text=...` is a scanner gun at the window that was opened last.
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import flet as ft
import flet_web.fastapi
import uvicorn

from mobile import app
from mobile.platform import Platform
from mobile.web.build import FONT_FAMILY
from mobile.web.fonts import common_characters, ensure_fonts, write_subset
from tests.browser.screens.fake_engine import FakeEngine, FakePlatform, engine_for

BUILD = Path("build")
ASSETS = BUILD / "screens"


@dataclass
class Opened:
    """The window that was opened last."""

    platform: FakePlatform | None = None


OPENED = Opened()


async def main(page: ft.Page) -> None:
    """The app as it starts, with what it starts over replaced."""
    query = str(page.route or "").partition("?")[2]
    scene = parse_qs(query).get("scene", ["offline"])[0]
    platform = FakePlatform(scene, query)
    OPENED.platform = platform

    async def open_fake(opened: Platform) -> FakeEngine:
        await opened.open_files()
        return engine_for(scene)

    app.dress(page)
    await app.start(page, platform, open_fake)


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


def serve(port: int) -> None:
    """Serve until somebody ends the process."""
    write_assets()
    server = flet_web.fastapi.FastAPI()

    @server.post("/scan")
    async def scan(text: str) -> dict[str, float | list[str]]:
        platform = OPENED.platform
        assert platform is not None, "no window is open"
        began = time.perf_counter()
        platform.on_code(text)
        return {"python_ms": (time.perf_counter() - began) * 1_000, "played": platform.played}

    server.mount("/", flet_web.fastapi.app(main, assets_dir=str(ASSETS.resolve()), no_cdn=True))
    uvicorn.run(server, port=port, log_level="warning", ws="websockets-sansio")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
