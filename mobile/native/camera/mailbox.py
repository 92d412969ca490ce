"""A place for one frame: whoever reads slowly gets the latest, and what it had no time for is counted."""

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """Between one thread that puts and one that takes."""

    def __init__(self) -> None:
        """Nothing lies in it."""
        self._changed = threading.Condition()
        self._item: T | None = None
        self._is_closed = False
        self.dropped = 0
        """How many were replaced by a later one before anybody took them."""

    def put(self, item: T) -> None:
        """Leaves this one; what still lay there is dropped."""
        with self._changed:
            self.dropped += self._item is not None
            self._item = item
            self._changed.notify()

    def take(self) -> T | None:
        """Waits for the next one; None once it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._item is not None)
            item, self._item = self._item, None
            return None if self._is_closed else item

    def close(self) -> None:
        """Whoever waits, or comes later, gets None."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
