"""The files beside the office's pages, as the build laid them down: fonts, htmx, and what `/docs` is made of."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

PREFIX = "/static"
SCRIPT, STYLE, WOFF, TTF = "text/javascript", "text/css", "font/woff", "font/ttf"
FILES = {
    "htmx.js": ("office/htmx.min.js", SCRIPT),
    "swagger-ui.js": ("office/swagger-ui-bundle.js", SCRIPT),
    "swagger-ui.css": ("office/swagger-ui.css", STYLE),
    "common.woff": ("office/fonts/common.woff", WOFF),
    "common-semibold.woff": ("office/fonts/common-semibold.woff", WOFF),
    "whole.ttf": ("fonts/regular.ttf", TTF),
    "whole-semibold.ttf": ("fonts/semibold.ttf", TTF),
}
"""The name in an address, the place below the build folder, and the kind of the file."""

FONTS = ("common.woff", "common-semibold.woff", "whole.ttf", "whole-semibold.ttf")
OFFICE = (*FONTS, "htmx.js", "swagger-ui.js", "swagger-ui.css")
ICON = (
    "data:image/svg+xml,"
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='7' fill='%237A4A21'/%3E"
    "%3Cpath d='M9 6h14v21H9z' fill='%23F6F3EC'/%3E"
    "%3Cpath d='M11 8l8 2v18l-8-2z' fill='%23C98F56'/%3E"
    "%3C/svg%3E"
)
"""A door ajar, as SVG in an address of its own."""

FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Assets:
    """What there is below the build folder; nothing where the build has not run."""

    build_dir: Path | None = None

    def file(self, name: str) -> Path | None:
        """Where the file of this name lies, if it was built."""
        path = self.build_dir / FILES[name][0] if self.build_dir is not None else None
        return path if path is not None and path.is_file() else None

    def url(self, name: str) -> str:
        """Its address, which changes with the file, so that a browser may keep it; empty where it was not built."""
        path = self.file(name)
        return f"{PREFIX}/{name}?v={version_of(path)}" if path is not None else ""


def version_of(path: Path) -> str:
    """What tells one content from another."""
    known = path.stat()
    return _digest(path, known.st_size, known.st_mtime_ns)


@lru_cache(maxsize=32)
def _digest(path: Path, _size: int, _mtime_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset_router(assets: Assets, names: Iterable[str]) -> APIRouter:
    """Serves these files; a browser asks only once for each version."""
    router, served = APIRouter(prefix=PREFIX, include_in_schema=False), frozenset(names)

    @router.get("/{name}")
    async def asset(name: str, v: str = "") -> Response:
        path = assets.file(name) if name in served else None
        if path is None:
            return Response("not built\n", 404, media_type="text/plain")
        caching = FOREVER if v == version_of(path) else "no-cache"
        return FileResponse(path, media_type=FILES[name][1], headers={"Cache-Control": caching})

    return router
