"""How well a scanner can tell a symbol's modules apart: the penalty of ISO/IEC 18004, 7.8.3, which chooses the mask.

A symbol is one number, line after line from the lowest bit, so that every rule is a few operations on the whole of it.
"""

from functools import lru_cache

MASKS = 8
RUN_LEAST = 5
FINDER_WIDTH = 11
"""A finder's dark-light-dark 1:1:3:1:1 with four light modules on one side."""


def penalty(rows: int, columns: int, side: int) -> int:
    """The penalty of a symbol of `side` × `side` modules, given row by row and column by column; less is better."""
    lines = sum(_of_lines(packed, side) for packed in (rows, columns))
    return lines + 3 * _blocks(rows, side) + 10 * _imbalance(rows, side)


def _of_lines(packed: int, side: int) -> int:
    """Runs of five and more of one colour (3, and 1 for each more), and what looks like a finder (40)."""
    pairs = ~(packed ^ packed >> 1)
    fives = pairs & pairs >> 1 & pairs >> 2 & pairs >> 3 & _starts(side, RUN_LEAST)
    runs = fives & ~(fives << 1)
    light = ~packed
    finder = packed & light >> 1 & packed >> 2 & packed >> 3 & packed >> 4 & light >> 5 & packed >> 6
    margin = light & light >> 1 & light >> 2 & light >> 3
    finders = _starts(side, FINDER_WIDTH)
    alike = (finder & margin >> 7 & finders).bit_count() + (margin & finder >> 4 & finders).bit_count()
    return fives.bit_count() + 2 * runs.bit_count() + 40 * alike


def _blocks(rows: int, side: int) -> int:
    """How many squares of 2 × 2 modules have one colour."""
    beside, below = ~(rows ^ rows >> 1), ~(rows ^ rows >> side)
    starts = _starts(side, 2) & (1 << side * (side - 1)) - 1
    return (beside & beside >> side & below & starts).bit_count()


def _imbalance(rows: int, side: int) -> int:
    """By how many whole steps of 5 % the share of dark modules is off a half."""
    modules = side * side
    return abs(rows.bit_count() * 20 - modules * 10) // modules


@lru_cache(maxsize=8)
def _starts(side: int, width: int) -> int:
    """The modules at which something of this width can begin without running into the next line."""
    line = (1 << side - width + 1) - 1
    return sum(line << side * number for number in range(side))
