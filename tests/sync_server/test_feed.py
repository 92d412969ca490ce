"""What a device pulls: pages, checksums, and nothing that is not its business."""

from sqlalchemy import event
from sqlalchemy.orm import Session

from shared.canonical import checksum_hex, row_checksum, sha256_hex
from shared.schemas.sync import Cursor, FeedRow, ScopePage
from sync_server.feed.reading import read_pages
from tests.sync_server.server import EPOCH, Server


def checksum(rows: list[FeedRow]) -> str:
    return checksum_hex(sum(row_checksum(row.entity, row.id, row.rev, row.row_hash) for row in rows))


def all_rows(server: Server, scope: str, limit: int) -> list[FeedRow]:
    rows: dict[tuple[str, str], FeedRow] = {}
    cursor = Cursor()
    while True:
        page = server.page(scope, cursor, limit)
        rows |= {(row.entity, row.id): row for row in page.rows}
        cursor = page.next
        if not page.has_more:
            return list(rows.values())


def test_the_rows_of_all_pages_make_up_the_checksum(server: Server) -> None:
    pieces, tablet = server.released(4), server.device()
    for piece in pieces:
        tablet.scan(piece)
    tablet.push()
    scope = f"floor:{server.factory.site.id}"
    rows = all_rows(server, scope, limit=3)
    assert checksum(rows) == server.page(scope).checksum
    assert {row.entity for row in rows} == {"specification", "door", "piece", "label"}
    assert all(sha256_hex(row.body.encode()) == row.row_hash for row in rows)


def test_only_what_changed_comes_after_the_cursor(server: Server) -> None:
    (leaf, frame), tablet = server.released(), server.device()
    scope = f"floor:{server.factory.site.id}"
    before = server.page(scope).next
    tablet.scan(leaf)
    verdict = tablet.push().verdicts[0]
    page = server.page(scope, before)
    assert {row.id for row in page.rows if row.entity == "piece"} == {leaf.id}
    assert frame.id not in {row.id for row in page.rows}
    assert verdict.visible_at[scope] == page.next


def test_a_cursor_of_another_epoch_starts_again(server: Server) -> None:
    server.released()
    scope = f"floor:{server.factory.site.id}"
    head = server.page(scope).head
    page = server.page(scope, Cursor(epoch=99, sequence=head))
    assert page.is_reset
    assert len(page.rows) == len(server.page(scope).rows)


def test_no_scope_of_a_device_holds_a_customer_or_a_password(server: Server) -> None:
    boss = server.factory.people["陈静"].model_copy(update={"password_hash": "argon2-secret"})
    server.system(server.factory.master_data().model_copy(update={"people": [boss]}))
    server.released()
    tablet = server.device()
    site = server.factory.site.id
    scopes = (f"floor:{site}", f"people:{site}", "catalog", f"device:{tablet.sender.device_id}")
    told = "".join(row.body for scope in scopes for row in server.page(scope).rows)
    assert "陈静" in told
    assert [secret for secret in ("argon2-secret", "王芳", "13812345678", "顺德") if secret in told] == []


def test_a_page_is_of_one_instant_whatever_is_written_meanwhile(server: Server) -> None:
    pieces, tablet = server.released(4), server.device()
    scope = f"floor:{server.factory.site.id}"
    for piece in pieces:
        tablet.scan(piece)

    def page_while_a_tablet_pushes(session: Session) -> ScopePage:
        writes = iter([lambda: tablet.push()])

        def write_once(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if "FROM feed_entry" in statement:  # the head has been read; the rows come now
                next(writes, lambda: None)()

        event.listen(session.get_bind(), "before_cursor_execute", write_once)
        try:
            return read_pages(session, {scope: Cursor()}, 1_000, EPOCH)[0]
        finally:
            event.remove(session.get_bind(), "before_cursor_execute", write_once)

    page = server.database.read(page_while_a_tablet_pushes)
    assert server.page(scope).head > page.head
    assert page.next.sequence == page.head
    assert checksum(page.rows) == page.checksum
