"""Builds the installable web app from Flet's own client, Python packages as bytecode, and our page around them.

Everything it needs is on this machine beforehand but for the packages of requirements/browser.txt, which pip fetches.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from flet.controls.types import RouteUrlStrategy, WebRenderer
from flet_web import get_package_web_dir, patch_font_manifest_json, patch_index_html

from mobile.web.fonts import common_characters, ensure_fonts, write_subset
from mobile.web.icon import draw_icon
from shared.palette import DARK, LIGHT

ROOT = Path(__file__).resolve().parents[2]
STATIC = Path(__file__).parent / "static"
ENTRY = Path(__file__).parent / "main.py"
BASE = "app"
PYODIDE_PLATFORM = "pyemscripten_2026_0_wasm32"
PYODIDE_PYTHON = "3.14"
OURS = ("mobile", "shared")
ARCHIVE = "packages.zip"
FONT_FAMILY = "Mumen"
"""The family of common characters; `mobile/theme.py` names it too."""
STAMP = "built-from"

# Never asked for by a page that renders with CanvasKit and keeps nothing on another host.
CLIENT_UNUSED = re.compile(
    r"skwasm|wimp|experimental_|\.symbols$|main\.dart\.(wasm|mjs)$|\.map$|NOTICES$|python\.(exe|bat)$|pyodide/python$"
    r"|python_cli_entry|\.d\.ts$|flutter_service_worker|loading-animation|assets/packages/(media_kit|flutter_math_fork|flutter_map|record_web|cupertino_icons)/|\.whl$|^icons/|^favicon"
)
PACKAGES_UNUSED = re.compile(
    r"\.pyi$|\.so\.debug$|/tests?/|^sqlalchemy/(testing|dialects/(mssql|mysql|oracle|postgresql))/|^pydantic/(v1|deprecated/.*test)"
    r"|^pydantic/mypy|^sqlalchemy/ext/(asyncio|mypy)/|^flet/testing/|^bin/|\.dist-info/"
)


class BuildFault(Exception):  # noqa: N818 - named as the other faults are
    """The app could not be built; the sentence says what is missing and how to get it."""


def build_app(out: Path, progress: Callable[[str], None], entry: Path = ENTRY) -> Path:
    """Builds the app that `entry` runs into `out` and gives `out`; nothing is done where nothing has changed.

    Raises `BuildFault` and `FontsMissing`.
    """
    stamp = _stamp(entry)
    if (out / STAMP).exists() and (out / STAMP).read_text() == stamp:
        progress("应用无变化 app is up to date")
        return out
    cache = out.parent / "cache"
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    progress("应用 1/4: Flet 客户端 client")
    _copy_client(part)
    progress("应用 2/4: Python 包 packages")
    _write_archive(part / ARCHIVE, _packages(cache), entry, cache)
    progress("应用 3/4: 字体 fonts")
    _write_fonts(part, cache, progress)
    progress("应用 4/4: 页面 page")
    _write_page(part)
    (part / STAMP).write_text(stamp)
    shutil.rmtree(out, ignore_errors=True)
    part.replace(out)
    return out


def _stamp(entry: Path) -> str:
    """The hash of everything the result depends on."""
    digest = hashlib.sha256()
    files = [entry, ROOT / "requirements/browser.txt", ROOT / "package-lock.json", *_sources(), *STATIC.iterdir()]
    for path in sorted(set(files)):
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for package in OURS:
        yield from (p for p in (ROOT / package).rglob("*.py"))


def _copy_client(target: Path) -> None:
    source = Path(get_package_web_dir())
    for path in source.rglob("*"):
        name = path.relative_to(source).as_posix()
        if path.is_file() and not CLIENT_UNUSED.search(name):
            copied = target / name
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copied)
    (target / "canvaskit").mkdir(exist_ok=True)


def _packages(cache: Path) -> Path:
    """The packages of requirements/browser.txt as bytecode for Pyodide."""
    requirements = ROOT / "requirements/browser.txt"
    key = hashlib.sha256(requirements.read_bytes() + PACKAGES_UNUSED.pattern.encode()).hexdigest()[:16]
    kept = cache / f"packages-{key}"
    if kept.exists():
        return kept
    part = cache / "packages.part"
    shutil.rmtree(part, ignore_errors=True)
    _run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"),
            *("--no-compile", "--require-hashes", "--only-binary=:all:", "--platform", PYODIDE_PLATFORM),
            *("--python-version", PYODIDE_PYTHON, "--implementation", "cp", "--target", str(part)),
            *("-r", str(requirements)),
        ],
        "Python 包下载失败，请检查网络后重试。 The packages could not be fetched; check the network and try again.",
    )
    for path in list(part.rglob("*")):
        if path.is_file() and PACKAGES_UNUSED.search(path.relative_to(part).as_posix()):
            path.unlink()
    _compile(part)
    part.replace(kept)
    return kept


def _compile(folder: Path) -> None:
    """Sources become bytecode, made by the very Python that will run it: Pyodide's own, under node."""
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if node is None:
        raise BuildFault("没有 node，请先运行 make run。 There is no node on this machine; `make run` brings one.")
    python = Path(get_package_web_dir()) / "pyodide" / "python"
    path = f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    _run(
        ["bash", str(python), "-m", "compileall", "-b", "-q", "."],
        "字节码编译失败。 The bytecode could not be made.",
        folder=folder,
        environment=os.environ | {"PATH": path},
    )
    for source in list(folder.rglob("*.py")):
        if source.with_suffix(".pyc").exists():
            source.unlink()


def _write_archive(target: Path, packages: Path, entry: Path, cache: Path) -> None:
    """Entry and packages in one stored (not deflated) archive: unpacking is what a start waits for."""
    ours = cache / "ours.part"
    shutil.rmtree(ours, ignore_errors=True)
    for source in _sources():
        if source.name in {"build.py", "icon.py", "fonts.py", "native_platform.py"} and source.parent.name != "rules":
            continue
        copied = ours / source.relative_to(ROOT)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copied)
    _compile(ours)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        _store(archive, "main.py", entry)
        for folder in (packages, ours):
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                _store(archive, f"__pypackages__/{path.relative_to(folder).as_posix()}", path)
    shutil.rmtree(ours)


def _store(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    """With a date of its own, so that the same content makes the same archive."""
    archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), path.read_bytes())


def _write_fonts(target: Path, cache: Path, progress: Callable[[str], None]) -> None:
    """Common characters in two weights for the first frame; every character in one weight for afterwards."""
    fonts = ensure_fonts(cache.parent, progress, ROOT)
    common = target / "assets" / "fonts"
    characters = common_characters(path.read_text(encoding="utf-8") for path in _sources())
    write_subset(fonts.regular, characters, common / "common.ttf", cache)
    write_subset(fonts.semibold, characters, common / "common-semibold.ttf", cache)
    (target / "fonts").mkdir()
    shutil.copyfile(fonts.regular, target / "fonts" / "all.ttf")


def _write_page(target: Path) -> None:
    patch_index_html(
        index_path=str(target / "index.html"),
        base_href=BASE,
        app_name="木门 Mumen",
        app_description="每一樘门，扫一扫就知道在哪里。",
        pyodide=True,
        pyodide_script_path="main.py",
        app_package_url=ARCHIVE,
        web_renderer=WebRenderer.CANVAS_KIT,
        route_url_strategy=RouteUrlStrategy.HASH,
        no_cdn=True,
    )
    _write_font_manifest(target / "assets/FontManifest.json")
    boot = target / "flutter_bootstrap.js"
    # Flutter's own service worker would take the place of ours and then remove itself.
    boot.write_text(_replaced(boot.read_text(), r"serviceWorkerSettings: \{.*?\n    \},\n", ""))
    index = target / "index.html"
    text = _replaced(index.read_text(), r'<div id="loading".*?</div>\n', _start_screen())
    text = _replaced(text, '"/pyodide/pyodide.mjs"', f'"/{BASE}/pyodide/pyodide.mjs"')
    text = text.replace("<html>", '<html lang="zh-CN">').replace('content="Flet"', 'content="木门"')
    theme = f'<meta name="theme-color" content="{LIGHT.wood}">'
    theme += '<meta name="viewport" content="width=device-width, initial-scale=1">'
    scripts = '<script src="wedge.js"></script><script src="bridge.js"></script>'
    text = text.replace("</head>", f"{theme}{scripts}</head>").replace(
        "icons/apple-touch-icon-192.png", "icons/icon-192.png"
    )
    text = text.replace('href="favicon.png"', 'href="icons/icon-192.png"')
    index.write_text(text, encoding="utf-8")
    for name in ("wedge.js", "bridge.js", "device.js"):
        shutil.copyfile(STATIC / name, target / name)
    _write_icons(target / "icons")
    (target / "manifest.json").write_text(json.dumps(_manifest(), ensure_ascii=False, indent=1), encoding="utf-8")
    write_service_worker(target)


def _write_font_manifest(path: Path) -> None:
    """Flutter loads every font of this list before its first frame: icons, common Chinese, and Flet's Latin default."""
    fonts = [f for f in json.loads(path.read_text(encoding="utf-8")) if f["family"] == "MaterialIcons"]
    faces = [{"asset": "fonts/common.ttf"}, {"asset": "fonts/common-semibold.ttf", "weight": 600}]
    path.write_text(json.dumps([*fonts, {"family": FONT_FAMILY, "fonts": faces}]), encoding="utf-8")
    patch_font_manifest_json(str(path))


def _start_screen() -> str:
    text = (STATIC / "start.html").read_text(encoding="utf-8")
    colours = {"@PAPER@": LIGHT.paper, "@INK@": LIGHT.ink, "@DARK_PAPER@": DARK.paper, "@DARK_INK@": DARK.ink}
    for mark, colour in colours.items():
        text = text.replace(mark, colour)
    return text


def _write_icons(target: Path) -> None:
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


def write_service_worker(target: Path) -> None:
    """The worker with the list of all files and their hashes in it: another file makes another worker."""
    files: list[tuple[str, str, str]] = []
    for path in sorted(p for p in target.rglob("*") if p.is_file()):
        name = path.relative_to(target).as_posix()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        files.append(("" if name == "index.html" else name, digest, _engine_of(name)))
    version = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]
    text = (STATIC / "sw.js").read_text(encoding="utf-8")
    text = text.replace("@VERSION@", version).replace("@FILES@", json.dumps(files))
    (target / "sw.js").write_text(text, encoding="utf-8")


def _engine_of(name: str) -> str:
    """CanvasKit comes in two builds, of which a browser takes one."""
    if name.startswith("canvaskit/chromium/"):
        return "chromium"
    return "other" if name.startswith("canvaskit/") else ""


def _replaced(text: str, pattern: str, by: str) -> str:
    """The text with the one match of this pattern replaced; a fault where Flet's client has changed its shape."""
    changed, count = re.subn(pattern, lambda _: by, text, flags=re.DOTALL)
    if count != 1:
        raise BuildFault(f"Flet's client has changed: {pattern!r} matches {count} times.")
    return changed


def _run(
    command: Iterable[str], sentence: str, folder: Path | None = None, environment: dict[str, str] | None = None
) -> None:
    done = subprocess.run(  # noqa: S603 - our own arguments
        list(command), cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BuildFault(f"{sentence}\n{done.stderr.strip()[-2_000:]}")
