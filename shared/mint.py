"""New ids and codes, from a clock and a source of randomness that the caller brings."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.label_code import RANDOM_BITS, CodeKind, make
from shared.schemas.identifiers import uuid7

UUID_RANDOM_BITS = 74


@dataclass(frozen=True)
class RandomMint:
    """A `Mint` over `now_us` (UTC microseconds) and `random_bits(n)` (an integer of n random bits)."""

    now_us: Callable[[], int]
    random_bits: Callable[[int], int]

    def new_id(self) -> str:
        """A fresh UUIDv7."""
        return uuid7(self.now_us(), self.random_bits(UUID_RANDOM_BITS))

    def new_code(self, kind: str) -> str:
        """A fresh code of this kind."""
        return make(CodeKind(kind), self.random_bits(RANDOM_BITS))
