"""When something that a camera sees counts as a scan: pure, with the time as an argument.

`static/camera.js` keeps the same promises in the browser, where it always asks for two equal frames.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shared.label_code import LabelCode, is_credible, parse

SAME_FRAMES = 2
"""So many frames in a row must say the same where one alone is not sure."""

GONE_S = 1.5
"""Out of sight for so long, the same code is shown once more."""

FRAME_S = 0.25
"""What a frame counts for at most: a device that hangs has seen nothing go."""

SPARE_MIN = 0.1
"""A read that used up more of its error correction than this leaves may be a wrong one."""


@dataclass(frozen=True)
class Seen:
    """A text in a frame; its middle in shares of the frame's width and height.

    `is_sure`: the quick reading gave it, of a picture as it came, with error correction to spare.
    """

    text: str
    x: float
    y: float
    is_sure: bool


def chosen(seen: Sequence[Seen]) -> Seen | None:
    """The one that is meant: of our codes the nearest to the middle, else of other systems' codes the nearest.

    What looks like a code of ours and fails its check characters was misread, and is no code at all.
    """
    ours = [one for one in seen if _is_ours(one.text)]
    return min(ours or [one for one in seen if is_credible(one.text)], key=_from_the_middle, default=None)


class Sightings:
    """What has been in view lately. One of it for as long as a camera is open."""

    def __init__(self) -> None:
        """Nothing has been seen."""
        self._last: str = ""
        self._told: str = ""
        self._times = 0
        self._last_at_s = self._seen_at_s = -math.inf
        self._frame_at_s = -math.inf
        self._looked_s = 0.0

    def frame(self, seen: Sequence[Seen], now_s: float) -> str | None:
        """The text that counts as scanned with this frame: once for as long as it is in view; else None."""
        self._looked_s += min(now_s - self._frame_at_s, FRAME_S)
        self._frame_at_s = now_s
        if self._looked_s - self._seen_at_s > GONE_S:
            self._told = ""
        one = chosen(seen)
        if one is None:
            return None
        is_again = one.text == self._last and now_s - self._last_at_s < GONE_S / 2
        self._times = self._times + 1 if is_again else 1
        self._last, self._last_at_s = one.text, now_s
        if one.text == self._told:
            self._seen_at_s = self._looked_s
            return None
        if self._times < (1 if one.is_sure and _is_ours(one.text) else SAME_FRAMES):
            return None
        self._told, self._seen_at_s = one.text, self._looked_s
        return one.text


def _is_ours(text: str) -> bool:
    return isinstance(parse(text), LabelCode)


def _from_the_middle(one: Seen) -> float:
    return math.hypot(one.x - 0.5, one.y - 0.5)
