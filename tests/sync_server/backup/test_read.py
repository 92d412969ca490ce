"""A backup that is read: nothing wrong with it goes unnoticed."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sync_server.backup.faults import BackupDamaged, BackupFault, BackupNewer
from sync_server.backup.read import check_archive
from sync_server.backup.shape import MANIFEST, member_of
from sync_server.migrations import migrate
from sync_server.storage.database import Database
from tests.factory import Factory
from tests.sync_server.backup.samples import rewritten, work, written
from tests.sync_server.server import Server


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: nobody changes it."""
    folder = tmp_path_factory.mktemp("backup")
    with closing(Database(f"sqlite:///{folder / 'mumen.db'}")) as database:
        migrate(database.engine)
        server = Server(database, Factory())
        server.system(server.factory.master_data())
        work(server, quantity=3)
        database.read(lambda session: written(session, folder / "good.zip", folder))
    return folder / "good.zip"


def test_finds_nothing_wrong_with_a_good_one(backup: Path) -> None:
    assert check_archive(backup).tables["piece"].rows == 6


def test_finds_a_flipped_byte_wherever_it_is(backup: Path, tmp_path: Path) -> None:
    good = backup.read_bytes()
    unnoticed: list[int] = []
    for at in range(0, len(good), len(good) // 60):
        bad = bytearray(good)
        bad[at] ^= 0x55
        (tmp_path / "bad.zip").write_bytes(bad)
        try:
            found = check_archive(tmp_path / "bad.zip")
        except BackupFault:
            continue
        if found != check_archive(backup):
            unnoticed.append(at)
    assert unnoticed == []


@pytest.mark.parametrize("share", [0.0, 0.2, 0.9, 0.999])
def test_finds_a_file_that_breaks_off(backup: Path, tmp_path: Path, share: float) -> None:
    content = backup.read_bytes()
    (tmp_path / "short.zip").write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BackupDamaged, match=r"damaged[\s\S]*Nothing was changed"):
        check_archive(tmp_path / "short.zip")


def test_finds_a_row_that_was_changed_added_or_taken_away(backup: Path, tmp_path: Path) -> None:
    def change(lines: list[bytes]) -> list[bytes]:
        return [lines[0].replace(b'"rev":', b'"rev":9'), *lines[1:]]

    edits: list[Callable[[list[bytes]], list[bytes]]] = [
        change,
        lambda lines: lines[1:],
        lambda lines: [*lines, lines[0]],
        lambda _: [],
    ]
    for edit in edits:
        edited = rewritten(backup, tmp_path / "edited.zip", member_of("piece"), edit)
        with pytest.raises(BackupDamaged, match="piece"):
            check_archive(edited)


def test_says_that_a_newer_program_wrote_it(backup: Path, tmp_path: Path) -> None:
    newer = rewritten(backup, tmp_path / "newer.zip", MANIFEST, lambda lines: [as_format_9(b"\n".join(lines))])
    with pytest.raises(BackupNewer, match=r"更新的程序[\s\S]*newer program"):
        check_archive(newer)


@pytest.mark.parametrize("content", [b"", b"PK", b"a letter to my aunt"])
def test_says_that_something_else_is_no_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(BackupDamaged):
        check_archive(tmp_path / "other")
    with pytest.raises(BackupFault, match="There is no file"):
        check_archive(tmp_path / "nowhere.zip")


def as_format_9(manifest: bytes) -> bytes:
    return json.dumps(json.loads(manifest) | {"format": 9, "from the future": 1}).encode()
