"""The single write path: every command from anywhere goes through `process`, in one transaction with its effect.

Seen before? the stored verdict. Else: gather the facts, decide, write rows, history, verdict and feed.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from pydantic import JsonValue, ValidationError
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.canonical import canonical_json, sha256_hex
from shared.rules.decide import decide
from shared.rules.decision import Accepted, Context, Decision, Flag, Held, Mint, Rejected
from shared.rules.facts import Facts, gather
from shared.rules.progress import door_with_progress, order_with_progress
from shared.schemas.commands import COMMAND, Command
from shared.schemas.door import Door, Piece
from shared.schemas.entities import Entity
from shared.schemas.order import Order
from shared.schemas.sync import Verdict, VerdictRow, VerdictStatus
from sync_server.feed import FeedPut, publish
from sync_server.rows import SessionRows
from sync_server.scopes import scope_of
from sync_server.tables import CommandLogRow, EventRow

LOG = logging.getLogger(__name__)

_FLAGGED = {
    Flag.NONE: VerdictStatus.OK,
    Flag.ALREADY: VerdictStatus.OK_ALREADY,
    Flag.LATE: VerdictStatus.OK_LATE,
}


@dataclass(frozen=True)
class Submission:
    """A command as it arrived: who sent it under which key, and the circumstances that it claims."""

    origin: str
    key: str
    body: dict[str, JsonValue]
    """The command's JSON (for a device, the whole envelope), as it is kept in the log."""
    command: dict[str, JsonValue]
    event_time_us: int
    event_offset_min: int
    person_id: str | None = None
    station_id: str | None = None
    device_id: str | None = None
    incarnation: str | None = None
    n: int | None = None
    was_offline: bool = False
    is_trusted: bool = False

    @property
    def hash(self) -> str:
        """What tells a replay from another command under the same key."""
        return sha256_hex(canonical_json(self.body))


@dataclass
class Answer:
    """A verdict and its row in the log; where its effect can be seen is known only when the rows are published."""

    row: CommandLogRow
    verdict: Verdict
    scopes: set[str]
    incarnation: str | None


@dataclass
class Unit:
    """One transaction's worth of work; `finish` publishes its rows and completes its verdicts."""

    session: Session
    mint: Mint
    record_time_us: int
    epoch: int
    rows: SessionRows = field(init=False)
    puts: list[FeedPut] = field(default_factory=list[FeedPut])
    answers: list[Answer] = field(default_factory=list[Answer])

    def __post_init__(self) -> None:
        """Rows read in this unit are remembered until it ends."""
        self.rows = SessionRows(self.session)

    def rewind(self, puts: int, answers: list[Answer]) -> None:
        """Forgets what a command did whose savepoint was rolled back."""
        self.rows = SessionRows(self.session)
        del self.puts[puts:]
        self.answers = answers


def process(unit: Unit, submission: Submission) -> Verdict:
    """The verdict of this command. Its `visible_at` is complete after `finish(unit)`."""
    stored = unit.session.get(CommandLogRow, (submission.origin, submission.key))
    if stored is not None:
        return Verdict.model_validate(stored.verdict)
    try:
        command = COMMAND.validate_python(submission.command)
    except ValidationError as error:
        return _store(
            unit, submission, _parked(unit, submission, str(error.errors(include_url=False)[0]["msg"])), "", ()
        )
    context = _context(unit, submission)
    facts = gather(command, context, unit.rows)
    decision = decide(facts, command, context)
    subject = _subject(facts, command)
    changed = _apply(unit, submission, decision)
    touched = {scope for row in (*changed, *([facts.piece] if facts.piece else [])) if (scope := scope_of(row))}
    verdict = _store(unit, submission, _verdict(unit, submission, decision), subject, touched)
    if changed and facts.piece is not None:
        _release_held(unit, facts.piece.id)
    return verdict


def park(unit: Unit, submission: Submission, reason: str) -> Verdict:
    """Keeps a command that could not be processed, with its payload, and lets the queue behind it go on."""
    stored = unit.session.get(CommandLogRow, (submission.origin, submission.key))
    if stored is not None:
        return Verdict.model_validate(stored.verdict)
    return _store(unit, submission, _parked(unit, submission, reason), "", ())


def process_or_park(unit: Unit, submission: Submission) -> Verdict:
    """As `process`, in a savepoint: a command that the program stumbles over is parked and blocks nothing."""
    puts, answers = len(unit.puts), list(unit.answers)
    try:
        with unit.session.begin_nested():
            return process(unit, submission)
    except DBAPIError:
        raise
    except Exception as error:
        LOG.exception("%s %s could not be processed", submission.origin, submission.key)
        unit.rewind(puts, answers)
        return park(unit, submission, f"{type(error).__name__}: {error}")


def finish(unit: Unit) -> list[Answer]:
    """Publishes what changed and completes the verdicts; the last thing before the commit."""
    heads = publish(unit.session, unit.puts, {scope for a in unit.answers for scope in a.scopes}, unit.epoch)
    verdicts: list[FeedPut] = []
    for answer in unit.answers:
        answer.verdict.visible_at = {scope: heads[scope] for scope in sorted(answer.scopes)}
        answer.row.verdict = answer.verdict.model_dump(mode="json")
        answer.row.status = answer.verdict.status.value
        unit.session.add(answer.row)
        if answer.row.device_id and answer.incarnation:
            row_id = f"{answer.incarnation}/{answer.verdict.n}"
            row = VerdictRow(**answer.verdict.model_dump(), id=row_id, rev=answer.row.verdict_rev)
            verdicts.append(FeedPut(f"device:{answer.row.device_id}", row))
    unit.session.flush()
    publish(unit.session, verdicts, (), unit.epoch)
    return unit.answers


def submit(session: Session, submission: Submission, mint: Mint, record_time_us: int, epoch: int) -> Verdict:
    """One command in a transaction of its own: what the office, the enrolment and the timers call."""
    unit = Unit(session, mint, record_time_us, epoch)
    verdict = process(unit, submission)
    finish(unit)
    return verdict


def _context(unit: Unit, submission: Submission) -> Context:
    return Context(
        event_time_us=submission.event_time_us,
        event_offset_min=submission.event_offset_min,
        record_time_us=unit.record_time_us,
        mint=unit.mint,
        worker_id=submission.person_id,
        station_id=submission.station_id,
        device_id=submission.device_id,
        was_offline=submission.was_offline,
        is_trusted=submission.is_trusted,
    )


def _subject(facts: Facts, command: Command) -> str:
    if facts.piece is not None:
        return facts.piece.id
    for name in ("order_id", "enrolment_id", "piece_id", "label_code"):
        value = getattr(command, name, None)
        if isinstance(value, str):
            return value
    return ""


def _apply(unit: Unit, submission: Submission, decision: Decision) -> list[Entity]:
    """Writes an accepted command's rows and history, and what follows from them."""
    if not isinstance(decision, Accepted):
        return []
    written = [unit.rows.put(row) for row in decision.change.puts]
    written += _progressed(unit, written)
    unit.puts += [FeedPut(scope, row) for row in written if (scope := scope_of(row))]
    for draft in decision.change.events:
        unit.session.add(
            EventRow(
                id=unit.mint.new_id(),
                subject=draft.subject,
                kind=draft.kind.value,
                detail=dict(draft.detail),
                origin=submission.origin,
                key=submission.key,
                person_id=submission.person_id,
                station_id=submission.station_id,
                device_id=submission.device_id,
                event_time_us=submission.event_time_us,
                event_offset_min=submission.event_offset_min,
                was_offline=submission.was_offline,
                record_time_us=unit.record_time_us,
            )
        )
    return written


def _progressed(unit: Unit, written: Iterable[Entity]) -> list[Entity]:
    """Doors and orders whose state follows from pieces that were just written."""
    doors_written = {row.id for row in written if isinstance(row, Door)}
    door_ids = {row.door_id for row in written if isinstance(row, Piece)} - doors_written
    moved: list[Entity] = []
    for door_id in sorted(door_ids):
        door = unit.rows.get(Door, door_id)
        assert door is not None, "a piece always belongs to a door"
        after = door_with_progress(door, unit.rows.children(Piece, door_id))
        if after != door:
            moved.append(unit.rows.put(after))
    for order_id in sorted({row.order_id for row in moved if isinstance(row, Door)}):
        order = unit.rows.get(Order, order_id)
        assert order is not None, "a door always belongs to an order"
        after_order = order_with_progress(order, unit.rows.children(Door, order_id))
        if after_order != order:
            moved.append(unit.rows.put(after_order))
    return moved


def _verdict(unit: Unit, submission: Submission, decision: Decision) -> Verdict:
    n, now = submission.n or 0, unit.record_time_us
    match decision:
        case Accepted(flag=flag, facts=said):
            return Verdict(n=n, status=_FLAGGED[flag], facts=dict(said), record_time_us=now)
        case Held(waits_for=waits_for, code=code, facts=said, next_steps=steps):
            return Verdict(
                n=n,
                status=VerdictStatus.HELD,
                code=code,
                facts=dict(said),
                next_steps=list(steps),
                waits_for=list(waits_for),
                record_time_us=now,
            )
        case Rejected(code=code, facts=said, next_steps=steps):
            return Verdict(
                n=n,
                status=VerdictStatus.REJECTED,
                code=code,
                facts=dict(said),
                next_steps=list(steps),
                record_time_us=now,
            )
        case _:
            assert_never(decision)


def _parked(unit: Unit, submission: Submission, reason: str) -> Verdict:
    LOG.warning("parked %s %s: %s", submission.origin, submission.key, reason)
    return Verdict(
        n=submission.n or 0,
        status=VerdictStatus.PARKED,
        code="parked",
        facts={"reason": reason[:500]},
        next_steps=["call_leader"],
        record_time_us=unit.record_time_us,
    )


def _store(unit: Unit, submission: Submission, verdict: Verdict, subject: str, scopes: Iterable[str]) -> Verdict:
    row = CommandLogRow(
        origin=submission.origin,
        key=submission.key,
        n=submission.n,
        type=str(submission.command.get("type", "")),
        body=submission.body,
        hash=submission.hash,
        subject=subject,
        status=verdict.status.value,
        verdict=verdict.model_dump(mode="json"),
        person_id=submission.person_id,
        station_id=submission.station_id,
        device_id=submission.device_id,
        event_time_us=submission.event_time_us,
        event_offset_min=submission.event_offset_min,
        was_offline=submission.was_offline,
        record_time_us=unit.record_time_us,
    )
    unit.session.add(row)
    unit.session.flush()
    unit.answers.append(Answer(row, verdict, set(scopes), submission.incarnation))
    return verdict


def _release_held(unit: Unit, piece_id: str) -> None:
    """Decides the commands again that waited for something on this piece, the earliest operation first."""
    query = select(CommandLogRow).where(
        col(CommandLogRow.subject) == piece_id, col(CommandLogRow.status) == VerdictStatus.HELD.value
    )
    waiting = unit.session.execute(query).scalars().all()
    for row in sorted(waiting, key=_operation_number):
        submission = _submission_again(row)
        command = COMMAND.validate_python(submission.command)
        context = _context(unit, submission)
        facts = gather(command, context, unit.rows)
        decision = decide(facts, command, context)
        if isinstance(decision, Held):
            continue
        changed = _apply(unit, submission, decision)
        piece_scope = {scope for r in (*changed, *([facts.piece] if facts.piece else [])) if (scope := scope_of(r))}
        verdict = _verdict(unit, submission, decision)
        row.status, row.verdict_rev = verdict.status.value, row.verdict_rev + 1
        unit.session.flush()
        unit.answers = [answer for answer in unit.answers if answer.row is not row]
        unit.answers.append(Answer(row, verdict, piece_scope, submission.incarnation))


def _operation_number(row: CommandLogRow) -> int:
    command = row.body.get("command", row.body)
    number = command.get("operation_number", 0) if isinstance(command, dict) else 0
    return number if isinstance(number, int) else 0


def _submission_again(row: CommandLogRow) -> Submission:
    """A logged command as it was submitted."""
    inner = row.body.get("command")
    _, _, incarnation = row.origin.partition("/")
    return Submission(
        origin=row.origin,
        key=row.key,
        body=row.body,
        command=inner if isinstance(inner, dict) else row.body,
        event_time_us=row.event_time_us,
        event_offset_min=row.event_offset_min,
        person_id=row.person_id,
        station_id=row.station_id,
        device_id=row.device_id,
        incarnation=incarnation or None,
        n=row.n,
        was_offline=row.was_offline,
    )
