"""The single write path: every command from anywhere goes through `process`, in one transaction with its effect.

Seen before? the stored verdict. Else: gather the facts, decide, write rows, history, verdict and feed.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never, cast

from pydantic import JsonValue, ValidationError
from sqlalchemy import Table, bindparam, insert, select, update
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
from sync_server.rows import IDS_A_QUERY, SessionRows, batched
from sync_server.scopes import scope_of
from sync_server.tables import CommandLogRow, EventRow

LOG = logging.getLogger(__name__)

_COMMAND_LOG = cast("Table", cast("Any", CommandLogRow).__table__)
_EVENTS = cast("Table", cast("Any", EventRow).__table__)

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
    """A verdict on its way into the log; where its effect can be seen is known only when the rows are published."""

    submission: Submission
    verdict: Verdict
    subject: str
    scopes: set[str]
    verdict_rev: int = 1
    """Above 1 where the command stands in the log already and was decided again."""


@dataclass
class Unit:
    """One transaction's worth of work, decided in memory; `finish` writes and publishes it."""

    session: Session
    mint: Mint
    record_time_us: int
    epoch: int
    rows: SessionRows = field(init=False)
    puts: list[FeedPut] = field(default_factory=list[FeedPut])
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict[tuple[str, str], Answer])
    """By origin and key: a command that is decided again in the same unit keeps only its last answer."""
    held: dict[str, dict[tuple[str, str], Answer]] = field(default_factory=dict[str, dict[tuple[str, str], Answer]])
    """The held commands of each piece that was asked for, by origin and key."""

    def __post_init__(self) -> None:
        """Rows read in this unit are remembered until it ends."""
        self.rows = SessionRows(self.session)

    def prefetch_held(self, piece_ids: Iterable[str]) -> None:
        """Reads the held commands of all these pieces at once."""
        wanted = sorted(set(piece_ids) - self.held.keys())
        self.held.update({piece_id: {} for piece_id in wanted})
        for chunk in batched(wanted, IDS_A_QUERY):
            query = select(CommandLogRow).where(
                col(CommandLogRow.subject).in_(chunk), col(CommandLogRow.status) == VerdictStatus.HELD.value
            )
            for row in self.session.execute(query).scalars():
                again = Answer(
                    _submission_again(row), Verdict.model_validate(row.verdict), row.subject, set(), row.verdict_rev
                )
                self.held[row.subject][row.origin, row.key] = again

    def answer(self, answer: Answer) -> None:
        """Takes an answer, and remembers it among the held ones if it is one."""
        key = (answer.submission.origin, answer.submission.key)
        self.answers[key] = answer
        if answer.verdict.status is VerdictStatus.HELD:
            self.prefetch_held([answer.subject])
            self.held[answer.subject][key] = answer


def process(unit: Unit, submission: Submission) -> Verdict:
    """The verdict of this command. Its `visible_at` is complete after `finish(unit)`."""
    stored = _stored_verdict(unit, submission)
    if stored is not None:
        return stored
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
    stored = _stored_verdict(unit, submission)
    if stored is not None:
        return stored
    return _store(unit, submission, _parked(unit, submission, reason), "", ())


def _stored_verdict(unit: Unit, submission: Submission) -> Verdict | None:
    """The verdict that a replay gets. A device's numbers are dense, and `push` has sorted its replays out already."""
    if submission.n is not None:
        return None
    stored = unit.session.get(CommandLogRow, (submission.origin, submission.key))
    return Verdict.model_validate(stored.verdict) if stored is not None else None


def process_or_park(unit: Unit, submission: Submission) -> Verdict:
    """As `process`, but a command that the program stumbles over is undone, parked, and blocks nothing."""
    mark, puts, events = unit.rows.mark(), len(unit.puts), len(unit.events)
    answers, held = dict(unit.answers), {piece_id: dict(waiting) for piece_id, waiting in unit.held.items() if waiting}
    try:
        return process(unit, submission)
    except DBAPIError:
        raise
    except Exception as error:
        LOG.exception("%s %s could not be processed", submission.origin, submission.key)
        unit.rows.rewind(mark)
        del unit.puts[puts:], unit.events[events:]
        unit.answers, unit.held = answers, held
        return park(unit, submission, f"{type(error).__name__}: {error}")


def finish(unit: Unit) -> list[Answer]:
    """Writes what was decided, publishes it and completes the verdicts; the last thing before the commit."""
    answers = list(unit.answers.values())
    unit.rows.write()
    if unit.events:
        unit.session.execute(insert(_EVENTS), unit.events)
    heads = publish(unit.session, unit.puts, {scope for a in answers for scope in a.scopes}, unit.epoch)
    verdicts: list[FeedPut] = []
    for answer in answers:
        answer.verdict.visible_at = {scope: heads[scope] for scope in sorted(answer.scopes)}
        sent = answer.submission
        if sent.device_id and sent.incarnation:
            row_id = f"{sent.incarnation}/{answer.verdict.n}"
            row = VerdictRow(**answer.verdict.model_dump(), id=row_id, rev=answer.verdict_rev)
            verdicts.append(FeedPut(f"device:{sent.device_id}", row))
    _log(unit, answers)
    publish(unit.session, verdicts, (), unit.epoch)
    return answers


def _log(unit: Unit, answers: Sequence[Answer]) -> None:
    fresh = [_log_values(unit, answer) for answer in answers if answer.verdict_rev == 1]
    if fresh:
        unit.session.execute(insert(_COMMAND_LOG), fresh)
    again = [
        {
            "sent_origin": answer.submission.origin,
            "sent_key": answer.submission.key,
            "status": answer.verdict.status.value,
            "verdict": answer.verdict.model_dump(mode="json"),
            "verdict_rev": answer.verdict_rev,
        }
        for answer in answers
        if answer.verdict_rev > 1
    ]
    if again:
        here = (_COMMAND_LOG.c.origin == bindparam("sent_origin"), _COMMAND_LOG.c.key == bindparam("sent_key"))
        unit.session.execute(update(_COMMAND_LOG).where(*here), again)


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
    unit.events += [
        {
            "id": unit.mint.new_id(),
            "subject": draft.subject,
            "kind": draft.kind.value,
            "detail": dict(draft.detail),
            "origin": submission.origin,
            "key": submission.key,
            "person_id": submission.person_id,
            "station_id": submission.station_id,
            "device_id": submission.device_id,
            "event_time_us": submission.event_time_us,
            "event_offset_min": submission.event_offset_min,
            "was_offline": submission.was_offline,
            "record_time_us": unit.record_time_us,
        }
        for draft in decision.change.events
    ]
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
    unit.answer(Answer(submission, verdict, subject, set(scopes)))
    return verdict


def _log_values(unit: Unit, answer: Answer) -> dict[str, Any]:
    sent = answer.submission
    return {
        "origin": sent.origin,
        "key": sent.key,
        "n": sent.n,
        "type": str(sent.command.get("type", "")),
        "body": sent.body,
        "hash": sent.hash,
        "subject": answer.subject,
        "status": answer.verdict.status.value,
        "verdict": answer.verdict.model_dump(mode="json"),
        "verdict_rev": answer.verdict_rev,
        "person_id": sent.person_id,
        "station_id": sent.station_id,
        "device_id": sent.device_id,
        "event_time_us": sent.event_time_us,
        "event_offset_min": sent.event_offset_min,
        "was_offline": sent.was_offline,
        "record_time_us": unit.record_time_us,
    }


def _release_held(unit: Unit, piece_id: str) -> None:
    """Decides the commands again that waited for something on this piece, the earliest operation first."""
    unit.prefetch_held([piece_id])
    for key, waiting in sorted(unit.held[piece_id].items(), key=lambda item: _operation_number(item[1].submission)):
        command = COMMAND.validate_python(waiting.submission.command)
        context = _context(unit, waiting.submission)
        facts = gather(command, context, unit.rows)
        decision = decide(facts, command, context)
        if isinstance(decision, Held):
            continue
        changed = _apply(unit, waiting.submission, decision)
        touched = {scope for r in (*changed, *([facts.piece] if facts.piece else [])) if (scope := scope_of(r))}
        verdict = _verdict(unit, waiting.submission, decision)
        is_in_log = key not in unit.answers or waiting.verdict_rev > 1
        verdict_rev = waiting.verdict_rev + 1 if is_in_log else 1
        unit.answer(Answer(waiting.submission, verdict, piece_id, touched, verdict_rev))
        del unit.held[piece_id][key]


def _operation_number(submission: Submission) -> int:
    number = submission.command.get("operation_number", 0)
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
