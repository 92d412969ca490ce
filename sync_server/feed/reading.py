"""The next rows of a scope after a device's cursor, in pages."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from shared.canonical import checksum_hex
from shared.schemas.sync import Cursor, FeedRow, RowOp, ScopePage
from sync_server.storage.bulk import select_by
from sync_server.storage.columns import built
from sync_server.tables import FeedEntry, ScopeHead, table_of

_FEED = table_of(FeedEntry)
_HEADS = table_of(ScopeHead)
_HEAD = (_HEADS.c.scope, _HEADS.c.epoch, _HEADS.c.head, _HEADS.c.checksum)
_SENT = (
    _FEED.c.sequence,
    _FEED.c.op,
    _FEED.c.entity,
    _FEED.c.entity_id,
    _FEED.c.rev,
    _FEED.c.row_hash,
    _FEED.c.body,
)

_SENT_NAMES = tuple(FeedRow.model_fields)
"""The fields of a `FeedRow`, in the order of `_SENT`."""

_OPS = {op.value: op for op in RowOp}

_HORIZON = (_HEADS.c.scope, _HEADS.c.epoch, _HEADS.c.horizon)

_PAGE = (
    select(*_SENT)
    .where(
        _FEED.c.scope == bindparam("scope"),
        _FEED.c.sequence > bindparam("start"),
        _FEED.c.sequence <= bindparam("head"),
    )
    .order_by(_FEED.c.sequence)
    .limit(bindparam("limit"))
)


def read_pages(session: Session, after: Mapping[str, Cursor], limit: int, epoch: int) -> list[ScopePage]:
    """The next rows of these scopes after their cursors, `limit` of them and at least one a scope where there are any.

    A scope begins from the start where its cursor is of another epoch.
    """
    heads = {row[0]: row for row in select_by(session, _HEAD, _HEADS.c.scope, list(after))}
    pages: list[ScopePage] = []
    for scope, cursor in after.items():
        head = heads.get(scope, (scope, epoch, 0, checksum_hex(0)))
        pages.append(_page(session, head, cursor, limit))
        limit = max(1, limit - len(pages[-1].rows))
    return pages


def _page(session: Session, head: Sequence[Any], after: Cursor, limit: int) -> ScopePage:
    scope, epoch, last, checksum = head
    is_reset = after.epoch != epoch and after.sequence > 0
    start = 0 if after.epoch != epoch else after.sequence
    asked = {"scope": scope, "start": start, "head": last, "limit": limit + 1}
    found = session.connection().execute(_PAGE, asked).all() if start < last else ()
    has_more = len(found) > limit
    rows = [_as_row(entry) for entry in found[:limit]]
    return ScopePage(
        scope=scope,
        rows=rows,
        next=Cursor(epoch=epoch, sequence=rows[-1].sequence if has_more else last),
        head=last,
        checksum=checksum,
        has_more=has_more,
        is_reset=is_reset,
    )


def expired(session: Session, cursors: Mapping[str, Cursor]) -> list[str]:
    """The scopes whose cursor is older than the horizon: what was removed since then is no longer known."""
    found = select_by(session, _HORIZON, _HEADS.c.scope, cursors.keys())
    return sorted(
        scope
        for scope, epoch, horizon in found
        if cursors[scope].epoch == epoch and 0 < cursors[scope].sequence < horizon
    )


def heads_of(session: Session, scopes: Iterable[str]) -> dict[str, Cursor]:
    """How far each of these scopes is."""
    found = select_by(session, _HEAD, _HEADS.c.scope, list(scopes))
    return {scope: Cursor(epoch=epoch, sequence=head) for scope, epoch, head, _ in found}


def _as_row(entry: Sequence[Any]) -> FeedRow:
    values = dict(zip(_SENT_NAMES, entry, strict=True))
    values["op"] = _OPS[values["op"]]
    return built(FeedRow, values)
