"""One label after the other to one printer: none is missing, none comes twice, whatever breaks in between.

Before a label goes out, it is written down that it is about to, with the printer's own count of labels. Only a printer
that says it has nothing left to print has printed it. Where the line breaks or the server dies in between, the printer
is asked: a count that went up, or a label still in its memory, means printed; a count that did not means send again. A
printer that cannot tell leaves the label in doubt, and a person who can see it says whether it is there.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sync_server.printing.lines import Line, PrinterFault
from sync_server.printing.status import Dialect, Problem

POLL_S = 0.5
RECONNECT_S = 3.0
COUNTED_POLLS = 20
"""How often an idle printer is asked whether it has counted a label, before it is believed that it has not."""


class Outcome(StrEnum):
    """How far a job got."""

    DONE = "done"
    STOPPED = "stopped"
    """Somebody cancelled it, or the server is about to stop."""
    IN_DOUBT = "in_doubt"
    """A person has to say whether a label came out."""


@dataclass(frozen=True)
class Doubt:
    """A label that was about to be sent when something broke, and the printer's count before that, where it has one."""

    number: int
    count_before: int | None


class Book(Protocol):
    """What is known of a job; every change is on the disk when the call returns."""

    done: int
    """Labels that have come out; the next one is `done + 1`."""
    doubt: Doubt | None

    def about_to_send(self, doubt: Doubt) -> None:
        """From here on nobody knows whether this label has come out."""
        ...

    def printed(self) -> None:
        """The label in doubt has come out."""
        ...

    def not_printed(self) -> None:
        """The label in doubt has not come out."""
        ...

    def waits_for(self, problem: Problem | PrinterFault | None) -> None:
        """What keeps the printer from going on, for people; None where nothing does."""
        ...

    def is_stopped(self) -> bool:
        """Whether the job is to end now."""
        ...


@dataclass(frozen=True)
class Printer:
    """A printer as a delivery uses it."""

    open: Callable[[], AbstractContextManager[Line]]
    dialect: Dialect
    sleep: Callable[[float], None]


def deliver(book: Book, printer: Printer, labels: Sequence[bytes]) -> Outcome:
    """Prints what is left of these labels: until all came out, it was stopped, or a person must look."""
    while book.done < len(labels):
        if book.is_stopped():
            return Outcome.STOPPED
        try:
            with printer.open() as line:
                if book.doubt is not None and not _settle(book, printer, line):
                    return Outcome.IN_DOUBT if not book.is_stopped() else Outcome.STOPPED
                while book.done < len(labels) and not book.is_stopped():
                    if _wait_until_ready(book, printer, line) and not _print(book, printer, line, labels[book.done]):
                        break
        except PrinterFault as fault:
            book.waits_for(fault)
            printer.sleep(RECONNECT_S)
    return Outcome.DONE if book.done >= len(labels) else Outcome.STOPPED


def _print(book: Book, printer: Printer, line: Line, label: bytes) -> bool:
    """Sends one label and waits until it is out; False where it was stopped meanwhile. Raises `PrinterFault`."""
    doubt = Doubt(book.done + 1, printer.dialect.count(line))
    book.about_to_send(doubt)
    line.send(label)
    if not _wait_until_idle(book, printer, line, believes_silence=doubt.count_before is None):
        return False
    (book.printed if _has_counted(printer, line, doubt) is not False else book.not_printed)()
    return True


def _settle(book: Book, printer: Printer, line: Line) -> bool:
    """Finds out what became of the label in doubt; False where only a person can, or it was stopped meanwhile."""
    doubt = book.doubt
    assert doubt is not None, "asked only where there is one"
    first = printer.dialect.status(line)
    if first is None and doubt.count_before is None:
        return False
    if not _wait_until_idle(book, printer, line, believes_silence=False):
        return False
    has_counted = _has_counted(printer, line, doubt)
    if has_counted is None and (first is None or first.is_idle):
        return False  # nothing in its memory, and no count: it may have printed the label or never got it
    (book.not_printed if has_counted is False else book.printed)()
    return True


def _has_counted(printer: Printer, line: Line, doubt: Doubt) -> bool | None:
    """Whether the printer has counted one more label since; None where it does not count."""
    if doubt.count_before is None:
        return None
    for _ in range(COUNTED_POLLS):
        now = printer.dialect.count(line)
        if now is not None and now > doubt.count_before:
            return True
        printer.sleep(POLL_S)
    return False


def _wait_until_ready(book: Book, printer: Printer, line: Line) -> bool:
    """Whether nothing keeps the printer from printing, as far as it says; False where it was stopped meanwhile."""
    while (status := printer.dialect.status(line)) is not None and status.problem is not None:
        book.waits_for(status.problem)
        if book.is_stopped():
            return False
        printer.sleep(POLL_S)
    book.waits_for(None)
    return True


def _wait_until_idle(book: Book, printer: Printer, line: Line, *, believes_silence: bool) -> bool:
    """Whether everything that was sent is out; False where it was stopped meanwhile.

    A printer that has never said anything is believed to print what it takes. One that used to is silent while it has
    no paper or stands open, and is asked again.
    """
    while True:
        status = printer.dialect.status(line)
        if status is None and believes_silence:
            return True
        if status is not None and status.is_idle and status.problem is None:
            book.waits_for(None)
            return True
        believes_silence = False
        book.waits_for(status.problem if status is not None else Problem.OTHER)
        if book.is_stopped():
            return False
        printer.sleep(POLL_S)
