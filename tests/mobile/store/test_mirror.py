"""Pages of the feed into the mirror, and rows of the mirror as the rules see them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mobile.store.database import Store
from mobile.store.mirror import MirrorRows, apply_pages, cursors
from shared.canonical import checksum_hex, row_checksum, sha256_hex
from shared.schemas.production import WorkCenter
from shared.schemas.sync import Cursor, FeedRow, RowOp, ScopePage

SITE = "00000000-0000-7000-8000-000000000000"
FIRST, SECOND = SITE[:-1] + "1", SITE[:-1] + "2"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(str(tmp_path / "mumen.db"))
    yield store
    store.close()


def center(row_id: str, name: str, rev: int = 1) -> WorkCenter:
    return WorkCenter(id=row_id, rev=rev, site_id=SITE, code="A", name=name)


def put(row: WorkCenter, sequence: int) -> FeedRow:
    body = row.model_dump_json()
    return FeedRow(
        sequence=sequence, op=RowOp.PUT, entity="work_center", id=row.id, rev=row.rev,
        row_hash=sha256_hex(body.encode()), body=body,
    )  # fmt: skip


def page(*rows: FeedRow, holds: tuple[FeedRow, ...], scope: str = "catalog", **changed: object) -> ScopePage:
    """A page whose checksum is that of `holds`: what the scope contains afterwards."""
    head = max((row.sequence for row in rows), default=0)
    total = sum(row_checksum(row.entity, row.id, row.rev, row.row_hash) for row in holds)
    whole = ScopePage(
        scope=scope, rows=list(rows), next=Cursor(epoch=1, sequence=head), head=head, checksum=checksum_hex(total)
    )
    return whole.model_copy(update=changed)


def names(store: Store) -> list[str]:
    return [row.name for row in MirrorRows(store).children(WorkCenter, SITE)]


def test_rows_and_cursor_arrive_together(store: Store) -> None:
    rows = (put(center(SECOND, "压贴"), 1), put(center(FIRST, "开料"), 2))
    assert apply_pages(store, [page(*rows, holds=rows)]) == []
    assert names(store) == ["开料", "压贴"]
    assert cursors(store) == {"catalog": Cursor(epoch=1, sequence=2)}


def test_a_newer_revision_replaces_and_an_older_one_does_not(store: Store) -> None:
    old, new = put(center(FIRST, "旧", 1), 1), put(center(FIRST, "新", 2), 2)
    apply_pages(store, [page(old, holds=(old,))])
    assert apply_pages(store, [page(new, holds=(new,))]) == []
    assert apply_pages(store, [page(old, holds=(new,))]) == []
    assert names(store) == ["新"]


def test_a_row_of_two_scopes_counts_once_in_its_newest_revision(store: Store) -> None:
    old, new = put(center(FIRST, "旧", 1), 1), put(center(FIRST, "新", 2), 1)
    apply_pages(store, [page(new, holds=(new,)), page(old, holds=(old,), scope="floor:S")])
    assert names(store) == ["新"]
    assert MirrorRows(store).get(WorkCenter, FIRST) == center(FIRST, "新", 2)


def test_a_removed_row_is_gone(store: Store) -> None:
    one, two = put(center(FIRST, "开料"), 1), put(center(SECOND, "压贴"), 2)
    apply_pages(store, [page(one, two, holds=(one, two))])
    gone = FeedRow(sequence=3, op=RowOp.REMOVE, entity="work_center", id=FIRST, rev=2)
    assert apply_pages(store, [page(gone, holds=(two,))]) == []
    assert names(store) == ["压贴"]


def test_a_scope_that_is_no_longer_granted_is_purged(store: Store) -> None:
    row = put(center(FIRST, "开料"), 1)
    apply_pages(store, [page(row, holds=(row,), scope="floor:S")])
    apply_pages(store, [page(holds=())])
    assert names(store) == []
    assert list(cursors(store)) == ["catalog"]


def test_a_scope_with_a_wrong_checksum_comes_anew(store: Store) -> None:
    row, missing = put(center(FIRST, "开料"), 1), put(center(SECOND, "压贴"), 2)
    assert apply_pages(store, [page(row, holds=(row, missing))]) == ["catalog"]
    assert cursors(store) == {}
    assert names(store) == []


def test_a_body_that_was_garbled_on_the_way_is_not_kept(store: Store) -> None:
    row = put(center(FIRST, "开料"), 1).model_copy(update={"body": "{}"})
    assert apply_pages(store, [page(row, holds=(row,))]) == ["catalog"]
    assert names(store) == []


def test_a_reset_rebuilds_the_scope(store: Store) -> None:
    one, two = put(center(FIRST, "开料", 5), 1), put(center(SECOND, "压贴"), 1)
    apply_pages(store, [page(one, holds=(one,))])
    assert apply_pages(store, [page(two, holds=(two,), is_reset=True)]) == []
    assert names(store) == ["压贴"]
