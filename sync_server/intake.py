"""The single write path: every command from anywhere goes through `process`, in one transaction with its effect.

Seen before? the stored verdict. Else: gather the facts, decide, write rows, history, verdict and feed.
"""

import logging
from collections.abc import Iterable

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared.rules.decide import decide
from shared.rules.decision import Accepted, Held
from shared.rules.facts import Facts, gather
from shared.schemas.commands import AttachPhoto, Command, ConfirmPhoto, ResolveConflict
from shared.schemas.door import Piece
from shared.schemas.entities import Entity
from shared.schemas.identifiers import Id
from shared.schemas.sync import Verdict
from shared.schemas.upcast import read_command
from sync_server import holds, photo_rows
from sync_server.effects import apply, context_of, touched_scopes
from sync_server.errors import request_fault
from sync_server.locks import lock_families
from sync_server.moment import Moment
from sync_server.publishing import finish
from sync_server.submission import Submission, system_submission
from sync_server.tables import CommandLogRow
from sync_server.unit import PendingVerdict, Unit
from sync_server.verdicts import parked, verdict_of

LOG = logging.getLogger(__name__)
ID = TypeAdapter[str](Id)


def process(unit: Unit, submission: Submission) -> Verdict:
    """The verdict of this command. Its `visible_at` is complete after `finish(unit)`.

    The orders that it is about are locked already (`lock_families`).
    """
    stored = _stored_verdict(unit, submission)
    if stored is not None:
        return stored
    try:
        command = read_command(submission.command)
    except ValidationError as error:
        return _park(unit, submission, str(error.errors(include_url=False)[0]["msg"]))
    context = context_of(unit, submission)
    facts = gather(command, context, unit.rows)
    decision = decide(facts, command, context)
    changed = apply(unit, submission, decision)
    verdict = verdict_of(decision, submission.n or 0, unit.moment.record_time_us)
    if isinstance(decision, Held) and facts.piece is not None:
        verdict.until_us = holds.open_conflict(unit, submission, decision, facts.piece)
    unit.answer(PendingVerdict(submission, verdict, _subject(facts, command), touched_scopes(changed, facts.piece)))
    if isinstance(decision, Accepted):
        _follow_up(unit, command, changed)
    return verdict


def process_or_park(unit: Unit, submission: Submission) -> Verdict:
    """As `process`, but a command that the program stumbles over is undone, parked, and blocks nothing."""
    mark = unit.mark()
    try:
        return process(unit, submission)
    except DBAPIError:
        raise
    except Exception as error:
        LOG.exception("%s %s could not be processed", submission.origin, submission.key)
        unit.rewind(mark)
        return park(unit, submission, f"{type(error).__name__}: {error}")


def park(unit: Unit, submission: Submission, reason: str) -> Verdict:
    """Keeps a command that could not be processed, with its payload, and lets the queue behind it go on."""
    return _stored_verdict(unit, submission) or _park(unit, submission, reason)


def submit(session: Session, submission: Submission, moment: Moment) -> Verdict:
    """One command in a transaction of its own: what the office, the enrolment and the timers call."""
    lock_families(session, [submission.command])
    unit = Unit(session, moment)
    verdict = process(unit, submission)
    finish(unit)
    return verdict


def _stored_verdict(unit: Unit, submission: Submission) -> Verdict | None:
    """The verdict that a replay gets. A device's numbers are dense, and `push` has sorted its replays out already.

    Raises `RequestFault` 409 where the key has come before with other content: neither of the two is dropped unsaid.
    """
    if submission.n is not None:
        return None
    stored = unit.session.get(CommandLogRow, (submission.origin, submission.key))
    if stored is None:
        return None
    if stored.hash != submission.hash:
        raise request_fault(
            409, "key_reused", "这个编号已用于另一份内容,请刷新后再试。", "This key came before with other content."
        )
    return Verdict.model_validate(stored.verdict)


def _park(unit: Unit, submission: Submission, reason: str) -> Verdict:
    LOG.warning("parked %s %s: %s", submission.origin, submission.key, reason)
    verdict = parked(submission.n or 0, reason, unit.moment.record_time_us)
    unit.answer(PendingVerdict(submission, verdict, _named_piece(submission), set()))
    return verdict


def _named_piece(submission: Submission) -> str:
    """The piece that a command names which was not understood, so that its history can tell; else nothing."""
    try:
        return ID.validate_python(submission.command.get("piece_id"))
    except ValidationError:
        return ""


def _follow_up(unit: Unit, command: Command, changed: Iterable[Entity]) -> None:
    """What an accepted command sets off: decided conflicts, scans that had waited, bytes that were here before."""
    if isinstance(command, ResolveConflict):
        holds.carry_out(unit, command)
    for piece_id in dict.fromkeys(row.id for row in changed if isinstance(row, Piece)):
        holds.release(unit, piece_id)
    if isinstance(command, AttachPhoto) and photo_rows.is_stored(unit.session, command.sha256):
        confirm(unit, command.photo_id)


def confirm(unit: Unit, photo_id: str) -> Verdict:
    """The bytes of this photo are here: tells everybody who holds its row."""
    command = ConfirmPhoto(photo_id=photo_id)
    return process(unit, system_submission(f"confirm_photo/{photo_id}", command, unit.moment.record_time_us))


def _subject(facts: Facts, command: Command) -> str:
    if facts.piece is not None:
        return facts.piece.id
    for name in ("order_id", "enrolment_id", "device_id", "trip_id", "piece_id", "label_code"):
        value = getattr(command, name, None)
        if isinstance(value, str):
            return value
    return ""
