"""How far something long has come, for whoever watches the command line."""

from mumen.voice import say

ROWS_SAID_EVERY = 100_000
BYTES_SAID_EVERY = 100_000_000


class Rows:
    """Says each table once it is done, and a large one on the way."""

    def __init__(self) -> None:
        """Nothing is done yet."""
        self._said: dict[str, int] = {}

    def __call__(self, table: str, done: int, total: int) -> None:
        """So many rows of this table are done, of so many."""
        if done >= total or done - self._said.get(table, 0) >= ROWS_SAID_EVERY:
            self._said[table] = done
            say(f"  {table} {done}/{total}")


class Bytes:
    """Says how large something has become, now and then."""

    def __init__(self) -> None:
        """Nothing is there yet."""
        self._said = 0

    def __call__(self, size: int) -> None:
        """There are so many bytes by now."""
        if size - self._said >= BYTES_SAID_EVERY:
            self._said = size
            say(f"  {size / 1_000_000:.0f} MB")
