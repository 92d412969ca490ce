"""The page around the app: Flet's, with our start screen, our scripts, our icons and no service worker of Flet's."""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from flet.controls.types import RouteUrlStrategy, WebRenderer
from flet_web import patch_font_manifest_json, patch_index_html

from mobile.web.builder.faults import BuildFault
from mobile.web.builder.fonts import FONT_FAMILY
from mobile.web.builder.icon import draw_icon
from mobile.web.builder.sources import ROOT, STATIC
from shared.palette import DARK, LIGHT

BASE = "app"
"""The path under which the app is served."""

ARCHIVE = "packages.zip"
SCRIPTS = ("wedge.js", "bridge.js", "camera-panel.js", "camera.js", "camera-worker.js", "device.js")
READER = ROOT / "node_modules" / "zxing-wasm" / "dist"
READER_FILES = {"iife/reader/index.js": "reader.js", "reader/zxing_reader.wasm": "zxing_reader.wasm"}
"""What the camera's worker reads codes with, and what it calls that."""


RENDERER = WebRenderer.CANVAS_KIT
"""Flutter's other one (skwasm) measures text in one thread and paints in another without a lock, where the page is
isolated from others: a word comes out as wide as the screen, or the page hangs (flutter/flutter#190039)."""


def write_page(target: Path, starters: Iterable[str]) -> None:
    """Completes the client in `target` with our page; `starters` take the place of Flet's scripts of these names.

    Raises `BuildFault`.
    """
    patch_index_html(
        index_path=str(target / "index.html"),
        base_href=BASE,
        app_name="木门 Mumen",
        app_description="每一樘门，扫一扫就知道在哪里。",
        pyodide=True,
        pyodide_script_path="main.py",
        app_package_url=ARCHIVE,
        web_renderer=RENDERER,
        route_url_strategy=RouteUrlStrategy.HASH,
        no_cdn=True,
    )
    _write_font_manifest(target / "assets/FontManifest.json")
    boot = target / "flutter_bootstrap.js"
    # Flutter's own service worker would take the place of ours and then remove itself.
    boot.write_text(replaced(boot.read_text(), r"serviceWorkerSettings: \{.*?\n    \},\n", ""))
    index = target / "index.html"
    index.write_text(_dressed(index.read_text(encoding="utf-8")), encoding="utf-8")
    for name in (*SCRIPTS, *starters):
        shutil.copyfile(STATIC / name, target / name)
    _copy_reader(target / "zxing")
    write_icons(target / "icons")
    (target / "manifest.json").write_text(json.dumps(_manifest(), ensure_ascii=False, indent=1), encoding="utf-8")


def _copy_reader(target: Path) -> None:
    target.mkdir()
    for source, name in READER_FILES.items():
        if not (READER / source).is_file():
            raise BuildFault("缺少 npm 包，请先运行 make run。", f"{READER / source} is missing; run `make run`.")
        shutil.copyfile(READER / source, target / name)


def _dressed(text: str) -> str:
    """Flet's index.html in Chinese, with our colours, icons, start screen and scripts."""
    text = replaced(text, r'<div id="loading".*?</div>\n', start_screen())
    text = replaced(text, '"/pyodide/pyodide.mjs"', f'"/{BASE}/pyodide/pyodide.mjs"')
    text = text.replace("<html>", '<html lang="zh-CN">').replace('content="Flet"', 'content="木门"')
    theme = f'<meta name="theme-color" content="{LIGHT.wood}">'
    theme += '<meta name="viewport" content="width=device-width, initial-scale=1">'
    scripts = '<script src="wedge.js"></script><script src="bridge.js"></script>'
    scripts += '<script src="camera-panel.js"></script><script src="camera.js"></script>'
    text = text.replace("</head>", f"{theme}{scripts}</head>")
    text = text.replace("icons/apple-touch-icon-192.png", "icons/icon-192.png")
    return text.replace('href="favicon.png"', 'href="icons/icon-192.png"')


def _write_font_manifest(path: Path) -> None:
    """Flutter loads every font of this list before its first frame: icons, common Chinese, and Flet's Latin default."""
    fonts = [f for f in json.loads(path.read_text(encoding="utf-8")) if f["family"] == "MaterialIcons"]
    faces = [{"asset": "fonts/common.ttf"}, {"asset": "fonts/common-semibold.ttf", "weight": 600}]
    path.write_text(json.dumps([*fonts, {"family": FONT_FAMILY, "fonts": faces}]), encoding="utf-8")
    patch_font_manifest_json(str(path))


def start_screen() -> str:
    """What is seen until the first frame, in the palette's colours."""
    text = (STATIC / "start.html").read_text(encoding="utf-8")
    colours = {"@PAPER@": LIGHT.paper, "@INK@": LIGHT.ink, "@DARK_PAPER@": DARK.paper, "@DARK_INK@": DARK.ink}
    for mark, colour in colours.items():
        text = text.replace(mark, colour)
    return text


def write_icons(target: Path) -> None:
    """The icons of every size and shape, in a folder that is not there yet."""
    target.mkdir()
    for size in (192, 512):
        draw_icon(size, is_maskable=False).save(target / f"icon-{size}.png")
        draw_icon(size, is_maskable=True).save(target / f"icon-maskable-{size}.png")


def _manifest() -> dict[str, object]:
    icons = [
        {"src": f"icons/icon{kind}-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for kind, purpose in (("", "any"), ("-maskable", "maskable"))
    ]
    return {
        "id": f"/{BASE}/",
        "name": "木门 Mumen",
        "short_name": "木门",
        "description": "每一樘门，扫一扫就知道在哪里。",
        "lang": "zh-CN",
        "start_url": ".",
        "scope": ".",
        "display": "standalone",
        "background_color": LIGHT.paper,
        "theme_color": LIGHT.wood,
        "icons": icons,
    }


def replaced(text: str, pattern: str, by: str) -> str:
    """The text with the one match of this pattern replaced; a fault where Flet's client has changed its shape."""
    changed, count = re.subn(pattern, lambda _: by, text, flags=re.DOTALL)
    if count != 1:
        raise BuildFault(
            f"Flet 的客户端变了：{pattern!r} 匹配 {count} 次。",
            f"Flet's client has changed: {pattern!r} matches {count} times.",
        )
    return changed
