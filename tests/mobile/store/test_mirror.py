"""Pages of the feed into the mirror, and rows of the mirror as the rules see them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from mobile.store.pages import apply_pages, cursors, reached, start_anew
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


def test_the_old_copy_is_shown_until_the_new_one_is_whole_also_across_a_restart(store: Store, tmp_path: Path) -> None:
    old = put(center(FIRST, "旧"), 1)
    one, two = put(center(FIRST, "新"), 1), put(center(SECOND, "压贴"), 2)
    apply_pages(store, [page(old, holds=(old,))])
    first = page(one, holds=(one, two), is_reset=True, has_more=True, head=2, next=Cursor(epoch=2, sequence=1))
    assert apply_pages(store, [first]) == []
    assert names(store) == ["旧"]
    assert (cursors(store)["catalog"], reached(store)["catalog"]) == (
        Cursor(epoch=2, sequence=1),
        Cursor(epoch=1, sequence=1),
    )
    store.close()
    again = Store(str(tmp_path / "mumen.db"))
    assert cursors(again)["catalog"] == Cursor(epoch=2, sequence=1)
    last = page(two, holds=(one, two), next=Cursor(epoch=2, sequence=2))
    assert apply_pages(again, [last]) == []
    assert names(again) == ["新", "压贴"]
    assert reached(again)["catalog"] == Cursor(epoch=2, sequence=2)
    again.close()


def test_a_scope_between_two_pages_says_nothing_about_what_it_shows(store: Store) -> None:
    one, two = put(center(FIRST, "开料"), 1), put(center(SECOND, "压贴"), 2)
    half = page(one, holds=(one, two), has_more=True, head=2, next=Cursor(epoch=1, sequence=1))
    apply_pages(store, [half])
    assert reached(store) == {"catalog": None}


def test_a_copy_that_does_not_fit_is_shown_while_it_is_built_anew(store: Store) -> None:
    row, missing = put(center(FIRST, "开料"), 1), put(center(SECOND, "压贴"), 2)
    apply_pages(store, [page(row, holds=(row,))])
    more = put(center(SITE, "包装"), 3)
    assert apply_pages(store, [page(more, holds=(row, missing, more))]) == ["catalog"]
    assert cursors(store) == {"catalog": Cursor()}
    assert "开料" in names(store)
    apply_pages(store, [page(row, missing, more, holds=(row, missing, more))])
    assert names(store) == ["包装", "开料", "压贴"]


def test_an_expired_scope_starts_from_nothing_and_keeps_what_it_shows(store: Store) -> None:
    row = put(center(FIRST, "开料"), 1)
    apply_pages(store, [page(row, holds=(row,))])
    start_anew(store, ["catalog", "floor:S"])
    assert cursors(store) == {"catalog": Cursor()}
    assert names(store) == ["开料"]
