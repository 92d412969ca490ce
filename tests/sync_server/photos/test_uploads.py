"""Photographs' bytes and the transactions around them: files hold nobody up, and orders are locked first."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.canonical import sha256_hex
from shared.schemas.commands import AttachPhoto
from shared.schemas.door import Piece
from shared.schemas.quality import Photo
from shared.schemas.sync import VerdictStatus
from sync_server import jobs
from sync_server.housekeeping import HOUSEKEEPING
from sync_server.locks import Body, lock_families
from sync_server.photos import uploads
from sync_server.services import Services
from sync_server.storage.blobs import BlobStore
from sync_server.tables import JobRow, OrderRow, UploadRow
from tests.sync_server.photo_tablet import picture
from tests.sync_server.server import Server
from tests.sync_server.test_reading import impatient

PATIENCE_S = 3


@dataclass
class WatchedStore(BlobStore):
    """Files that can only be touched while the database takes writes of others."""

    services: Services
    folder: Path
    read_ones: list[str] = field(default_factory=list[str])
    breaks_at: int = 0
    """The number of the read at which the process dies."""

    def read(self, sha256: str) -> bytes | None:
        """Somebody else writes meanwhile."""
        self._let_others_write()
        self.read_ones.append(sha256)
        if len(self.read_ones) == self.breaks_at:
            raise OSError("killed")
        return super().read(sha256)

    def discard(self, upload_id: str) -> None:
        """The upload is forgotten already, whatever happens now."""
        self._let_others_write()
        assert self.services.database.read(lambda session: session.get(UploadRow, upload_id)) is None
        super().discard(upload_id)

    def clear_strays(self, known: Iterable[str], before_us: int) -> int:
        """Somebody else writes meanwhile."""
        self._let_others_write()
        return super().clear_strays(known, before_us)

    def _let_others_write(self) -> None:
        self.services.database.write(lambda session: session.execute(select(1))).result(timeout=PATIENCE_S)


@pytest.fixture
def store(server: Server, tmp_path: Path) -> WatchedStore:
    store = WatchedStore(server.services(), tmp_path / "photos")
    store.services = replace(store.services, blobs=store)
    return store


def keep(store: BlobStore, content: bytes) -> str:
    """The bytes lie here."""
    sha256 = sha256_hex(content)
    store.append(sha256, 0, content)
    BlobStore(store.folder).finish(sha256, sha256)
    return sha256


def attached(server: Server, piece: Piece, content: bytes) -> str:
    """Somebody announces a photo of this piece."""
    photo_id, sha256 = server.factory.mint.new_id(), sha256_hex(content)
    command = AttachPhoto(photo_id=photo_id, piece_id=piece.id, sha256=sha256, byte_count=len(content))
    assert server.system(command).status is VerdictStatus.OK
    return photo_id


def is_stored(server: Server, photo_id: str) -> bool:
    photo = server.get(Photo, photo_id)
    assert isinstance(photo, Photo)
    return photo.is_stored


def plan_housekeeping(server: Server) -> None:
    row = JobRow(kind=HOUSEKEEPING, key="today", due_at_us=0, lease_until_us=0)
    server.database.write(lambda session: session.add(row)).result()


class TestHousekeeping:
    def test_reads_and_deletes_files_while_others_write(self, server: Server, store: WatchedStore) -> None:
        content = picture(100, "found")
        photo_id, sha256 = attached(server, server.released()[0], content), keep(store, content)
        store.append("expired", 0, b"half a picture")
        upload = UploadRow(
            id="expired", device_id="d", sha256="0" * 64, media_type="", byte_count=9, described_as="", expires_at_us=1
        )
        server.database.write(lambda session: session.add(upload)).result()
        plan_housekeeping(server)
        assert jobs.run_due(server.database, store.services) == 1
        assert is_stored(server, photo_id)
        assert store.read_ones == [sha256]
        assert store.part_size("expired") == 0

    def test_that_dies_over_the_files_is_done_again_and_finds_the_others(
        self, server: Server, store: WatchedStore
    ) -> None:
        pictures = [picture(100, str(number)) for number in range(3)]
        leaf = server.released()[0]
        photo_ids = [attached(server, leaf, content) for content in pictures]
        for content in pictures:
            keep(store, content)
        store.breaks_at = 2
        plan_housekeeping(server)
        assert jobs.run_due(server.database, store.services) == 0
        assert [is_stored(server, photo_id) for photo_id in photo_ids].count(True) == 1
        server.factory.clock.now += jobs.RETRY_US
        assert jobs.run_due(server.database, store.services) == 1
        assert all(is_stored(server, photo_id) for photo_id in photo_ids)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
class TestLink:
    def test_waits_for_whoever_has_the_order_before_it_touches_a_piece(
        self, server: Server, store: WatchedStore, database_url: str
    ) -> None:
        content, leaf = picture(100), server.released()[0]
        photo_id, order_id = attached(server, leaf, content), server.order_of(leaf).id

        def link(session: Session) -> None:
            uploads.link(session, store.services, sha256_hex(content), len(content), "image/jpeg")

        with closing(impatient(database_url)) as other, Session(server.database.engine) as scan:
            scan.execute(select(OrderRow).where(col(OrderRow.id) == order_id).with_for_update()).one()
            with pytest.raises(OperationalError, match="lock timeout"):
                other.write(link).result()
            scan.rollback()
            other.write(link).result()
        assert is_stored(server, photo_id)

    def test_begins_again_where_a_photo_was_announced_meanwhile(
        self, server: Server, store: WatchedStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        content, leaf = picture(100), server.released()[0]
        announced: list[str] = []
        locked: list[list[Body]] = []

        def too_early(session: Session, commands: list[Body]) -> None:
            lock_families(session, commands)
            locked.append(commands)
            if not announced:
                announced.append(attached(server, leaf, content))

        monkeypatch.setattr(uploads, "lock_families", too_early)
        server.database.write(
            lambda session: uploads.link(session, store.services, sha256_hex(content), len(content), "image/jpeg")
        ).result()
        assert is_stored(server, announced[0])
        assert locked == [[], [{"piece_id": leaf.id}]]
