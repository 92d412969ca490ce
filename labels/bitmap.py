"""A label as the dots of a print head: what is verified, shown as a preview and sent to the printer is the same."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bitmap:
    """Rows of dots from the top, eight in a byte, the leftmost in its highest bit; a set bit is a black dot.

    The bits beyond the width are not set.
    """

    width: int
    height: int
    data: bytes

    @property
    def row_bytes(self) -> int:
        """The bytes of one row."""
        return (self.width + 7) // 8

    def rows(self) -> list[bytes]:
        """The rows from the top."""
        step = self.row_bytes
        return [self.data[start : start + step] for start in range(0, len(self.data), step)]
