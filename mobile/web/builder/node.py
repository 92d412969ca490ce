"""node, which runs Pyodide at a build: the very Python that browsers will run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from mobile.web.builder.faults import BuildFault

TAIL = 2_000
"""Characters of a failed program's last words that are shown."""


def run_with_node(
    command: Sequence[str], folder: Path, chinese: str, english: str, on_line: Callable[[str], None] | None = None
) -> None:
    """Runs a command that finds node on its path, in this folder, and hands its lines over.

    Raises `BuildFault`: with these sentences and the command's last words where it fails.
    """
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    node = shutil.which("node", path=search)
    if node is None:
        raise BuildFault("没有 node，请先运行 make run。", "There is no node on this machine; `make run` brings one.")
    lines: list[str] = []
    with subprocess.Popen(  # noqa: S603 - our own arguments
        command,
        cwd=folder,
        env=os.environ | {"PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None, "it was opened as a pipe"
        for line in process.stdout:
            lines.append(line)
            if on_line is not None:
                on_line(line)
    if process.returncode != 0:
        raise BuildFault(chinese, f"{english}\n{''.join(lines)[-TAIL:]}")
