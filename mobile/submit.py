"""The one way in which anything done on this device is recorded: decide, keep, and only then tell."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel

from mobile.answers import Answer, answer_of, outcome_of, piece_of
from mobile.outcome import Outcome, Tone
from mobile.store import outbox, repeats
from mobile.store.database import STORAGE_FULL, Store
from mobile.store.mirror import MirrorRows
from mobile.store.overlay import OverlayRows, context_of
from shared.mint import RandomMint
from shared.rules.decide import decide
from shared.rules.facts import gather
from shared.rules.refusals import NextStep
from shared.schemas.commands import (
    AnswerVerdict,
    BindDevice,
    CallLeader,
    CloseCall,
    FloorCommand,
    FloorScan,
    IdentifyPiece,
    ReprintLabel,
)
from shared.schemas.door import Piece
from shared.schemas.people import Person
from shared.schemas.production import Station
from shared.schemas.sync import FIRST_PREVIOUS_HASH, Envelope, VerdictStatus


@dataclass(frozen=True)
class Desk:
    """Who works where, and with what clock: the circumstances of everything recorded now."""

    store: Store
    mirror: MirrorRows
    mint: RandomMint
    now_us: Callable[[], int]
    monotonic_us: Callable[[], int]
    incarnation: str
    """Empty where the device is not enrolled."""
    utc_offset_min: int
    station: Station | None
    worker: Person | None
    was_offline: bool
    """The last attempt to reach the server had failed."""

    def rows(self) -> OverlayRows:
        """The rows as this device believes them to be now; made anew for each thing that is done."""
        return OverlayRows(self.store, self.mirror, self.mint)


def kept(desk: Desk, command: FloorCommand) -> Outcome:
    """Submits the command over the rows of now; a full disk is an answer too."""
    try:
        return submit(desk, command, desk.rows())
    except OperationalError:
        return not_kept()


def submit(desk: Desk, command: FloorCommand, rows: OverlayRows) -> Outcome:
    """Decides with the rules that the server uses too, and commits the command to the outbox."""
    assert desk.station is not None, "a scan without a station was answered before"
    assert desk.worker is not None, "a scan without a worker was answered before"
    piece = piece_of(command, rows)
    seen = desk.mirror.get(Piece, piece.id) if piece else None
    envelope = envelope_of(desk, command, seen.rev if seen else None)
    answer = answer_to(desk, envelope, command, rows)
    # The names behind the ids are read before the command is in the outbox, or it would be replayed for them.
    station_id = desk.station.id
    outcome = outcome_of(answer, command, rows, is_synced=False, station_id=station_id)
    if outcome.tone is Tone.REPEAT and piece is not None and isinstance(command, FloorScan):
        before = repeats.count(desk.store, piece.id, station_id, outcome.facts)
        outcome = replace(outcome, facts={**outcome.facts, repeats.COUNT: before + 1})
    with desk.store.transaction():
        is_repeat = answer.status is VerdictStatus.OK_ALREADY
        # A closed call changes nothing about its piece, and may be about none: it is looked for by itself.
        about = command.call_id if isinstance(command, CloseCall) else piece.id if piece else None
        n = outbox.append(desk.store, desk.incarnation, envelope, about, is_repeat=is_repeat)
        outbox.show(desk.store, desk.incarnation, n, outcome)
    return outcome


def answer_to(desk: Desk, envelope: Envelope, command: FloorCommand, rows: OverlayRows) -> Answer:
    """What the rules say to this command in these circumstances; nothing is recorded."""
    context = context_of(envelope, desk.mint)
    return answer_of(decide(gather(command, context, rows), command, context))


def record(
    desk: Desk,
    command: BindDevice | AnswerVerdict | CallLeader | IdentifyPiece | ReprintLabel,
    piece_id: str | None = None,
) -> None:
    """Keeps what the device tells the server about itself, in the caller's transaction; nobody is shown anything."""
    outbox.append(desk.store, desk.incarnation, envelope_of(desk, command, None), piece_id, is_shown=False)


def envelope_of(desk: Desk, command: SQLModel, seen_rev: int | None) -> Envelope:
    """The command with the circumstances of now; the outbox numbers and chains it."""
    return Envelope(
        n=1,
        command=command.model_dump(mode="json"),
        seen_rev=seen_rev,
        station_id=desk.station.id if desk.station else None,
        worker_id=desk.worker.id if desk.worker else None,
        event_time_us=desk.now_us(),
        event_offset_min=desk.utc_offset_min,
        monotonic_us=desk.monotonic_us(),
        was_offline=desk.was_offline,
        prev_hash=FIRST_PREVIOUS_HASH,
    )


def not_kept() -> Outcome:
    """The disk is full: nothing was recorded, and that is said."""
    return Outcome(Tone.STOP, STORAGE_FULL, {}, (NextStep.CALL_LEADER,))


def fault_of(write: Callable[[], None]) -> str | None:
    """What became of a write: None, or the code that says that the disk is full."""
    try:
        write()
    except OperationalError:
        return STORAGE_FULL
    return None
