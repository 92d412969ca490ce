"""What people want printed, from the command to the label: on both databases, at a printer's real port."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import select

from labels.reading import release
from labels.reading.readers import Reader
from labels.reading.verify import Unread
from mobile.web.builder.fonts import ensure_fonts
from shared.schemas.commands import (
    AnswerPrintDoubt,
    CancelPrinting,
    CardKind,
    IssueLabels,
    PrintLabels,
    PutMasterData,
    ReprintLabel,
    RevokeLabel,
)
from shared.schemas.door import Door, Label, Piece
from shared.schemas.printing import Printer, PrinterLanguage, PrintJob
from shared.schemas.sync import VerdictStatus
from sync_server.printing import delivery, progress, spool, status
from sync_server.printing.progress import LEASE_US, JobBook
from sync_server.printing.spool import Spool
from sync_server.storage.database import Database
from sync_server.tables import PrintProgressRow
from tests.sync_server.printing.printer import FakePrinter
from tests.sync_server.printing.test_delivery import until
from tests.sync_server.server import Server

PAUSE_S = 0.02


class PowerCutError(BaseException):
    """The server's power goes at this moment: nothing that runs then hears of it."""


@pytest.fixture(scope="module")
def build_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = tmp_path_factory.mktemp("build")
    ensure_fonts(built, lambda _: None)
    return built


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "ANSWER_TIMEOUT_S", 0.25)
    monkeypatch.setattr(delivery, "POLL_S", 0.005)
    monkeypatch.setattr(delivery, "RECONNECT_S", 0.05)
    monkeypatch.setattr(spool, "STOP_WITHIN_S", 5.0)


class Hall:
    """A printer in the factory's list that stands at a real port, and an order whose labels wait."""

    def __init__(self, server: Server, build_dir: Path, data_dir: Path) -> None:
        self.server = server
        self.order_id = server.order_of(server.released(quantity=3)[0]).id
        doors = sorted(server.children(Door, self.order_id), key=lambda door: door.number)
        self.pieces = [
            piece for door in doors for piece in sorted(server.children(Piece, door.id), key=lambda one: one.number)
        ]
        self.codes = [server.code_of(piece) for piece in self.pieces]
        self.printer_id = server.factory.mint.new_id()
        self._build_dir, self._data_dir = build_dir, data_dir

    def has_printer(self, fake: FakePrinter | None = None, **changed: Any) -> None:
        address = f"{fake.address.host}:{fake.address.port}" if fake else "127.0.0.1:9"
        printer = Printer(id=self.printer_id, site_id=self.server.factory.site.id, name="标签机", address=address)
        self.server.system(PutMasterData(printers=[printer.model_copy(update=changed)]))

    def prints(self, *codes: str, reason: str = "") -> str:
        self.server.factory.clock.now += 1
        job_id = self.server.factory.mint.new_id()
        command = PrintLabels(
            job_id=job_id, printer_id=self.printer_id, order_id=self.order_id, label_codes=list(codes), reason=reason
        )
        assert self.server.office(command).status is VerdictStatus.OK
        return job_id

    def job(self, job_id: str) -> PrintJob:
        found = self.server.get(PrintJob, job_id)
        assert isinstance(found, PrintJob)
        return found

    def problem(self, job_id: str) -> str:
        row = self.server.database.read(lambda session: session.get(PrintProgressRow, job_id))
        return row.problem if row else ""

    def has_progress(self) -> bool:
        found = self.server.database.read(lambda session: session.execute(select(PrintProgressRow)).first())
        return found is not None

    def spool(self, database: Database | None = None, *, has_fonts: bool = True) -> Spool:
        services = self.server.services()
        if database is not None:
            services = replace(services, database=database)
        return Spool(services, self._build_dir / "fonts" if has_fonts else None, self._data_dir, PAUSE_S)

    @contextmanager
    def spooling(self, database: Database | None = None, *, has_fonts: bool = True) -> Generator[None]:
        running = self.spool(database, has_fonts=has_fonts)
        running.start()
        try:
            yield
        finally:
            running.stop()

    def has_ended(self, job_id: str) -> Callable[[], bool]:
        return lambda: self.job(job_id).ended_at_us is not None


@pytest.fixture
def hall(server: Server, build_dir: Path, tmp_path: Path) -> Hall:
    return Hall(server, build_dir, tmp_path)


@contextmanager
def printer(*, answers: bool = True, counts: bool = True) -> Generator[FakePrinter]:
    made = FakePrinter(answers=answers, counts=counts)
    try:
        yield made
    finally:
        made.close()


def cut_power(monkeypatch: pytest.MonkeyPatch, at_write: int) -> threading.Event:
    """The spool that makes this write never comes back from it; the write itself is on the disk."""
    keep, writes, is_cut = JobBook._keep, [0], threading.Event()  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001

    def cut(book: JobBook, **values: object) -> None:
        keep(book, **values)
        writes[0] += 1
        if writes[0] == at_write:
            is_cut.set()
            raise PowerCutError

    monkeypatch.setattr(JobBook, "_keep", cut)
    return is_cut


def test_an_orders_labels_come_out_in_the_order_of_its_doors(hall: Hall) -> None:
    with printer() as fake:
        hall.has_printer(fake)
        job_id = hall.prints()
        with hall.spooling():
            until(hall.has_ended(job_id))
        assert fake.printed == hall.codes
        assert hall.job(job_id).printed == 6
        assert not hall.has_progress()


def test_labels_of_packages_come_out_as_those_of_pieces_do(hall: Hall) -> None:
    server = hall.server
    doors = [door.id for door in server.children(Door, hall.order_id)]
    assert server.office(IssueLabels(kind=CardKind.PACKAGE, target_ids=doors)).status is VerdictStatus.OK
    codes = [label.id for door_id in doors for label in server.children(Label, door_id)]
    job_id = server.factory.mint.new_id()
    with printer() as fake:
        hall.has_printer(fake)
        command = PrintLabels(job_id=job_id, printer_id=hall.printer_id, label_codes=codes)
        assert server.office(command).status is VerdictStatus.OK
        assert server.office(RevokeLabel(label_code=codes[1], reason="lost")).status is VerdictStatus.OK
        with hall.spooling():
            until(hall.has_ended(job_id))
        assert fake.printed == [codes[0], *codes[2:]]


def test_jobs_of_one_printer_follow_each_other(hall: Hall) -> None:
    with printer() as fake:
        hall.has_printer(fake)
        jobs = [hall.prints(*hall.codes[:2]), hall.prints(*hall.codes[4:])]
        hall.server.factory.clock.now += 1
        copy = ReprintLabel(
            label_code=hall.codes[0],
            reason="came_off",
            printer_id=hall.printer_id,
            job_id=hall.server.factory.mint.new_id(),
        )
        assert hall.server.office(copy).status is VerdictStatus.OK
        with hall.spooling():
            until(hall.has_ended(copy.job_id or ""))
        assert all(hall.has_ended(job_id)() for job_id in jobs)
        assert fake.printed == [*hall.codes[:2], *hall.codes[4:], hall.codes[0]]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("at_write", [1, 2, 5, 8, 11])
def test_a_spool_that_dies_is_followed_by_one_that_goes_on_where_it_was(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, at_write: int
) -> None:
    with printer() as fake:
        hall.has_printer(fake)
        job_id = hall.prints()
        is_cut = cut_power(monkeypatch, at_write)
        dying = hall.spool()
        dying._look(is_renewing=False)  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001 - and never again
        assert is_cut.wait(10)
        with hall.spooling():
            time.sleep(10 * PAUSE_S)
            assert not hall.has_ended(job_id)(), "the printer still belongs to the one that died"
            hall.server.factory.clock.now += LEASE_US + 1
            until(hall.has_ended(job_id))
        assert fake.printed == hall.codes


def test_two_servers_print_each_label_once(hall: Hall, database_url: str) -> None:
    other = Database(database_url)
    with printer() as fake:
        hall.has_printer(fake)
        with hall.spooling(), hall.spooling(other):
            jobs = [hall.prints(code) for code in hall.codes]
            for job_id in jobs:
                until(hall.has_ended(job_id))
        assert fake.printed == hall.codes
    other.close()


def test_a_server_that_stops_leaves_the_rest_to_the_next_one_at_once(hall: Hall) -> None:
    with printer() as fake:
        fake.paper = 2
        hall.has_printer(fake)
        job_id = hall.prints()
        with hall.spooling():
            until(lambda: len(fake.printed) == 2 and hall.problem(job_id) != "")
        assert not hall.has_ended(job_id)()
        fake.paper = 100
        with hall.spooling():
            until(hall.has_ended(job_id))
        assert fake.printed == hall.codes


def test_a_cancelled_job_leaves_what_has_not_come_out_to_another_one(hall: Hall) -> None:
    with printer() as fake:
        fake.paper = 2
        hall.has_printer(fake)
        job_id = hall.prints()
        with hall.spooling():
            until(lambda: len(fake.printed) == 2 and hall.problem(job_id) != "")
            assert hall.server.office(CancelPrinting(job_id=job_id)).status is VerdictStatus.OK
            until(hall.has_ended(job_id))
            printed = hall.job(job_id).printed
            assert printed in {2, 3}  # the third may be in the printer already
            fake.paper = 100
            rest = hall.prints(*hall.codes[printed:])
            until(hall.has_ended(rest))
        assert fake.printed == hall.codes
        assert not hall.has_progress()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("has_come_out", [True, False])
def test_where_the_printer_cannot_tell_a_person_says_and_other_jobs_go_on_meanwhile(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, *, has_come_out: bool
) -> None:
    monkeypatch.setattr(status, "ANSWER_TIMEOUT_S", 0.05)
    with printer(answers=False) as fake:
        hall.has_printer(fake)
        job_id = hall.prints(*hall.codes[:4])
        is_cut = cut_power(monkeypatch, 2)  # the first label is about to be sent, and is not
        dying = hall.spool()
        dying._look(is_renewing=False)  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001 - and never again
        assert is_cut.wait(10)
        hall.server.factory.clock.now += LEASE_US + 1
        with hall.spooling():
            until(lambda: hall.problem(job_id) == progress.IN_DOUBT)
            other = hall.prints(*hall.codes[4:])
            until(hall.has_ended(other))
            answer = AnswerPrintDoubt(job_id=job_id, number=1, has_come_out=has_come_out)
            assert hall.server.office(answer).status is VerdictStatus.OK
            until(hall.has_ended(job_id))
        left = hall.codes[1:4] if has_come_out else hall.codes[:4]
        until(lambda: len(fake.printed) == 2 + len(left))
        assert fake.printed == [*hall.codes[4:], *left]


def test_a_label_that_was_revoked_meanwhile_is_passed_over(hall: Hall) -> None:
    with printer() as fake:
        hall.has_printer(fake)
        job_id = hall.prints()
        assert hall.server.office(RevokeLabel(label_code=hall.codes[1], reason="lost")).status is VerdictStatus.OK
        with hall.spooling():
            until(hall.has_ended(job_id))
        assert fake.printed == [hall.codes[0], *hall.codes[2:]]


def test_a_printer_that_is_not_there_is_said_with_what_to_do_and_waited_for(hall: Hall) -> None:
    hall.has_printer()
    job_id = hall.prints()
    with hall.spooling():
        until(lambda: hall.problem(job_id) == progress.UNREACHABLE)
        row = hall.server.database.read(lambda session: session.get(PrintProgressRow, job_id))
        assert row is not None
        assert "127.0.0.1:9" in row.problem_zh
        assert "127.0.0.1:9" in row.problem_en
        with printer() as fake:
            hall.has_printer(fake)  # somebody corrects its address: what waits is cancelled and printed there
            assert hall.server.office(CancelPrinting(job_id=job_id)).status is VerdictStatus.OK
            until(hall.has_ended(job_id))
            again = hall.prints()
            until(hall.has_ended(again))
            assert fake.printed == hall.codes


def test_a_printer_that_is_not_used_any_more_keeps_its_jobs_until_they_are_cancelled(hall: Hall) -> None:
    with printer() as fake:
        hall.has_printer(fake)
        job_id = hall.prints()
        hall.has_printer(fake, is_active=False)
        with hall.spooling():
            time.sleep(5 * PAUSE_S)
            assert (fake.printed, hall.has_ended(job_id)()) == ([], False)
            assert hall.server.office(CancelPrinting(job_id=job_id)).status is VerdictStatus.OK
            until(hall.has_ended(job_id))
        assert hall.job(job_id).printed == 0


def test_a_label_that_cannot_be_read_back_is_not_printed(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    unread = [Unread(hall.codes[0], 1, 1, Reader.ZXING, ())]
    monkeypatch.setattr(release, "find_unread_label", Mock(return_value=unread))
    with printer() as fake:
        hall.has_printer(fake)
        job_id = hall.prints()
        with hall.spooling():
            until(lambda: hall.problem(job_id) == progress.UNREADABLE)
        assert fake.printed == []


def test_without_fonts_nothing_is_printed_until_they_are_there(hall: Hall) -> None:
    with printer() as fake:
        hall.has_printer(fake)
        job_id = hall.prints()
        with hall.spooling(has_fonts=False):
            until(lambda: hall.problem(job_id) == progress.NO_FONTS)
        with hall.spooling():
            until(hall.has_ended(job_id))
        assert fake.printed == hall.codes


def test_a_file_stands_for_a_printer(hall: Hall, tmp_path: Path) -> None:
    hall.has_printer(address="file:labels.tspl", language=PrinterLanguage.TSPL)
    job_id = hall.prints(hall.codes[0])
    with hall.spooling():
        until(hall.has_ended(job_id))
    assert b"BITMAP 0,0,60,320,0," in (tmp_path / "printouts" / "labels.tspl").read_bytes()


def test_what_one_piece_prints_is_the_label_of_that_piece(hall: Hall) -> None:
    leaf: Piece = hall.pieces[0]
    with printer() as fake:
        hall.has_printer(fake)
        job_id = hall.prints(hall.server.code_of(leaf))
        with hall.spooling():
            until(hall.has_ended(job_id))
        assert fake.printed == [hall.server.code_of(leaf)]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("at_write", [2, 3])
def test_of_a_file_nobody_is_asked_whether_a_label_came_out(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, at_write: int
) -> None:
    hall.has_printer(address="file:labels.zpl")
    job_id = hall.prints()
    is_cut = cut_power(monkeypatch, at_write)
    dying = hall.spool()
    dying._look(is_renewing=False)  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001 - and never again
    assert is_cut.wait(10)
    hall.server.factory.clock.now += LEASE_US + 1
    with hall.spooling():
        until(hall.has_ended(job_id))
    written = (tmp_path / "printouts" / "labels.zpl").read_text()
    assert [part.partition("^FS")[0] for part in written.split("^FX ")[1:]] == hall.codes
