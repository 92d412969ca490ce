"""The backup's file: private, checked by reading it again, and whole or not there."""

import stat
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from sync_server.backup import files
from sync_server.backup.faults import BackupDamaged, BackupFault
from sync_server.backup.files import write_backup
from sync_server.backup.read import check_archive
from sync_server.backup.shape import Manifest, member_of
from tests.sync_server.backup.samples import BackUp
from tests.sync_server.server import Server

LOCAL_HEADER_BYTES = 30


def test_only_its_owner_may_read_it(server: Server, back_up: BackUp) -> None:
    path, _ = back_up(server.database, "a.zip")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_does_not_take_the_place_of_another_file(server: Server, back_up: BackUp, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"precious")
    with pytest.raises(BackupFault, match="exists already"):
        back_up(server.database, "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == b"precious"


def test_one_that_reads_back_otherwise_is_not_left(
    server: Server, back_up: BackUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flip(path: Path) -> Manifest:
        content = bytearray(path.read_bytes())
        with ZipFile(path) as archive:
            member = archive.getinfo(member_of("person"))  # its rows, not a header that no reader looks at
        content[member.header_offset + LOCAL_HEADER_BYTES + len(member.filename) + member.compress_size // 2] ^= 0xFF
        path.write_bytes(content)
        return check_archive(path)

    monkeypatch.setattr(files, "check_archive", flip)
    with pytest.raises(BackupDamaged):
        back_up(server.database, "a.zip")
    assert [file for file in tmp_path.iterdir() if "zip" in file.name] == []


def test_one_that_breaks_off_is_not_left(server: Server, back_up: BackUp, tmp_path: Path) -> None:
    whole = back_up(server.database, "a.zip")[0].read_bytes()
    heard: list[int] = []

    def broken() -> Iterator[bytes]:
        yield whole[:100]
        yield whole[100:200]
        raise ConnectionResetError(104, "reset")

    with pytest.raises(BackupFault, match="reset"):
        write_backup(tmp_path / "out" / "b.zip", broken(), heard.append)
    with pytest.raises(BackupDamaged):
        write_backup(tmp_path / "out" / "b.zip", iter([whole[:-1]]), heard.append)
    assert heard == [100, 200, len(whole) - 1]
    assert list((tmp_path / "out").iterdir()) == []
