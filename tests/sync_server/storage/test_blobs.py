"""Bytes on a real disk: whole under their hash, or not there."""

import os
import time
from pathlib import Path

import pytest

from shared.canonical import sha256_hex
from sync_server.storage.blobs import BlobStore, PartLost

CONTENT = b"one leaf, scratched"
SHA256 = sha256_hex(CONTENT)


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "photos")


class TestAppend:
    def test_puts_a_chunk_in_place_of_a_longer_one_that_nobody_counted(self, blobs: BlobStore) -> None:
        blobs.append("u1", 0, b"123456")
        blobs.append("u1", 2, b"ab")
        assert blobs.part_size("u1") == 4
        blobs.append("u1", 4, b"")
        assert not blobs.finish("u1", SHA256)

    def test_says_that_what_came_before_is_lost(self, blobs: BlobStore) -> None:
        blobs.append("u1", 0, b"123")
        with pytest.raises(PartLost):
            blobs.append("u1", 4, b"5")
        with pytest.raises(PartLost):
            blobs.append("u2", 1, b"5")
        assert (blobs.part_size("u1"), blobs.part_size("u3")) == (3, 0)


class TestFinish:
    def test_moves_the_part_to_its_hash(self, blobs: BlobStore) -> None:
        blobs.append("u1", 0, CONTENT)
        assert blobs.finish("u1", SHA256)
        assert (blobs.read(SHA256), blobs.part_size("u1")) == (CONTENT, 0)
        assert blobs.path(SHA256) == blobs.folder / SHA256[:2] / SHA256

    def test_leaves_what_is_there_alone(self, blobs: BlobStore) -> None:
        for upload_id in ("u1", "u2"):
            blobs.append(upload_id, 0, CONTENT)
        blobs.finish("u1", SHA256)
        before = blobs.path(SHA256).stat()
        assert blobs.finish("u2", SHA256)
        after = blobs.path(SHA256).stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
        assert blobs.part_size("u2") == 0

    def test_takes_the_place_of_a_damaged_file(self, blobs: BlobStore) -> None:
        for upload_id in ("u1", "u2"):
            blobs.append(upload_id, 0, CONTENT)
        blobs.finish("u1", SHA256)
        blobs.path(SHA256).write_bytes(b"damaged")
        assert blobs.read(SHA256) is None
        assert blobs.finish("u2", SHA256)
        assert blobs.read(SHA256) == CONTENT

    def test_clears_away_what_does_not_fit(self, blobs: BlobStore) -> None:
        blobs.append("u1", 0, b"something else")
        assert not blobs.finish("u1", SHA256)
        assert (blobs.read(SHA256), blobs.part_size("u1")) == (None, 0)


def test_strays_are_cleared_away_when_they_are_old(blobs: BlobStore) -> None:
    assert blobs.clear_strays([], 0) == 0
    for name in ("known", "old", "fresh"):
        blobs.append(name, 0, b"x")
    day_ago = time.time() - 86_400
    for name in ("known", "old"):
        os.utime(blobs.folder / "parts" / name, (day_ago, day_ago))
    assert blobs.clear_strays(["known"], int((day_ago + 60) * 1_000_000)) == 1
    assert [blobs.part_size(name) for name in ("known", "old", "fresh")] == [1, 0, 1]


def test_a_file_that_cannot_be_read_counts_as_missing(blobs: BlobStore) -> None:
    blobs.path(SHA256).mkdir(parents=True)
    assert blobs.read(SHA256) is None
