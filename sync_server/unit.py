"""One transaction's worth of work, decided in memory; `sync_server.publishing` writes it in a handful of statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json
from sqlalchemy.orm import Session

from shared.rules.decision import EventDraft
from shared.schemas.entities import Entity
from shared.schemas.sync import Verdict, VerdictStatus
from sync_server.feed.writing import FeedChange
from sync_server.moment import Moment
from sync_server.scopes import scopes_of
from sync_server.storage.bulk import select_by
from sync_server.storage.rows import SessionRows
from sync_server.submission import Submission, submission_again
from sync_server.tables import CommandLogRow, table_of

_COMMAND_LOG = table_of(CommandLogRow)
_LOG_KEY = (_COMMAND_LOG.c.origin, _COMMAND_LOG.c.key)

Key = tuple[str, str]
"""A command's origin and key."""


@dataclass
class PendingVerdict:
    """A verdict on its way into the log; where its effect can be seen is known only when the rows are published."""

    submission: Submission
    verdict: Verdict
    subject: str
    scopes: set[str]
    verdict_rev: int = 1
    """Above 1 where the command stands in the log already and was decided again."""


@dataclass(frozen=True)
class Mark:
    """A point of a unit to which it can go back."""

    rows: int
    changes: int
    events: int
    jobs: int
    books: int


@dataclass
class Unit:
    """What was decided so far, and what it was decided on."""

    session: Session
    moment: Moment
    rows: SessionRows = field(init=False)
    changes: list[FeedChange] = field(default_factory=list[FeedChange])
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    jobs: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    answers: dict[Key, PendingVerdict] = field(default_factory=dict[Key, PendingVerdict])
    """By origin and key: a command that is decided again in the same unit keeps only its last answer."""
    held: dict[str, dict[Key, PendingVerdict]] = field(default_factory=dict[str, dict[Key, PendingVerdict]])
    """The held commands of each piece that was asked for."""
    _undo: list[tuple[dict[Key, PendingVerdict], Key, PendingVerdict | None]] = field(
        default_factory=list[tuple[dict[Key, PendingVerdict], Key, "PendingVerdict | None"]]
    )
    """What stood in `answers` and `held` before each change of them."""

    def __post_init__(self) -> None:
        """Rows read in this unit are remembered until it ends, and those that it decides on are locked until then."""
        self.rows = SessionRows(self.session, is_locking=True)

    def put(self, row: Entity) -> Entity:
        """Takes this version of the row, and lets it travel in its scopes and leave those that it was in before."""
        before = self.rows.get(type(row), row.id)
        after = self.rows.put(row)
        now = scopes_of(after)
        self.changes += [FeedChange(scope, after) for scope in sorted(now)]
        left = scopes_of(before) - now if before is not None else ()
        self.changes += [FeedChange(scope, after, is_removed=True) for scope in sorted(left)]
        return after

    def record(self, submission: Submission, drafts: Iterable[EventDraft]) -> None:
        """Adds to the history, with who, where and when."""
        self.events += [
            {
                "id": self.moment.mint.new_id(),
                "subject": draft.subject,
                "kind": draft.kind.value,
                "detail": to_json(draft.detail).decode(),
                "origin": submission.origin,
                "key": submission.key,
                "person_id": submission.person_id,
                "station_id": submission.station_id,
                "device_id": submission.device_id,
                "event_time_us": submission.event_time_us,
                "event_offset_min": submission.event_offset_min,
                "was_offline": submission.was_offline,
                "record_time_us": self.moment.record_time_us,
            }
            for draft in drafts
        ]

    def schedule(self, kind: str, key: str, due_at_us: int) -> None:
        """A job for later, written with everything else."""
        self.jobs.append({"kind": kind, "key": key, "due_at_us": due_at_us, "lease_until_us": 0})

    def prefetch_held(self, piece_ids: Iterable[str]) -> None:
        """Reads the held commands of all these pieces at once."""
        wanted = set(piece_ids) - self.held.keys()
        self.held.update({piece_id: {} for piece_id in wanted})
        held = {"status": VerdictStatus.HELD.value}
        keys = select_by(self.session, _LOG_KEY, _COMMAND_LOG.c.subject, wanted, held)
        for origin, key in keys:
            row = self.session.get_one(CommandLogRow, (origin, key))
            verdict = Verdict.model_validate(row.verdict)
            again = PendingVerdict(submission_again(row), verdict, row.subject, set(), row.verdict_rev)
            self.held[row.subject][row.origin, row.key] = again

    def answer(self, answer: PendingVerdict) -> None:
        """Takes an answer, and remembers it among the held ones if it is one."""
        key = (answer.submission.origin, answer.submission.key)
        self._write_down(self.answers, key, answer)
        if answer.verdict.status is VerdictStatus.HELD:
            self.prefetch_held([answer.subject])
            self._write_down(self.held[answer.subject], key, answer)

    def no_longer_held(self, answer: PendingVerdict) -> None:
        """This command has waited long enough."""
        self._write_down(self.held[answer.subject], (answer.submission.origin, answer.submission.key), None)

    def mark(self) -> Mark:
        """A point to which `rewind` can go back."""
        return Mark(self.rows.mark(), len(self.changes), len(self.events), len(self.jobs), len(self._undo))

    def rewind(self, mark: Mark) -> None:
        """Forgets everything since the mark."""
        self.rows.rewind(mark.rows)
        del self.changes[mark.changes :], self.events[mark.events :], self.jobs[mark.jobs :]
        while len(self._undo) > mark.books:
            _set(*self._undo.pop())

    def _write_down(self, book: dict[Key, PendingVerdict], key: Key, answer: PendingVerdict | None) -> None:
        self._undo.append((book, key, book.get(key)))
        _set(book, key, answer)


def _set(book: dict[Key, PendingVerdict], key: Key, answer: PendingVerdict | None) -> None:
    if answer is None:
        book.pop(key, None)
    else:
        book[key] = answer
