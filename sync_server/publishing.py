"""The end of a unit: what was decided is written, published in the feed, and answered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.schemas.sync import COMMAND_HASH_CHARACTERS, Cursor, VerdictRow
from sync_server.feed.writing import FeedChange, Head, former_versions, lock_heads, place, write
from sync_server.storage.bulk import insert_all, update_all
from sync_server.storage.columns import built
from sync_server.tables import CommandLogRow, EventRow, JobRow, table_of
from sync_server.unit import PendingVerdict, Unit

_COMMAND_LOG = table_of(CommandLogRow)
_EVENTS = table_of(EventRow)
_JOBS = table_of(JobRow)


def finish(unit: Unit) -> list[PendingVerdict]:
    """Writes what was decided, publishes it and completes the verdicts; the last thing before the commit.

    The counters of all scopes that are touched are locked last, and in ascending order.
    """
    answers = list(unit.answers.values())
    unit.rows.write()
    insert_all(unit.session, _EVENTS, unit.events)
    insert_all(unit.session, _JOBS, unit.jobs)
    changes = _last_of_each(unit.changes)
    again = [FeedChange(scope, _verdict_row(a)) for a in answers if a.verdict_rev > 1 and (scope := _device_scope(a))]
    before, verdicts_before = former_versions(unit.session, changes), former_versions(unit.session, again)
    touched = {scope for answer in answers for scope in answer.scopes}
    devices = {scope for answer in answers if (scope := _device_scope(answer))}
    heads = lock_heads(unit.session, touched | devices | {change.scope for change in changes}, unit.moment.epoch)
    entries = place(heads, changes, before, unit.moment.record_time_us)
    _tell_where(answers, heads)
    verdicts = [FeedChange(scope, _verdict_row(answer)) for answer in answers if (scope := _device_scope(answer))]
    entries += place(heads, verdicts, verdicts_before, unit.moment.record_time_us)
    write(unit.session, heads, entries, before | verdicts_before)
    _log(unit, answers)
    return answers


def _tell_where(answers: Iterable[PendingVerdict], heads: Mapping[str, Head]) -> None:
    """Every verdict says at which point of which scope its effect can be seen."""
    reached = {scope: Cursor(epoch=head.epoch, sequence=head.head) for scope, head in heads.items()}
    for answer in answers:
        answer.verdict.visible_at.clear()
        answer.verdict.visible_at.update({scope: reached[scope] for scope in sorted(answer.scopes)})


def _device_scope(answer: PendingVerdict) -> str | None:
    sent = answer.submission
    return f"device:{sent.device_id}" if sent.device_id and sent.incarnation else None


def _verdict_row(answer: PendingVerdict) -> VerdictRow:
    row_id = f"{answer.submission.incarnation}/{answer.verdict.n}"
    command_hash = answer.submission.hash[:COMMAND_HASH_CHARACTERS]
    own = {"id": row_id, "rev": answer.verdict_rev, "command_hash": command_hash}
    return built(VerdictRow, {**answer.verdict.__dict__, **own})


def _last_of_each(changes: Sequence[FeedChange]) -> list[FeedChange]:
    """Only the last change of a row in a scope travels."""
    return list({(change.scope, type(change.row), change.row.id): change for change in changes}.values())


def _log(unit: Unit, answers: Sequence[PendingVerdict]) -> None:
    insert_all(unit.session, _COMMAND_LOG, [_log_values(unit, answer) for answer in answers if answer.verdict_rev == 1])
    again = [
        {
            "origin": answer.submission.origin,
            "key": answer.submission.key,
            "status": answer.verdict.status.value,
            "verdict": answer.verdict.model_dump_json(),
            "verdict_rev": answer.verdict_rev,
        }
        for answer in answers
        if answer.verdict_rev > 1
    ]
    update_all(unit.session, _COMMAND_LOG, again, {"origin": "origin", "key": "key"})


def _log_values(unit: Unit, answer: PendingVerdict) -> dict[str, Any]:
    sent = answer.submission
    return {
        "origin": sent.origin,
        "key": sent.key,
        "n": sent.n,
        "type": str(sent.command.get("type", ""))[:100],
        "body": sent.canonical.decode(),
        "hash": sent.hash,
        "subject": answer.subject,
        "status": answer.verdict.status.value,
        "verdict": answer.verdict.model_dump_json(),
        "verdict_rev": answer.verdict_rev,
        "person_id": sent.person_id,
        "station_id": sent.station_id,
        "device_id": sent.device_id,
        "event_time_us": sent.event_time_us,
        "event_offset_min": sent.event_offset_min,
        "was_offline": sent.was_offline,
        "record_time_us": unit.moment.record_time_us,
    }
