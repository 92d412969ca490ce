"""Builds the installable web app from Flet's own client, Python packages as bytecode, and our page around them.

Everything it needs is on this machine beforehand but for the packages of requirements/browser.txt, which pip fetches.
"""

import hashlib
import shutil
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from mobile.web.builder.client import copy_client
from mobile.web.builder.fonts import write_fonts
from mobile.web.builder.memory import write_memory
from mobile.web.builder.packages import ensure_packages, write_archive
from mobile.web.builder.page import ARCHIVE, write_page
from mobile.web.builder.service_worker import write_service_worker
from mobile.web.builder.sources import ENTRY, REQUIREMENTS, ROOT, STATIC, own_sources

STAMP = "built-from"
STARTERS = ("python.js", "python-worker.js", "python-start.mjs")
"""Ours; two take the place of Flet's scripts of the same names."""


def build_app(
    out: Path, progress: Callable[[str], None], entry: Path = ENTRY, *, has_flets_start: bool = False
) -> Path:
    """Builds the app that `entry` runs into `out` and gives `out`; nothing is done where nothing has changed.

    `has_flets_start` leaves Python's start to Flet's own scripts, which is what start-up times are compared with.
    Raises `BuildFault`.
    """
    stamp = _stamp(entry) + ("-flet" if has_flets_start else "")
    if _is_built(out, stamp):
        progress("应用无变化 app is up to date")
        return out
    cache = out.parent / "cache"
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    progress("应用 app 1/4: Flet 客户端 client")
    copy_client(part)
    progress("应用 app 2/4: Python 包 packages")
    write_archive(part / ARCHIVE, ensure_packages(cache, progress), entry, cache, progress)
    progress("应用 app 3/4: 字体 fonts")
    write_fonts(part, cache, progress)
    progress("应用 app 4/4: 页面 page")
    write_page(part, () if has_flets_start else STARTERS)
    if not has_flets_start:
        write_memory(part.absolute(), progress)
    write_service_worker(part)
    (part / STAMP).write_text("\n".join([stamp, *_inventory(part)]), encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    part.replace(out)
    return out


def _is_built(out: Path, stamp: str) -> bool:
    """Whether the app was built from the same and nothing of it has been lost or cut short since."""
    if not (out / STAMP).exists():
        return False
    found, *files = (out / STAMP).read_text(encoding="utf-8").split("\n")
    return found == stamp and files == _inventory(out)


def _inventory(app: Path) -> list[str]:
    """Every file of the app with its size in bytes."""
    files = (path for path in app.rglob("*") if path.is_file() and path.name != STAMP)
    return sorted(f"{path.relative_to(app).as_posix()} {path.stat().st_size}" for path in files)


def _stamp(entry: Path) -> str:
    """The hash of everything the result depends on."""
    digest = hashlib.sha256(version("flet-web").encode())
    files = [entry, REQUIREMENTS, ROOT / "package-lock.json", *own_sources(), *STATIC.iterdir()]
    for path in sorted({file.resolve() for file in files}):
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        digest.update(f"{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()
