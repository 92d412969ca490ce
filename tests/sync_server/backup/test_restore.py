"""A database filled from a backup: the same rows whichever kinds the two are, all or nothing, in a new epoch."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from shared.canonical import sha256_hex
from shared.schemas.commands import PrintLabels, PutMasterData
from shared.schemas.printing import Printer
from shared.schemas.sync import VerdictStatus
from sync_server.backup.dump import kept_tables, lines_of, sum_of
from sync_server.backup.faults import BackupDamaged, BackupNewer, NotEmpty, ServerRuns
from sync_server.backup.read import check_archive
from sync_server.backup.restore import fill, next_epoch, present, refuse_filled, refuse_used
from sync_server.backup.shape import MANIFEST, TableSum, member_of, photo_member
from sync_server.migrations import migrate, upgrade_to
from sync_server.printing.spool import ready_jobs
from sync_server.storage.database import Database
from sync_server.storage.meta import ensure_identity
from sync_server.tables import METADATA, PrintProgressRow
from tests.sync_server.backup.samples import NOW_US, BackUp, lay, put_blobs, rewritten, work, written
from tests.sync_server.server import Server

EPOCH_AFTER = 1_795_000_123


def no_progress(_table: str, _done: int, _total: int) -> None:
    """Nobody watches."""


@pytest.fixture
def target(database: Database, second_database_url: Callable[[str], str]) -> Iterator[Database]:
    """A database of the other kind, with nothing in it."""
    with closing(Database(second_database_url("postgres" if database.is_sqlite else "sqlite"))) as other:
        yield other


@pytest.fixture
def like_target(database: Database, second_database_url: Callable[[str], str]) -> Iterator[Database]:
    """Another database of the same kind, with nothing in it."""
    with closing(Database(second_database_url("sqlite" if database.is_sqlite else "postgres"))) as other:
        yield other


def sums_in(database: Database) -> dict[str, TableSum]:
    """What every table amounts to, but for what a new epoch changes."""

    def read(session: Session) -> dict[str, TableSum]:
        connection = session.connection()
        tables = {table.name: table for table in kept_tables(connection)}
        return {name: sum_of(lines_of(connection, table)) for name, table in tables.items() if name != "scope_head"}

    return database.read(read)


def heads_in(database: Database) -> dict[str, tuple[int, int, str, int]]:
    heads = METADATA.tables["scope_head"]
    query = select(heads.c.scope, heads.c.epoch, heads.c.head, heads.c.checksum, heads.c.horizon)
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in database.read(lambda s: s.execute(query).all())}


class TestFill:
    @pytest.mark.parametrize("kind", ["target", "like_target"])
    def test_gives_the_same_rows_in_either_kind_of_database(
        self, request: pytest.FixtureRequest, server: Server, back_up: BackUp, data_dir: Path, kind: str
    ) -> None:
        target: Database = request.getfixturevalue(kind)
        path, manifest = back_up(server.database, "a.zip")
        restored = fill(target, path, data_dir, EPOCH_AFTER, NOW_US, no_progress)
        assert restored.rows == manifest.rows
        assert sums_in(target) == sums_in(server.database)
        again, _ = back_up(target, "again.zip")
        after = check_archive(again).tables
        assert {name for name in after if after[name] != manifest.tables[name]} == {"scope_head"}

    def test_leaves_print_jobs_to_a_person(
        self, server: Server, back_up: BackUp, target: Database, data_dir: Path
    ) -> None:
        new_id = server.factory.mint.new_id
        printer = Printer(id=new_id(), site_id=server.factory.site.id, name="标签机", address="192.168.1.50")
        server.system(PutMasterData(printers=[printer]))
        begun, waiting = new_id(), new_id()
        for job_id in (begun, waiting):
            assert server.office(PrintLabels(job_id=job_id, printer_id=printer.id)).status is VerdictStatus.OK
        progress = PrintProgressRow(job_id=begun, done=1, doubt_number=2)
        server.database.write(lambda session: session.add(progress)).result()
        assert len(server.database.read(lambda session: ready_jobs(session, printer.id))) == 2
        path, _ = back_up(server.database, "a.zip")
        fill(target, path, data_dir, EPOCH_AFTER, NOW_US, no_progress)
        assert target.read(lambda session: ready_jobs(session, printer.id)) == []
        kept = target.read(lambda session: {row.job_id: row.done for row in session.scalars(select(PrintProgressRow))})
        assert kept == {begun: 1, waiting: 0}

    def test_begins_a_new_epoch_in_every_scope(
        self, server: Server, back_up: BackUp, target: Database, data_dir: Path
    ) -> None:
        path, _ = back_up(server.database, "a.zip")
        fill(target, path, data_dir, EPOCH_AFTER, NOW_US, no_progress)
        before, after = heads_in(server.database), heads_in(target)
        assert len(before) >= 4
        assert after == {scope: (EPOCH_AFTER, *rest) for scope, (_, *rest) in before.items()}
        identity = target.write(lambda session: ensure_identity(session, b"fresh")).result()
        assert (identity.epoch, identity.nonce_secret) == (EPOCH_AFTER, b"fresh")

    def test_lets_go_of_the_jobs_that_another_server_had_claimed(
        self, server: Server, back_up: BackUp, target: Database, data_dir: Path
    ) -> None:
        job = METADATA.tables["job"]
        claimed = insert(job).values(kind="housekeeping", key="1", due_at_us=5, lease_until_us=2**60, failures=0)
        server.database.write(lambda session: session.execute(claimed)).result()
        path, _ = back_up(server.database, "a.zip")
        fill(target, path, data_dir, EPOCH_AFTER, NOW_US, no_progress)
        found = target.read(lambda session: session.execute(select(job.c.key, job.c.lease_until_us)).all())
        assert [tuple(row) for row in found] == [("1", 0)]

    def test_the_work_goes_on(self, server: Server, back_up: BackUp, target: Database, data_dir: Path) -> None:
        path, _ = back_up(server.database, "a.zip")
        fill(target, path, data_dir, EPOCH_AFTER, NOW_US, no_progress)
        elsewhere = Server(target, server.factory, EPOCH_AFTER)
        work(elsewhere, quantity=2)
        assert elsewhere.counts()[0] == server.counts()[0] + 4

    def test_takes_the_place_of_what_was_there(
        self, server: Server, back_up: BackUp, target: Database, data_dir: Path
    ) -> None:
        path, _ = back_up(server.database, "a.zip")
        fill(target, path, data_dir, EPOCH_AFTER, NOW_US, no_progress)
        work(Server(target, server.factory, EPOCH_AFTER), quantity=4)
        fill(target, path, data_dir, EPOCH_AFTER + 1, NOW_US, no_progress)
        assert sums_in(target) == sums_in(server.database)

    @pytest.mark.parametrize("what", ["a column too few", "a text for a number", "a row twice", "another sum"])
    def test_that_fails_leaves_what_was_there(
        self, server: Server, back_up: BackUp, target: Database, data_dir: Path, tmp_path: Path, what: str
    ) -> None:
        path, _ = back_up(server.database, "a.zip")
        fill(target, path, data_dir, EPOCH_AFTER, NOW_US, no_progress)
        before = sums_in(target), heads_in(target)
        broken = rewritten(path, tmp_path / "broken.zip", member_of("piece"), lambda lines: spoilt(lines, what))
        with pytest.raises(Exception, match=r"damaged|UNIQUE|unique|int|integer|bigint"):
            fill(target, broken, data_dir, EPOCH_AFTER + 1, NOW_US, no_progress)
        assert (sums_in(target), heads_in(target)) == before

    def test_of_an_older_version_is_brought_up_to_date(
        self, target: Database, data_dir: Path, tmp_path: Path, server: Server
    ) -> None:
        old = Database(f"sqlite:///{tmp_path / 'old.db'}")
        with old.engine.begin() as connection:
            upgrade_to(connection, "0001")
            tables = {table.name: table for table in kept_tables(connection)}
            assert "conflict" not in tables
            values = {"id": "s1", "rev": 1, "code": "A", "name": "东区工厂", "utc_offset_min": 480}
            connection.execute(insert(tables["site"]).values(values))
            connection.execute(insert(tables["scope_head"]).values(scope="catalog", epoch=1, head=1, checksum="0"))
        path = tmp_path / "old.zip"
        old.read(lambda session: written(session, path, data_dir))
        old.close()
        assert check_archive(path).revision == "0001"
        fill(target, path, data_dir, EPOCH_AFTER, NOW_US, no_progress)
        site = METADATA.tables["site"]
        found = target.read(lambda s: s.execute(select(site.c.id, site.c.name, site.c.rev)).all())
        assert [tuple(row) for row in found] == [("s1", "东区工厂", 1)]
        assert heads_in(target)["catalog"][0] == EPOCH_AFTER
        migrate(target.engine)  # finds nothing left to do
        work(server, quantity=1)


def spoilt(lines: list[bytes], what: str) -> list[bytes]:
    row = json.loads(lines[0])
    match what:
        case "a column too few":
            del row["rev"]
        case "a text for a number":
            row["rev"] = "many"
        case "a row twice":
            return [*lines, lines[0]]
        case _:
            row["rev"] = 99
    return [json.dumps(row).encode(), *lines[1:]]


def test_a_backup_of_a_newer_program_is_refused(
    server: Server, back_up: BackUp, target: Database, data_dir: Path, tmp_path: Path
) -> None:
    path, manifest = back_up(server.database, "a.zip")
    future = manifest.model_copy(update={"revision": "9999_future"}).model_dump_json().encode()
    newer = rewritten(path, tmp_path / "newer.zip", MANIFEST, lambda _: [future])
    with pytest.raises(BackupNewer, match="9999_future"):
        fill(target, newer, data_dir, EPOCH_AFTER, NOW_US, no_progress)


class TestRefusals:
    def test_a_database_with_data_is_not_filled_unasked(self, server: Server) -> None:
        now = present(server.database)
        assert (now.epoch, now.has_rows) == (0, True)
        with pytest.raises(NotEmpty, match=r"--replace[\s\S]*--replace"):
            refuse_filled(now, may_replace=False)
        refuse_filled(now, may_replace=True)

    def test_one_that_a_server_has_only_opened_is_empty(self, target: Database) -> None:
        assert not present(target).has_rows
        migrate(target.engine)
        target.write(lambda session: ensure_identity(session, b"x")).result()
        job = METADATA.tables["job"]
        waiting = insert(job).values(kind="housekeeping", key="1", due_at_us=5, lease_until_us=0, failures=0)
        target.write(lambda session: session.execute(waiting)).result()
        now = present(target)
        assert (now.epoch, now.has_rows) == (1, False)

    def test_a_postgres_that_a_server_is_connected_to_is_left_alone(
        self, second_database_url: Callable[[str], str]
    ) -> None:
        url = second_database_url("postgres")
        with closing(Database(url)) as ours, closing(Database(url)) as server:
            refuse_used(ours)
            server.engine.connect().close()  # its pool stays connected
            with pytest.raises(ServerRuns, match=r"mumen serve"):
                refuse_used(ours)


class TestNextEpoch:
    def test_is_one_that_no_device_has_seen(self) -> None:
        assert next_epoch(7, 0) == 8
        assert next_epoch(1, NOW_US) == NOW_US // 1_000_000
        assert next_epoch(NOW_US, NOW_US) == NOW_US + 1

    def test_the_same_backup_restored_twice_begins_two_epochs(self) -> None:
        assert next_epoch(1, NOW_US) != next_epoch(1, NOW_US + 1_000_000)


class TestPhotos:
    def test_come_out_of_the_backup(self, server: Server, back_up: BackUp, target: Database, data_dir: Path) -> None:
        content = b"a photograph"
        lay(data_dir, content)
        put_blobs(server.database, [content])
        path, _ = back_up(server.database, "a.zip")
        elsewhere = data_dir.with_name("elsewhere")
        restored = fill(target, path, elsewhere, EPOCH_AFTER, NOW_US, no_progress)
        assert (elsewhere / photo_member(sha256_hex(content))).read_bytes() == content
        assert (restored.photos, restored.found, restored.missing) == (1, 0, 0)
        assert stored_in(target) == {sha256_hex(content)}

    def test_a_file_that_the_backup_does_not_know_is_found_again(
        self, server: Server, back_up: BackUp, target: Database, data_dir: Path
    ) -> None:
        path, _ = back_up(server.database, "a.zip")
        lay(data_dir, b"taken after the backup")
        lay(data_dir, b"broken").write_bytes(b"not what its name says")
        restored = fill(target, path, data_dir, EPOCH_AFTER, NOW_US, no_progress)
        assert (restored.found, restored.missing) == (1, 0)
        assert stored_in(target) == {sha256_hex(b"taken after the backup")}

    def test_a_row_whose_file_is_nowhere_waits_for_it(
        self, server: Server, back_up: BackUp, target: Database, data_dir: Path
    ) -> None:
        put_blobs(server.database, [b"lost"])
        path, _ = back_up(server.database, "a.zip")
        restored = fill(target, path, data_dir, EPOCH_AFTER, NOW_US, no_progress)
        assert (restored.found, restored.missing) == (0, 1)
        assert stored_in(target) == set()

    def test_a_broken_file_in_the_folder_is_mended(
        self, server: Server, back_up: BackUp, target: Database, data_dir: Path
    ) -> None:
        file = lay(data_dir, b"a photograph")
        put_blobs(server.database, [b"a photograph"])
        path, _ = back_up(server.database, "a.zip")
        file.write_bytes(b"")
        fill(target, path, data_dir, EPOCH_AFTER, NOW_US, no_progress)
        assert file.read_bytes() == b"a photograph"


def stored_in(database: Database) -> set[str]:
    blob = METADATA.tables["blob"]
    query = select(blob.c.sha256).where(blob.c.stored_at_us.is_not(None))
    return set(database.read(lambda session: session.execute(query).scalars().all()))


def test_the_manifest_of_a_broken_table_is_not_believed(
    server: Server, back_up: BackUp, target: Database, data_dir: Path, tmp_path: Path
) -> None:
    path, manifest = back_up(server.database, "a.zip")
    tables = {name: one for name, one in manifest.tables.items() if name != "door"}
    fewer = manifest.model_copy(update={"tables": tables}).model_dump_json().encode()
    broken = rewritten(path, tmp_path / "fewer.zip", MANIFEST, lambda _: [fewer])
    with pytest.raises(BackupDamaged):
        fill(target, broken, data_dir, EPOCH_AFTER, NOW_US, no_progress)
    assert not present(target).has_rows
