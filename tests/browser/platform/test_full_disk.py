"""The file system under SQLite: whatever the browser refuses to write is a full disk, never a crash."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from benchmarks.browsing.chromium import Chromium
from benchmarks.browsing.serving import free_port, served

pytestmark = pytest.mark.browser
ENOSPC = 51
USE = """async ([script, failing, call]) => {
    const { fileSystem } = await import(script);
    class ErrnoError extends Error { constructor(errno) { super(`errno ${errno}`); this.errno = errno; } }
    const FS = { ErrnoError, createNode: (parent, name, mode) => ({ parent, name, mode, id: 1 }) };
    const calls = [];
    const handle = new Proxy({}, { get: (_, name) => (...values) => {
        calls.push(name);
        if (name === failing) throw new DOMException("no room", "QuotaExceededError");
        return name === "getSize" ? 1 : values[0]?.length ?? 0;
    } });
    const root = fileSystem(FS).mount({ opts: { pool: { "mumen.db": handle, "mumen.db-wal": handle } } });
    const file = root.node_ops.lookup(root, "mumen.db");
    const stream = { node: file, position: 0 };
    try {
        const gave = {
            write: () => file.stream_ops.write(stream, new Uint8Array(4), 0, 4, 0),
            fsync: () => file.stream_ops.fsync(stream),
            close: () => file.stream_ops.close(stream),
            truncate: () => file.node_ops.setattr(file, { size: 0 }),
            unlink: () => root.node_ops.unlink(root, "mumen.db"),
        }[call]();
        return { gave: gave ?? null, calls };
    } catch (error) {
        return { errno: error.errno ?? String(error), calls };
    }
}"""


class Use(Protocol):
    """One operation of the file system, over a file handle of which one method fails."""

    def __call__(self, failing: str, call: str) -> dict[str, Any]: ...


@pytest.fixture
def use(browser: Chromium) -> Iterator[Use]:
    """In a page, as the worker does it."""
    port = free_port()
    folder = Path("mobile/web/static")
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "localhost", "-d", str(folder)]
    url = f"http://localhost:{port}/"
    browser.open()
    with served(command, url):
        page = browser.page()
        page.goto(f"{url}start.html")
        yield lambda failing, call: page.evaluate(USE, [f"{url}device.js", failing, call])


def test_a_full_disk_is_what_sqlite_is_told(use: Use) -> None:
    for failing, call in (
        ("write", "write"),
        ("flush", "fsync"),
        ("flush", "close"),
        ("truncate", "truncate"),
        ("truncate", "unlink"),
        ("flush", "unlink"),
    ):
        answer = use(failing, call)
        assert answer["calls"], call
        assert answer.get("errno") == ENOSPC, (failing, call, answer)


def test_what_the_browser_takes_is_done(use: Use) -> None:
    assert use("", "write") == {"gave": 4, "calls": ["getSize", "getSize", "write"]}
    assert use("", "fsync")["gave"] == 0
    assert use("", "truncate")["calls"][-1] == "truncate"
