"""Runs pip and says how far it is. pip itself either prints several lines a package or, with `--quiet`, nothing.

Only the standard library, because `make` runs this before anything is installed:
`python -m mobile.web.builder.pip FILE`.
"""

import queue
import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SILENT_S_MAX = 5.0
"""After this long without a line one is said anyway, so that a long download does not look like a standstill."""

SAID_EVERY_S = 1.0
COUNTED = re.compile(r"(?:Collecting|Processing|Requirement already satisfied:) (\S+)")
STEP = re.compile(r"\s*((?:Downloading|Using cached|Building) .*)")
LAST_STEP = re.compile(r"Installing collected packages")
STEP_CHARACTERS_MAX = 70
KEPT_LINES = 25


class PipFailed(Exception):  # noqa: N818 - what it says
    """pip gave up; the text is the end of what it said."""


@dataclass
class Progress:
    """How far pip is, from what it prints."""

    total: int
    count: int = 0
    step: str = ""
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))

    def hear(self, line: str) -> None:
        """Takes in a line of pip's."""
        self.last_lines.append(line.rstrip())
        if counted := COUNTED.match(line):
            self.count += 1
            self.step = counted[1]
        elif step := STEP.match(line):
            self.step = step[1]
        elif LAST_STEP.match(line):
            self.step = "安装 installing"

    def __str__(self) -> str:
        return f"  Python 包 packages {min(self.count, self.total)}/{self.total}: {self.step[:STEP_CHARACTERS_MAX]}"


def install(arguments: Sequence[str], total: int, say: Callable[[str], None]) -> None:
    """`pip install` with these arguments, `total` packages of them; a line every few seconds. Raises `PipFailed`."""
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments]
    progress = Progress(total)
    with subprocess.Popen(  # noqa: S603 - our own arguments
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace"
    ) as process:
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_read, args=(process, lines), daemon=True).start()
        _say_until_end(lines, progress, say)
    if process.returncode != 0:
        raise PipFailed("\n".join(progress.last_lines))


def count_requirements(file: Path) -> int:
    """How many packages a pinned requirements file names; those of other platforms are counted too."""
    return len(re.findall(r"^[A-Za-z0-9][\w.\-]*(?:\[[\w,]+\])?==", file.read_text(encoding="utf-8"), re.MULTILINE))


def _read(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    assert process.stdout is not None, "it was opened as a pipe"
    for line in process.stdout:
        lines.put(line)
    lines.put(None)


def _say_until_end(lines: queue.Queue[str | None], progress: Progress, say: Callable[[str], None]) -> None:
    said_at, heard_at = 0.0, time.monotonic()
    while True:
        try:
            line = lines.get(timeout=SILENT_S_MAX)
        except queue.Empty:
            say(f"{progress} … {time.monotonic() - heard_at:.0f} s")
            continue
        if line is None:
            say(str(progress))
            return
        progress.hear(line)
        heard_at = time.monotonic()
        if progress.count and heard_at - said_at >= SAID_EVERY_S:
            said_at = heard_at
            say(str(progress))


def main(requirements: Path) -> int:
    """Installs what this file pins, into this Python; the exit code is 1, with what pip said, where that fails."""
    arguments = ("--require-hashes", "-r", str(requirements))
    try:
        install(arguments, count_requirements(requirements), lambda line: print(line, flush=True))  # noqa: T201 - a command
    except PipFailed as failed:
        sys.stderr.write(f"{failed}\nPython 包安装失败，请检查网络后重试。 The packages could not be installed.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
