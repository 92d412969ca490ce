"""What the server has answered: its verdicts beside the commands, and when a command is let go of."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, literal_column, select, tuple_, update
from sqlmodel import col

from mobile.store import statements
from mobile.store.database import Store
from mobile.store.outbox import ONE, OUTCOME, TABLE
from mobile.store.pages import reached
from mobile.store.statements import is_one_of, run_many
from mobile.store.tables import OutboxEntry
from shared.rules.refusals import LABEL_REFUSALS, RefusalCode
from shared.schemas.identifiers import DAY_US
from shared.schemas.sync import WITHOUT_EFFECT, Cursor, Verdict, VerdictStatus

KEPT_US = 60 * DAY_US
"""An answered command stays this long by the server's clock, so that a server that was restored can ask for it again:
a factory closes for a month. No factory has confirmed the figure."""

_ANSWER = (
    update(TABLE)
    .where(*ONE)
    .values({n: bindparam(n) for n in ("verdict", "is_waiting", "is_overlaid", "is_seen", "answered_at_us")})
)
_ANSWERED_AND_OVERLAID = select(col(OutboxEntry.incarnation), col(OutboxEntry.n), col(OutboxEntry.verdict)).where(
    col(OutboxEntry.is_overlaid), ~col(OutboxEntry.is_waiting), col(OutboxEntry.verdict).is_not(None)
)
_NEWEST = (
    select(col(OutboxEntry.incarnation), func.max(col(OutboxEntry.n))).group_by(col(OutboxEntry.incarnation)).subquery()
)
_FORGET = delete(OutboxEntry).where(
    ~col(OutboxEntry.is_waiting),
    ~col(OutboxEntry.is_overlaid),
    col(OutboxEntry.is_seen),
    col(OutboxEntry.answered_at_us) < bindparam("before_us"),
    ~tuple_(col(OutboxEntry.incarnation), col(OutboxEntry.n)).in_(select(_NEWEST)),
)
_SEND_AGAIN = (
    update(TABLE)
    .where(TABLE.c.incarnation == bindparam("of_incarnation"), TABLE.c.n >= bindparam("from_n"))
    .values(is_waiting=True, is_overlaid=TABLE.c.piece_id.is_not(None))
)
_DROP = update(TABLE).where(*ONE).values(is_overlaid=literal_column("0"))


class _Answerable(NamedTuple):
    """What is read of an entry that the server has answered, and written back."""

    verdict: str | None
    is_waiting: bool
    is_overlaid: bool
    is_seen: bool
    is_shown: bool
    outcome: str


_ANSWERABLE = select(TABLE.c.n, *(TABLE.c[name] for name in _Answerable._fields)).where(
    TABLE.c.incarnation == bindparam("incarnation"), is_one_of(TABLE.c.n, "numbers")
)


def send_again_from(store: Store, incarnation: str, n: int) -> None:
    """The server is missing numbers from `n` on (it was restored from an older copy): they wait again."""
    statements.run(store, _SEND_AGAIN, {"of_incarnation": incarnation, "from_n": n})


def take_verdicts(store: Store, incarnation: str, verdicts: Sequence[Verdict]) -> bool:
    """Keep what the server said; whether anything was new. In the caller's transaction."""
    entries = _answerable(store, incarnation, [verdict.n for verdict in verdicts]) if verdicts else {}
    taken: list[dict[str, Any]] = []
    has_news = False
    for verdict in verdicts:
        found = entries.get(verdict.n)
        if found is None:
            continue
        text = verdict.model_dump_json()
        if found.verdict == text and not found.is_waiting:
            continue
        is_new = found.verdict is None or _gist(Verdict.model_validate_json(found.verdict)) != _gist(verdict)
        entries[verdict.n] = found = _Answerable(
            verdict=text,
            is_waiting=False,
            is_overlaid=found.is_overlaid and verdict.status not in WITHOUT_EFFECT,
            is_seen=(not found.is_shown or not _is_surprising(verdict, found.outcome)) if is_new else found.is_seen,
            is_shown=found.is_shown,
            outcome=found.outcome,
        )
        key = {"of_incarnation": incarnation, "of_n": verdict.n, "answered_at_us": verdict.record_time_us}
        taken.append(found._asdict() | key)
        has_news |= is_new
    run_many(store, _ANSWER, taken)
    return has_news


def drop_visible(store: Store) -> None:
    """Take out of the overlay what the mirror shows by now; call it in the transaction that moved the cursors."""
    overlaid = statements.rows(store, _ANSWERED_AND_OVERLAID)
    shown = reached(store) if overlaid else {}
    visible: list[dict[str, Any]] = []
    for incarnation, n, text in overlaid:
        assert text is not None, "the query asks for verdicts only"
        needed = Verdict.model_validate_json(text).visible_at
        if all(scope not in shown or _has_reached(shown[scope], cursor) for scope, cursor in needed.items()):
            visible.append({"of_incarnation": incarnation, "of_n": n})
    run_many(store, _DROP, visible)


def forget_old(store: Store, server_time_us: int) -> None:
    """Lets go of what was answered `KEPT_US` ago by the server's clock and what nobody waits for any more.

    The newest entry of an incarnation stays: the next one is numbered and chained after it.
    """
    statements.run(store, _FORGET, {"before_us": server_time_us - KEPT_US})


def _answerable(store: Store, incarnation: str, numbers: Sequence[int]) -> dict[int, _Answerable]:
    asked = {"incarnation": incarnation, "numbers": json.dumps(numbers)}
    return {row[0]: _Answerable._make(row[1:]) for row in statements.rows(store, _ANSWERABLE, asked)}


def _gist(verdict: Verdict) -> tuple[VerdictStatus, str]:
    return verdict.status, verdict.code


def _is_surprising(verdict: Verdict, outcome: str) -> bool:
    """Whether the person believes something else: a refusal or a hold that was not shown as one."""
    shown = OUTCOME.validate_json(outcome).code
    if shown == RefusalCode.LABEL_NOT_A_PIECE and verdict.code in LABEL_REFUSALS:
        return False  # which of them it is makes no difference to who was told that this is no piece's label
    return verdict.status in WITHOUT_EFFECT and verdict.code != shown


def _has_reached(cursor: Cursor | None, needed: Cursor) -> bool:
    """Whether what the mirror shows of this scope is of that instant or later; a later epoch's copy was built whole."""
    if cursor is None:
        return False
    return (cursor.epoch, cursor.sequence) >= (needed.epoch, needed.sequence)
