"""What a backup holds, and that it is one instant."""

import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from shared.canonical import sha256_hex
from sync_server.backup.faults import NothingToBackUp
from sync_server.backup.read import check_archive
from sync_server.backup.shape import NOT_KEPT, Manifest, photo_member
from sync_server.backup.write import archive_pieces
from sync_server.errors import DatabaseNewer
from sync_server.migrations import upgrade_to
from sync_server.storage.database import Database
from sync_server.tables import METADATA, OfficeSession
from tests.sync_server.backup.samples import NOW_US, BackUp, lay, put_blobs, rows_of, work, written
from tests.sync_server.server import Server


def test_every_row_of_every_table_that_is_kept_is_in_it(server: Server, back_up: BackUp) -> None:
    _, manifest = back_up(server.database, "a.zip")
    assert manifest.tables["piece"].rows == 6
    assert manifest.tables["command_log"].rows > 6
    with server.database.engine.connect() as connection:
        for name, one in manifest.tables.items():
            counted = connection.execute(select(func.count()).select_from(METADATA.tables[name])).scalar_one()
            assert (name, one.rows) == (name, counted)
    assert METADATA.tables.keys() - manifest.tables.keys() == NOT_KEPT


def test_a_line_is_a_row_as_people_and_programs_read_it(server: Server, back_up: BackUp) -> None:
    path, _ = back_up(server.database, "a.zip")
    people = {row["name"]: row for row in rows_of(path, "person")}
    assert people["张伟"]["roles"] == ["operator"]
    assert people["张伟"]["is_active"] is True
    assert people["张伟"]["password_hash"] is None
    piece = rows_of(path, "piece")[0]
    assert isinstance(piece["rev"], int)
    assert isinstance(piece["operations"], list)
    assert list(piece) == sorted(piece)


def test_nobody_stays_signed_in_and_no_secret_is_carried_away(server: Server, back_up: BackUp) -> None:
    cookie = sha256_hex(b"cookie")
    session = OfficeSession(
        token_hash=cookie, person_id="x", csrf_token="c", created_at_us=1, last_seen_us=1, expires_at_us=2**60
    )
    server.database.write(lambda s: s.add(session)).result()
    path, _ = back_up(server.database, "a.zip")
    with zipfile.ZipFile(path) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert cookie.encode() not in everything
    assert b"nonce_secret" not in everything


def test_it_is_one_instant_whatever_is_written_meanwhile(server: Server, tmp_path: Path, data_dir: Path) -> None:
    out = tmp_path / "a.zip"

    def write_while_others_write(session: Session) -> Manifest:
        session.execute(text("SELECT count(*) FROM piece"))
        work(server, quantity=2)
        return written(session, out, data_dir)

    manifest = server.database.read(write_while_others_write)
    assert manifest.tables["piece"].rows == 6
    assert server.counts()[0] == 10
    logged = {(row["origin"], row["key"]) for row in rows_of(out, "command_log")}
    assert {(row["origin"], row["key"]) for row in rows_of(out, "event")} <= logged


def test_the_same_database_gives_the_same_bytes(server: Server, back_up: BackUp) -> None:
    (one, _), (two, _) = back_up(server.database, "one.zip"), back_up(server.database, "two.zip")
    assert one.read_bytes() == two.read_bytes()


def test_an_empty_place_has_nothing_to_back_up(tmp_path: Path, data_dir: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(NothingToBackUp), database.snapshot() as session:
        list(archive_pieces(session, data_dir, NOW_US))
    database.close()


def test_what_a_newer_program_wrote_is_not_half_backed_up(server: Server, data_dir: Path) -> None:
    server.database.write(lambda s: s.execute(text("UPDATE alembic_version SET version_num = '9999'"))).result()
    with pytest.raises(DatabaseNewer), server.database.snapshot() as session:
        list(archive_pieces(session, data_dir, NOW_US))


def test_photographs_travel_with_the_rows_and_what_is_missing_is_named(
    server: Server, back_up: BackUp, data_dir: Path
) -> None:
    here, gone, false = b"a photograph", b"another one", b"a third"
    lay(data_dir, here)
    lay(data_dir, false).write_bytes(b"not what its name says")
    lay(data_dir, b"of which no row speaks")
    put_blobs(server.database, [here, gone, false])
    path, manifest = back_up(server.database, "a.zip")
    assert manifest.photos.count == 1
    assert manifest.photos.missing == sorted([sha256_hex(gone), sha256_hex(false)])
    with zipfile.ZipFile(path) as archive:
        assert [name for name in archive.namelist() if "photos" in name] == [photo_member(sha256_hex(here))]
        assert archive.read(photo_member(sha256_hex(here))) == here
    assert check_archive(path) == manifest


@pytest.mark.parametrize("revision", ["0001", "head"])
def test_no_table_of_any_version_is_left_out(tmp_path: Path, revision: str) -> None:
    """A migration that renames or drops a table has to teach `kept_tables` about the old one."""
    database = Database(f"sqlite:///{tmp_path / 'old.db'}")
    with database.engine.begin() as connection:
        upgrade_to(connection, revision)
        assert set(inspect(connection).get_table_names()) <= METADATA.tables.keys() | {"alembic_version"}
    database.close()
