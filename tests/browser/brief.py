"""A browser for tests, whose pages live for seconds."""

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Playwright

from benchmarks.browsing.chromium import Chromium

ONE_TIER = "--js-flags=--liftoff-only"
"""WebAssembly is compiled once, and not a second time better, which pays where a page lives for longer.

That takes a quarter of all that a start of the app takes."""


class BriefChromium(Chromium):
    """A Chromium that does not compile for a long life. Benchmarks use the other one."""

    def __init__(self, play: Playwright, profile: Path, flags: Sequence[str] = (), home: Path | None = None) -> None:
        super().__init__(play, profile, (*flags, ONE_TIER), home)
