"""The page of a station PC: Flet's own client with our scripts, start screen and whole fonts, ready to be served."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from flet_web import get_package_web_dir

from mobile.web.builder.fonts import FONT_FAMILY, ensure_fonts
from mobile.web.builder.page import replaced, start_screen, write_icons
from mobile.web.builder.sources import ROOT, STATIC
from shared.palette import LIGHT

SCRIPTS = ("wedge.js", "bridge.js", "native-away.js", "native.js", "camera-panel.js", "native-camera.js")


def write_page(build: Path, progress: Callable[[str], None]) -> Path:
    """Writes `build/native` anew and gives it: what differs from Flet's own page, which is served beneath it.

    Raises `FontsMissing`, and `BuildFault` where Flet's client has changed its shape.
    """
    fonts = ensure_fonts(build, progress, ROOT)
    target = build / "native"
    shutil.rmtree(target, ignore_errors=True)
    folder = target / "assets" / "fonts"
    folder.mkdir(parents=True)
    # Whole fonts: from this very machine they load at once, and rare names need them.
    shutil.copyfile(fonts.regular, folder / "regular.ttf")
    shutil.copyfile(fonts.semibold, folder / "semibold.ttf")
    faces = [{"asset": "fonts/regular.ttf"}, {"asset": "fonts/semibold.ttf", "weight": 600}]
    families = [
        {"family": "MaterialIcons", "fonts": [{"asset": "fonts/MaterialIcons-Regular.otf"}]},
        {"family": FONT_FAMILY, "fonts": faces},
    ]
    (target / "assets" / "FontManifest.json").write_text(json.dumps(families), encoding="utf-8")
    for name in SCRIPTS:
        shutil.copyfile(STATIC / name, target / name)
    write_icons(target / "icons")
    (target / "index.html").write_text(_index(), encoding="utf-8")
    return target


def _index() -> str:
    text = (Path(get_package_web_dir()) / "index.html").read_text(encoding="utf-8")
    text = replaced(text, r'<div id="loading".*?</div>\n', start_screen())
    text = text.replace("<html>", '<html lang="zh-CN">').replace('href="favicon.png"', 'href="icons/icon-192.png"')
    text = text.replace("icons/apple-touch-icon-192.png", "icons/icon-192.png")
    head = f'<meta name="theme-color" content="{LIGHT.wood}">'
    head += '<meta name="viewport" content="width=device-width, initial-scale=1">'
    head += "".join(f'<script src="{name}" data-native="yes"></script>' for name in SCRIPTS)
    return text.replace("</head>", f"{head}</head>")
