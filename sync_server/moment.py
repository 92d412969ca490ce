"""When a transaction takes place, and what it takes from outside: nothing below it looks at a clock or rolls dice."""

from dataclasses import dataclass

from shared.rules.decision import Mint


@dataclass(frozen=True)
class Moment:
    """What all that one transaction writes has in common."""

    mint: Mint
    record_time_us: int
    epoch: int
