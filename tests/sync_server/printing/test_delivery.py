"""Labels on their way to a printer: none is missing and none comes twice, whatever breaks in between."""

import random
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from sync_server.printing import delivery, status
from sync_server.printing.delivery import Doubt, Outcome, Printer, deliver
from sync_server.printing.lines import PrinterFault, open_line
from sync_server.printing.status import TSPL, ZPL, Problem
from tests.sync_server.printing.printer import FakePrinter, Faults

CODES = [f"D1{number:014d}" for number in range(12)]
LABELS = [f"^XA^FX {code}^FS{'x' * 900}^XZ\n".encode() for code in CODES]


class PowerCutError(Exception):
    """The server's power goes at this moment."""


@dataclass
class Notes:
    """A job's book in memory; it outlives a `PowerCutError`, as the disk does."""

    done: int = 0
    doubt: Doubt | None = None
    problems: list[object] = field(default_factory=list[object])
    stops: bool = False
    power_cuts: set[int] = field(default_factory=set[int])
    writes: int = 0

    def about_to_send(self, doubt: Doubt) -> None:
        self._cut()
        self.doubt = doubt
        self._cut()

    def printed(self) -> None:
        self._cut()
        self.done, self.doubt = self.done + 1, None
        self._cut()

    def not_printed(self) -> None:
        self.doubt = None

    def passed_over(self) -> None:
        self.done += 1

    def waits_for(self, problem: Problem | PrinterFault | None) -> None:
        if problem is not None:
            self.problems.append(problem)

    def is_stopped(self) -> bool:
        return self.stops

    def _cut(self) -> None:
        self.writes += 1
        if self.writes in self.power_cuts:
            raise PowerCutError


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "ANSWER_TIMEOUT_S", 2.0)
    monkeypatch.setattr(delivery, "POLL_S", 0.003)
    monkeypatch.setattr(delivery, "RECONNECT_S", 0.003)


@contextmanager
def printer(*, answers: bool = True, counts: bool = True, faults: Faults | None = None) -> Generator[FakePrinter]:
    made = FakePrinter(answers=answers, counts=counts, faults=faults)
    yield made
    made.close()


def run(fake: FakePrinter, notes: Notes, labels: list[bytes] = LABELS) -> Outcome:
    way = Printer(lambda: open_line(fake.address), ZPL, time.sleep)
    while True:
        try:
            return deliver(notes, way, labels)
        except PowerCutError:
            continue  # the power is back, and the server starts again


def test_everything_comes_out_in_its_order() -> None:
    with printer() as fake:
        assert run(fake, Notes()) is Outcome.DONE
        assert fake.printed == CODES


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_missing_and_nothing_comes_twice_whatever_breaks(seed: int) -> None:
    seeded = random.Random(seed)
    faults = Faults(sorted(seeded.sample(range(50, 12_000), seeded.randint(0, 6))), sorted(seeded.sample(range(12), 2)))
    notes = Notes(power_cuts=set(seeded.sample(range(1, 50), seeded.randint(0, 5))))
    with printer(faults=faults) as fake:
        assert run(fake, notes) is Outcome.DONE
        assert fake.printed == CODES


def test_paper_that_runs_out_is_said_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "ANSWER_TIMEOUT_S", 0.3)  # without paper it does not answer
    with printer() as fake:
        fake.paper = 5
        notes = Notes()
        job = threading.Thread(target=run, args=(fake, notes), daemon=True)
        job.start()
        until(lambda: len(fake.printed) == 5 and bool(notes.problems))
        assert job.is_alive()
        fake.paper = 100
        job.join(20)
        assert fake.printed == CODES


def test_a_printer_that_says_nothing_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "ANSWER_TIMEOUT_S", 0.05)
    with printer(answers=False) as fake:
        assert run(fake, Notes()) is Outcome.DONE
        until(lambda: len(fake.printed) == len(CODES))
        assert fake.printed == CODES


def test_a_printer_that_cannot_tell_leaves_the_label_in_doubt_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "ANSWER_TIMEOUT_S", 0.05)
    with printer(answers=False) as fake:
        notes = Notes(power_cuts={11})  # the third label was sent, and nobody wrote down that it came out
        assert run(fake, notes) is Outcome.IN_DOUBT
        assert (notes.done, notes.doubt) == (2, Doubt(3, None))
        until(lambda: len(fake.printed) == 3)
        notes.printed()
        assert run(fake, notes) is Outcome.DONE
        until(lambda: len(fake.printed) == len(CODES))
        assert fake.printed == CODES


def test_without_a_count_a_label_still_in_the_printers_memory_is_no_doubt() -> None:
    with printer(counts=False) as fake:
        fake.holds = True
        with open_line(fake.address) as line:
            line.send(LABELS[2])
            until(lambda: ZPL.status(line) == status.PrinterStatus(None, is_idle=False))
        notes = Notes(done=2, doubt=Doubt(3, None))
        job, asked = threading.Thread(target=run, args=(fake, notes), daemon=True), fake.asked
        job.start()
        until(lambda: fake.asked > asked + 1)  # it has seen the label in there
        fake.holds = False
        job.join(20)
        assert fake.printed == CODES[2:]


def test_without_a_count_nothing_in_its_memory_leaves_it_to_a_person() -> None:
    with printer(counts=False) as fake:
        notes = Notes(power_cuts={11})  # the third label came out, and nobody wrote that down
        assert run(fake, notes) is Outcome.IN_DOUBT
        assert (notes.done, notes.doubt, fake.printed) == (2, Doubt(3, None), CODES[:3])


def test_a_job_that_is_stopped_ends_between_two_labels() -> None:
    with printer() as fake:
        notes = Notes(stops=True)
        assert run(fake, notes) is Outcome.STOPPED
        assert fake.printed == []


def until(is_true: object, seconds: float = 10.0) -> None:
    assert callable(is_true)
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.005)


ZPL_READY = (
    b"\x02030,0,0,0320,000,0,0,0,000,0,0,0\x03\r\n\x02001,0,0,0,1,2,4,0,00000000,1,000\x03\r\n\x020000,0\x03\r\n"
)


@pytest.mark.parametrize(
    ("answer", "problem", "is_idle"),
    [
        (ZPL_READY, None, True),
        (ZPL_READY.replace(b"030,0,0,", b"030,1,0,"), Problem.PAPER_OUT, True),
        (ZPL_READY.replace(b"030,0,0,", b"030,0,1,"), Problem.PAUSED, True),
        (ZPL_READY.replace(b"001,0,0,0,", b"001,0,1,0,"), Problem.HEAD_OPEN, True),
        (ZPL_READY.replace(b"001,0,0,0,", b"001,0,0,1,"), Problem.RIBBON_OUT, True),
        (ZPL_READY.replace(b"0320,000,", b"0320,002,"), None, False),
        (ZPL_READY.replace(b"00000000", b"00000003"), None, False),
        (ZPL_READY.replace(b"000,0,0,0,000,0", b"000,0,0,1,000,0"), None, False),
    ],
)
def test_zpl_status_is_read(answer: bytes, problem: Problem | None, *, is_idle: bool) -> None:
    read = status.parse_zpl_status(answer)
    assert read == status.PrinterStatus(problem, is_idle)


@pytest.mark.parametrize(
    ("answer", "problem", "is_idle"),
    [
        (b"\x02@@@@\x03\r\n", None, True),
        (b"\x02P@@@\x03\r\n", None, False),
        (b"\x02`@@@\x03\r\n", Problem.PAUSED, False),
        (b"\x02E@@A\x03\r\n", Problem.PAPER_OUT, False),
        (b"\x02E@@D\x03\r\n", Problem.RIBBON_OUT, False),
        (b"\x02E@@B\x03\r\n", Problem.OTHER, False),
        (b"\x02E@A@\x03\r\n", Problem.OTHER, False),
    ],
)
def test_tspl_status_is_read(answer: bytes, problem: Problem | None, *, is_idle: bool) -> None:
    assert status.parse_tspl_status(answer) == status.PrinterStatus(problem, is_idle)


@pytest.mark.parametrize("answer", [b"", b"?", b"\x02only one line\x03", b"\x021,2\x03\x021\x03", b"\xff" * 40])
def test_what_is_no_status_is_none(answer: bytes) -> None:
    assert status.parse_zpl_status(answer) is None
    assert status.parse_tspl_status(answer) is None
    assert status.parse_zpl_count(answer) is None


def test_a_count_is_read() -> None:
    assert status.parse_zpl_count(b'"12345"\r\n') == 12345
    assert status.parse_zpl_count(b'"?"') is None
    assert TSPL.count(None) is None  # type: ignore[arg-type]  # it is never asked
