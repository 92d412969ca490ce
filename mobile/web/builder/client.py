"""Flet's own client, the part of it that the app asks for."""

import re
import shutil
from pathlib import Path

from flet_web import get_package_web_dir

# Never asked for by a page that renders with CanvasKit and keeps nothing on another host.
UNUSED = re.compile(
    r"skwasm|wimp|experimental_|\.symbols$|main\.dart\.(wasm|mjs)$|\.map$|NOTICES$|python\.(exe|bat)$|pyodide/python$"
    r"|python_cli_entry|\.d\.ts$|flutter_service_worker|loading-animation|\.whl$|^icons/|^favicon"
    r"|assets/packages/(media_kit|flutter_math_fork|flutter_map|record_web|cupertino_icons)/"
)


def client_folder() -> Path:
    """Where flet-web's wheel was unpacked; Pyodide lies in it too."""
    return Path(get_package_web_dir())


def copy_client(target: Path) -> None:
    """Copies what the app uses of the client into `target`."""
    source = client_folder()
    for path in source.rglob("*"):
        name = path.relative_to(source).as_posix()
        if path.is_file() and not UNUSED.search(name):
            copied = target / name
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copied)
    (target / "canvaskit").mkdir(exist_ok=True)
