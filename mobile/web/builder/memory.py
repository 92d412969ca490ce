"""A picture of Python's memory with most of the app's modules imported, from which every start in a browser wakes."""

from collections.abc import Callable
from pathlib import Path

from mobile.web.builder.node import run_with_node
from mobile.web.builder.sources import WEB

MEMORY = "python-memory.bin"
MAKER = WEB / "builder" / "memory.mjs"


def write_memory(app: Path, say: Callable[[str], None]) -> None:
    """Writes the picture beside the app's archive, whose modules it imports. Raises `BuildFault`."""
    say("  内存 memory")
    run_with_node(
        ["node", str(MAKER), str(app), str(app / MEMORY)],
        app,
        "Python 的内存快照没有做成。",
        "The picture of Python's memory could not be made.",
    )
