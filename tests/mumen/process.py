"""`mumen` as a person starts it: a process of its own, which is asked over real sockets."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MUMEN = [sys.executable, "-m", "mumen.cli"]
START_S = 30


def environment(data_dir: Path) -> dict[str, str]:
    """This process's, without any setting of Mumen but these folders."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("MUMEN_")}
    return kept | {"MUMEN_DATA_DIR": str(data_dir), "MUMEN_BUILD_DIR": str(data_dir / "build")}


def finished(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(
        [*MUMEN, *arguments], env=environment(data_dir), capture_output=True, text=True, timeout=60, check=False
    )


@contextmanager
def running(data_dir: Path, *arguments: str) -> Generator[subprocess.Popen[str], None, None]:
    """A command that runs until it is told to stop; both its outputs are one."""
    process = subprocess.Popen(
        [*MUMEN, *arguments], env=environment(data_dir), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)


def lines_until(process: subprocess.Popen[str], text: str) -> Iterator[str]:
    """What it prints up to the line with this text."""
    assert process.stdout is not None
    for line in process.stdout:
        yield line
        if text in line:
            return
    raise AssertionError(f"it ended without saying {text!r}")


def eventually(look: Callable[[], object], seconds: float = START_S) -> None:
    """Waits until this is true and raises no `OSError`."""
    end = time.monotonic() + seconds
    while True:
        with suppress(OSError):
            if look():
                return
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


def body_of(url: str) -> bytes:
    """What is there, as soon as something answers."""
    end = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own
                return bytes(answer.read())
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
