"""What is tried on each frame: the quick reading always, and of the ladder only so much that frames keep coming."""

from PIL import Image

from labels.reading.ladder import read_frame, rung_names
from mobile.scanner.sightings import SPARE_MIN, Seen
from shared.label_code import LabelCode, parse

EVERY = 3
"""One frame in so many that show nothing gets a rung of the ladder, another one each time."""

LUCKY_FRAMES = 30
"""A rung that has read something is tried on each of so many frames from then on: the same label is still there."""


class FramePlan:
    """Owns which rung comes next."""

    def __init__(self) -> None:
        """Nothing has been read. Raises `NoReader`."""
        self._quick = rung_names()[0]
        self._missed = 0
        self._lucky, self._lucky_left = 0, 0

    def read(self, frame: Image.Image) -> list[Seen]:
        """What this frame shows."""
        number = self._next()
        reading = read_frame(frame, number, lambda text: isinstance(parse(text), LabelCode))
        is_quick = reading.rung == self._quick
        if reading.found and not is_quick and number is not None:
            self._lucky, self._lucky_left = number, LUCKY_FRAMES
        self._missed = 0 if reading.found and is_quick else self._missed + 1
        return [Seen(one.text, one.x, one.y, is_quick and one.spare >= SPARE_MIN) for one in reading.found]

    def _next(self) -> int | None:
        if self._lucky_left:
            self._lucky_left -= 1
            return self._lucky
        return self._missed // EVERY if self._missed % EVERY == EVERY - 1 else None
