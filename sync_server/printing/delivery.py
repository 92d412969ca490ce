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
from sync_server.printing.status import Dialect, PrinterStatus, Problem

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

    def passed_over(self) -> None:
        """The next label is not to be printed any more."""
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
    """Prints what is left of these labels: until all came out, it was stopped, or a person must look.

    An empty label is one that is not to be printed any more.
    """
    habits = _Habits(answers=book.doubt is not None and book.doubt.count_before is not None)
    while book.done < len(labels):
        if book.is_stopped():
            return Outcome.STOPPED
        try:
            with printer.open() as line:
                talk = _Talk(book, printer, line, habits)
                if book.doubt is not None and not talk.settle():
                    return Outcome.STOPPED if book.is_stopped() else Outcome.IN_DOUBT
                while book.done < len(labels) and not book.is_stopped():
                    label = labels[book.done]
                    if not label:
                        book.passed_over()
                    elif talk.wait_until_ready() and not talk.send(label):
                        break
        except PrinterFault as fault:
            book.waits_for(fault)
            printer.sleep(RECONNECT_S)
    return Outcome.DONE


@dataclass
class _Habits:
    """What the printer has ever answered: one that answered once is not believed when it is silent."""

    answers: bool = False
    counts: bool = False


@dataclass
class _Talk:
    """One connection to the printer, on behalf of one job."""

    book: Book
    printer: Printer
    line: Line
    habits: _Habits

    def send(self, label: bytes) -> bool:
        """Sends one label and waits until it is out. Raises `PrinterFault`.

        False where it was stopped meanwhile, or its count went down: `settle` looks into that.
        """
        doubt = Doubt(self.book.done + 1, self._count())
        self.book.about_to_send(doubt)
        self.line.send(label)
        if not self._wait_until_idle():
            return False
        has_counted = self._has_counted(doubt)
        if has_counted is None and doubt.count_before is not None:
            return False
        (self.book.not_printed if has_counted is False else self.book.printed)()
        return True

    def settle(self) -> bool:
        """Finds out what became of the label in doubt; False where only a person can, or it was stopped meanwhile."""
        doubt = self.book.doubt
        assert doubt is not None, "asked only where there is one"
        first = self._status()
        if not self.habits.answers or not self._wait_until_idle():
            return False
        has_counted = self._has_counted(doubt)
        if has_counted is None and (first is None or first.is_idle):
            return False  # nothing in its memory, and no count: it may have printed the label or never got it
        (self.book.not_printed if has_counted is False else self.book.printed)()
        return True

    def wait_until_ready(self) -> bool:
        """Whether nothing keeps the printer from printing; False where it was stopped meanwhile."""
        while not self._is_ready(self._status()):
            if self.book.is_stopped():
                return False
            self.printer.sleep(POLL_S)
        self.book.waits_for(None)
        return True

    def _wait_until_idle(self) -> bool:
        """Whether everything that was sent is out; False where it was stopped meanwhile."""
        while True:
            status = self._status()
            if self._is_ready(status) and (status is None or status.is_idle):
                self.book.waits_for(None)
                return True
            if self.book.is_stopped():
                return False
            self.printer.sleep(POLL_S)

    def _is_ready(self, status: PrinterStatus | None) -> bool:
        """Whether nothing is in its way, as far as it says. Without paper some say nothing at all, but not always."""
        problem = status.problem if status is not None else Problem.OTHER if self.habits.answers else None
        if problem is not None:
            self.book.waits_for(problem)
        return problem is None

    def _status(self) -> PrinterStatus | None:
        status = self.printer.dialect.status(self.line)
        self.habits.answers |= status is not None
        return status

    def _count(self) -> int | None:
        """The printer's count; one that has counted once is asked until it does."""
        while (count := self.printer.dialect.count(self.line)) is None and self.habits.counts:
            if self.book.is_stopped():
                return None
            self.printer.sleep(POLL_S)
        if count is not None:
            self.habits.answers = self.habits.counts = True
        return count

    def _has_counted(self, doubt: Doubt) -> bool | None:
        """Whether the printer has counted one more label since; None where it does not count, or counts anew.

        A smaller number means another printer at this address, or a file that somebody has taken away.
        """
        if doubt.count_before is None:
            return None
        for _ in range(COUNTED_POLLS):
            now = self.printer.dialect.count(self.line)
            if now is not None and now != doubt.count_before:
                return True if now > doubt.count_before else None
            self.printer.sleep(POLL_S)
        return False
