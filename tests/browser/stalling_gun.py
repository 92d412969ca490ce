"""A gun that hangs in the middle of a code, at a page in a real browser and in real time; and a hand at its keys."""

import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

from benchmarks.wedge import Gun, strokes

GUN_S = 0.008
"""From one key to the next."""

FINGERS_S = 0.13
"""The same of somebody who types a PIN."""


class StallingGun:
    """Types into whatever has the focus in this page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._keyboard: Any = page.context.new_cdp_session(page)

    def press(
        self, text: str, gap_s: float = GUN_S, end: str = "", *, has_numpad: bool = False, has_ime: bool = False
    ) -> None:
        """These keys in one go, the first of them now: they bear the times at which a gun, or a hand, presses them."""
        gun = Gun("", gap_ms=gap_s * 1_000, end=end, has_numpad=has_numpad, has_ime=has_ime)
        sent = list(strokes(gun, text, time.time()))
        of_the_end = 0 if end else 3 if has_ime else 2
        for method, stroke in sent[: len(sent) - of_the_end]:
            self._keyboard.send(method, stroke)

    def hang(self, key: str, times: int) -> None:
        """A key that is down for so long that it repeats."""
        repeated = {"type": "keyDown", "key": key, "code": f"Key{key}", "autoRepeat": True}
        for number in range(times):
            self._keyboard.send("Input.dispatchKeyEvent", {**repeated, "timestamp": time.time() + 0.03 * number})

    def commit(self, text: str) -> None:
        """An input method writes what it composed."""
        self._keyboard.send("Input.insertText", {"text": text})

    def pieces(self, parts: Sequence[str], stall_ms: float, end: str = "Enter") -> None:
        """A code in pieces, with so long a silence between the last key of one and the first of the next."""
        *first, last = parts
        for part in first:
            goes_on_s = time.time() + max(0, len(part) - 1) * GUN_S + stall_ms / 1_000
            self.press(part)
            self._page.wait_for_timeout(max(0.0, (goes_on_s - time.time()) * 1_000))
        self.press(last, end=end)


def split(code: str, *places: int) -> list[str]:
    """The code, cut at these places."""
    return [code[start:stop] for start, stop in pairwise([0, *places, len(code)])]
