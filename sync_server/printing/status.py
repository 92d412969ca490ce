"""What a printer says of itself: whether it prints, why not, and how many labels it has ever printed.

ZPL: `~HS` gives three lines (Zebra's ZPL II guide); a printer without paper or with its head open may give none. The
count is an SGD variable of Link-OS printers. TSPL: `<ESC>!S` gives four bytes (TSC's manual); it has no count.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sync_server.printing.lines import Line

ANSWER_TIMEOUT_S = 2.0
ZPL_STATUS = b"~HS"
ZPL_COUNT = b'! U1 getvar "odometer.total_label_count"\r\n'
TSPL_STATUS = b"\x1b!S"


class Problem(StrEnum):
    """Why a printer does not print."""

    PAPER_OUT = "paper_out"
    RIBBON_OUT = "ribbon_out"
    HEAD_OPEN = "head_open"
    PAUSED = "paused"
    OTHER = "other"
    """It has an error that it does not name, or that nobody can mend without looking at it."""


@dataclass(frozen=True)
class PrinterStatus:
    """What keeps it from printing, if anything; and whether it has printed everything that it was sent."""

    problem: Problem | None
    is_idle: bool


@dataclass(frozen=True)
class Dialect:
    """How a printer is asked; what it does not answer is None."""

    status: Callable[[Line], PrinterStatus | None]
    count: Callable[[Line], int | None]


def parse_zpl_status(answer: bytes) -> PrinterStatus | None:
    """The first two of the three lines of `~HS`; None where they are not there."""
    lines = re.findall(rb"\x02([0-9,]+)\x03", answer)
    if len(lines) < 2:
        return None
    first, second = lines[0].split(b","), lines[1].split(b",")
    if len(first) < 8 or len(second) < 9:
        return None
    paper_out, paused, formats, partial = (int(first[at]) for at in (1, 2, 4, 7))
    head_open, ribbon_out, remaining = (int(second[at]) for at in (2, 3, 8))
    problems = (
        (paper_out, Problem.PAPER_OUT),
        (head_open, Problem.HEAD_OPEN),
        (ribbon_out, Problem.RIBBON_OUT),
        (paused, Problem.PAUSED),
    )
    problem = next((found for flag, found in problems if flag), None)
    return PrinterStatus(problem, is_idle=not (formats or partial or remaining))


def parse_zpl_count(answer: bytes) -> int | None:
    """The number in quotes; None where the printer does not know the variable (`"?"`)."""
    found = re.search(rb'"(\d+)', answer)
    return int(found[1]) if found else None


def parse_tspl_status(answer: bytes) -> PrinterStatus | None:
    """The four bytes between STX and ETX; None where they are not there."""
    found = re.search(rb"\x02(.)(.)(.)(.)\x03", answer, re.DOTALL)
    if found is None:
        return None
    message, _, error, media = (byte[0] for byte in found.groups())
    of_media = {0x41: Problem.PAPER_OUT, 0x44: Problem.RIBBON_OUT, 0x60: Problem.HEAD_OPEN}
    if media != 0x40:
        problem: Problem | None = of_media.get(media, Problem.OTHER)
    elif error != 0x40 or message == 0x45:
        problem = Problem.OTHER
    else:
        problem = Problem.PAUSED if message == 0x60 else None
    return PrinterStatus(problem, is_idle=message == 0x40)


ZPL = Dialect(
    status=lambda line: parse_zpl_status(line.ask(ZPL_STATUS, ANSWER_TIMEOUT_S)),
    count=lambda line: parse_zpl_count(line.ask(ZPL_COUNT, ANSWER_TIMEOUT_S)),
)
TSPL = Dialect(status=lambda line: parse_tspl_status(line.ask(TSPL_STATUS, ANSWER_TIMEOUT_S)), count=lambda _: None)
