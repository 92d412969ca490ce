"""`mumen serve --workers` over a real PostgreSQL: several processes, one server."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from mumen.serving.control import find_control
from shared.schemas.sync import PokeAnswer, PokeRequest, PullAnswer, PullRequest, PushAnswer, PushRequest
from sync_server.devices.exchange import POKE_WAIT_S
from sync_server.migrations import migrate
from sync_server.storage.database import Database
from sync_server.tables import METADATA
from tests.factory import Factory
from tests.mumen.process import eventually
from tests.mumen.site import Site, assert_refused, tables_in
from tests.sync_server.server import Server, TabletSender
from tests.sync_server.test_api import HttpTablet, invite, sender_of

pytestmark = pytest.mark.slow
ONE_CONNECTION = httpx2.Limits(max_connections=1, keepalive_expiry=None)
"""A connection stays with the worker that took it."""


@pytest.fixture
def grown(tmp_path: Path, second_database_url: Callable[[str], str]) -> Site:
    """A place with an empty PostgreSQL."""
    return Site(tmp_path / "grown", second_database_url("postgres"))


@pytest.fixture
def server(grown: Site) -> Iterator[Server]:
    """What the test itself does in that database: master data, invitations, orders; at the real time."""
    assert grown.database_url is not None
    with closing(Database(grown.database_url)) as database:
        migrate(database.engine)
        server = Server(database, Factory())
        server.factory.clock.now = time.time_ns() // 1_000
        server.system(server.factory.master_data())
        yield server


def wires(site: Site, held: ExitStack, count: int) -> list[httpx2.Client]:
    """Connections to so many different workers."""
    control = find_control(site.data_dir)
    assert control is not None
    found: dict[int, httpx2.Client] = {}

    def one_more() -> bool:
        client = held.enter_context(httpx2.Client(base_url=control.url, limits=ONE_CONNECTION))
        answer = client.get("/v1/control", headers={"Authorization": f"Bearer {control.token}"})
        found.setdefault(int(answer.json()["pid"]), client)
        return len(found) >= count

    eventually(one_more)
    return list(found.values())


def tablet_on(client: httpx2.Client, server: Server) -> HttpTablet:
    tablet = HttpTablet(client, ec.generate_private_key(ec.SECP256R1()))
    assert tablet.enrol(invite(server)).status_code == 200
    return tablet


def test_news_by_one_worker_reach_who_waits_at_another(grown: Site, server: Server) -> None:
    with grown.serving("--workers", "2"), ExitStack() as held, ThreadPoolExecutor(1) as pool:
        waiting, scanning = (tablet_on(client, server) for client in wires(grown, held, 2))
        (piece, *_), outbox = server.released(), TabletSender(server, sender_of(scanning))
        outbox.scan(piece)
        pulled = PullAnswer.model_validate(waiting.send("/v1/sync/pull", PullRequest()).json())
        known = {page.scope: page.next for page in pulled.scopes}
        news = pool.submit(waiting.send, "/v1/sync/poke", PokeRequest(cursors=known))
        time.sleep(1)
        assert not news.done()
        began = time.monotonic()
        pushed = scanning.send("/v1/sync/push", PushRequest(incarnation="i1", commands=outbox.recorded))
        assert PushAnswer.model_validate(pushed.json()).last_n == 1
        assert PokeAnswer.model_validate(news.result(60).json()).has_news
        assert time.monotonic() - began < POKE_WAIT_S / 2


def test_what_falls_due_is_done_once(grown: Site, server: Server) -> None:
    job = METADATA.tables["job"]
    with grown.serving("--workers", "3"), ExitStack() as held:
        wires(grown, held, 3)
        query = select(job.c.key).where(job.c.kind == "housekeeping")

        def planned() -> int:
            return len(server.database.read(lambda session: session.execute(query).all()))

        eventually(lambda: planned() == 1)
        due = job.update().values(due_at_us=1)
        server.database.write(lambda session: session.execute(due)).result()
        server.database.write(
            lambda session: session.execute(job.insert(), [job_row(number) for number in range(30)])
        ).result()
        everything = select(job.c.key).where(job.c.due_at_us < time.time_ns() // 1_000)
        eventually(lambda: not server.database.read(lambda session: session.execute(everything).all()))
        assert planned() == 1


def job_row(number: int) -> dict[str, object]:
    return {"kind": "unknown", "key": str(number), "due_at_us": 2, "lease_until_us": 0, "failures": 0}


def test_a_backup_goes_from_sqlite_to_postgres_and_back(grown: Site, site: Site, backup: Path, tmp_path: Path) -> None:
    assert grown.run("restore", str(backup)).returncode == 0
    with grown.serving("--workers", "2"):
        first = grown.epoch()
        assert first > 1_700_000_000
        assert grown.run("backup", "--out", str(tmp_path / "b.zip")).returncode == 0
        assert_refused(grown.run("restore", "--replace", str(tmp_path / "b.zip")), "正在运行", "Stop every")
    before, after = tables_in(backup), tables_in(tmp_path / "b.zip")
    assert {name for name in before if before[name] != after[name]} <= {"job", "scope_head"}

    assert_refused(grown.run("restore", str(backup)), "--replace")
    assert grown.run("restore", "--replace", str(tmp_path / "b.zip")).returncode == 0
    (kept,) = (grown.data_dir / "backups").iterdir()
    assert kept.name.startswith("before-restore-")
    assert tables_in(kept)["piece"] == after["piece"]
    with grown.serving():
        assert grown.epoch() > first
    back = Site(tmp_path / "back")
    assert back.run("restore", str(kept)).returncode == 0
    assert back.pieces() == site.pieces()


@pytest.mark.parametrize(
    ("workers", "zh", "en"),
    [
        ("3", "SQLite 数据库只能由一个进程使用", "change to PostgreSQL"),
        ("0", "要是 1 到 64", "from 1 to 64"),
        ("x", "1 到 64", "not 'x'"),
    ],
)
def test_sqlite_and_silly_numbers_are_refused(tmp_path: Path, workers: str, zh: str, en: str) -> None:
    for lan in ((), ("--lan",)):
        assert_refused(Site(tmp_path / "data").run("serve", *lan, "--workers", workers), zh, en)
    assert not (tmp_path / "data").exists()
