"""Our service worker: every file of the app with its hash, so that a start needs no server."""

import hashlib
import json
from pathlib import Path

from mobile.web.builder.sources import STATIC


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
