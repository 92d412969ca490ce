"""A factory for drills: its database, its server and its tablets as processes, and what has to be true at the end."""

import hashlib
import io
import logging
import multiprocessing
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from benchmarks.browsing.serving import free_port
from mumen.serving.prepare import prepare_server, run_server
from mumen.serving.running import open_services
from mumen.serving.sockets import Listening
from mumen.settings import Settings, read_settings
from shared.canonical import sha256_hex
from shared.label_code import CodeKind
from shared.schemas.commands import InviteDevice, ReleaseOrder
from shared.schemas.door import Door, Label, Piece
from shared.schemas.people import PinHash
from shared.schemas.sync import VerdictStatus
from sync_server.storage.database import Database
from sync_server.storage.rows import SessionRows
from sync_server.tables import EventRow, LabelRow
from tests.drills.tablet import PIN, WORKER, Ledger, work
from tests.factory import Factory
from tests.sync_server.server import Server

FORK = multiprocessing.get_context("fork")
"""Children begin with everything imported: a process that is killed after a tenth of a second has worked by then."""

ENROLMENT_US = 10**15
READY_WITHIN_S = 60
DONE = frozenset({"completed", "already"})


@dataclass
class Process:
    """A process that can be killed as if its machine had lost power, and started again."""

    target: Callable[..., None]
    args: tuple[object, ...]
    kills: int = 0
    running: BaseProcess | None = None

    def start(self) -> None:
        """From the beginning, with what it finds on the disk."""
        self.running = FORK.Process(target=self.target, args=self.args, daemon=True)
        self.running.start()

    def kill(self) -> None:
        """`kill -9`; it gets no chance to say or keep anything."""
        assert self.running is not None, "it was started before"
        self.running.kill()
        self.running.join()
        self.kills += 1

    def wait(self, seconds: float) -> None:
        """Until it ends by itself, which is the only good end."""
        assert self.running is not None, "it was started before"
        self.running.join(seconds)
        assert self.running.exitcode == 0, f"{self.target.__name__} ended with {self.running.exitcode}"


@dataclass
class Plant:
    """Everything lies in `folder`, but for a PostgreSQL at `database_url`."""

    folder: Path
    database_url: str
    port: int = field(default_factory=free_port)
    tablets: list[Process] = field(default_factory=list[Process])
    codes: list[list[str]] = field(default_factory=list[list[str]])

    @property
    def url(self) -> str:
        """Where the tablets find the server."""
        return f"http://localhost:{self.port}"

    @property
    def settings(self) -> Settings:
        """How the server is started."""
        flags = {"data_dir": str(self.folder / "data"), "database_url": self.database_url, "port": str(self.port)}
        return read_settings({}, flags | {"public_url": self.url})

    def build(self, tablets: int, doors: int) -> None:
        """Makes a factory with this many released doors, and an invitation for each tablet."""
        with open_services(self.settings) as services:
            server = Server(services.database, Factory())
            server.factory.clock.now = time.time_ns() // 1_000
            known = server.factory.people
            known[WORKER] = known[WORKER].model_copy(update={"pin": _pin()})
            server.system(server.factory.master_data())
            placed = server.factory.order(server.factory.line(quantity=doors))
            assert server.office(placed).status is VerdictStatus.OK
            assert server.office(ReleaseOrder(order_id=placed.order_id)).status is VerdictStatus.OK
            codes = services.database.read(lambda session: _codes(session, placed.order_id))
            self.codes = [codes[number::tablets] for number in range(tablets)]
            for number in range(tablets):
                self.tablets.append(
                    Process(work, (self.folder / f"tablet-{number}", self.url, _invite(server, number)))
                )
        for process, codes in zip(self.tablets, self.codes, strict=True):
            folder = process.args[0]
            assert isinstance(folder, Path)
            folder.mkdir()
            (folder / "codes").write_text("\n".join(codes), encoding="ascii")

    def server(self) -> Process:
        """The server, not started yet."""
        return Process(serve, (self.settings,))

    def until_ready(self) -> None:
        """Returns when the server answers."""
        end = time.monotonic() + READY_WITHIN_S
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()  # noqa: S310 - our own
            except (urllib.error.URLError, OSError):
                assert time.monotonic() < end, "the server does not come up"
                time.sleep(0.02)
            else:
                return

    def acknowledged(self) -> list[str]:
        """The codes that a tablet has shown as done, by its own ledger, which no kill can cut short."""
        ledgers = [Ledger(Path(str(process.args[0]))).verdicts() for process in self.tablets]
        return [code for ledger in ledgers for code, verdict in ledger.items() if verdict in DONE]

    def check(self) -> int:
        """Every acknowledged scan counts exactly once; gives how many there are."""
        database = Database(self.settings.database_url)
        try:
            done, by_code = database.read(_completions), database.read(_pieces_by_code)
        finally:
            database.close()
        acknowledged = {by_code[code] for code in self.acknowledged()}
        lost = acknowledged - set(done)
        twice = {piece_id for piece_id, count in done.items() if count > 1}
        assert not lost, f"{len(lost)} acknowledged scans are lost, for example on {min(lost)}"
        assert not twice, f"{len(twice)} scans count twice, for example on {min(twice)}"
        return len(acknowledged)


def serve(settings: Settings) -> None:
    """The server, until it is killed."""
    logging.disable()  # that PostgreSQL is away is what the drill is about
    with redirect_stdout(io.StringIO()):
        prepare_server(settings, str(settings.public_url), is_demo=False)
    run_server(settings, str(settings.public_url), Listening("127.0.0.1", settings.port), 1, is_demo=False)


def _pin() -> PinHash:
    digest = hashlib.pbkdf2_hmac("sha256", PIN.encode(), b"", 1).hex()
    return PinHash(salt="", digest=digest, iterations=1)


def _invite(server: Server, number: int) -> str:
    code = server.factory.mint.new_code(CodeKind.ENROLMENT)
    invite = InviteDevice(
        enrolment_id=server.factory.mint.new_id(),
        site_id=server.factory.site.id,
        device_name=f"平板 {number}",
        token_hash=sha256_hex(code.encode()),
        expires_at_us=server.factory.clock.now + ENROLMENT_US,
    )
    assert server.office(invite).status is VerdictStatus.OK
    return code


def _codes(session: Session, order_id: str) -> list[str]:
    rows = SessionRows(session)
    pieces = [piece for door in rows.children(Door, order_id) for piece in rows.children(Piece, door.id)]
    return [label.id for piece in pieces for label in rows.children(Label, piece.id)]


def _pieces_by_code(session: Session) -> dict[str, str]:
    found = session.execute(select(col(LabelRow.id), col(LabelRow.target_id)))
    return {str(code): str(piece_id) for code, piece_id in found}


def _completions(session: Session) -> Counter[str]:
    query = select(col(EventRow.subject)).where(col(EventRow.kind) == "operation_completed")
    return Counter(session.execute(query).scalars())
