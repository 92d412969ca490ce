"""What the server has said to what was recorded here, and what somebody does about it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from mobile.answers import answer_of_verdict, outcome_of, piece_of
from mobile.outcome import Outcome, Recent, Tone
from mobile.store import outbox, repeats
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from mobile.store.overlay import OverlayRows
from mobile.submit import Desk, fault_of, record
from shared.mint import RandomMint
from shared.schemas.commands import (
    AnswerVerdict,
    AttachPhoto,
    CloseCall,
    FloorCommand,
    ResolveConflict,
    VerdictAnswer,
)
from shared.schemas.upcast import read_command


class DeviceVerdicts:
    """Implements `mobile.engine.Verdicts`; nothing is kept between two questions."""

    def __init__(self, store: Store, mirror: MirrorRows, mint: RandomMint, desk: Callable[[], Desk]) -> None:
        """Over this store; `desk` gives the circumstances in which somebody answers."""
        self._store, self._mirror, self._mint, self._desk = store, mirror, mint, desk

    @property
    def unseen(self) -> Sequence[Outcome]:
        """Verdicts that differ from what the worker was shown, each with its `entry`."""
        return [replace(self._shown(one), entry=(one.incarnation, one.n)) for one in outbox.unseen(self._store)]

    def recent(self, limit: int) -> list[Recent]:
        """The latest scans, newest first."""
        entries = outbox.latest(self._store, limit)
        return [Recent(self._shown(entry), entry.envelope.event_time_us) for entry in entries]

    def _shown(self, entry: outbox.Recorded) -> Outcome:
        """What an entry says now: the server's verdict where there is one, else what the worker was shown."""
        if entry.verdict is None:
            return entry.outcome
        rows = OverlayRows(self._store, self._mirror, self._mint)
        command, at = _command_of(entry), entry.envelope.station_id
        outcome = outcome_of(answer_of_verdict(entry.verdict), command, rows, is_synced=True, station_id=at)
        again = entry.outcome.facts.get(repeats.COUNT)
        is_counted = outcome.tone is Tone.REPEAT and again is not None
        return replace(outcome, facts={**outcome.facts, repeats.COUNT: again}) if is_counted else outcome

    def answer(self, incarnation: str, n: int, answer: VerdictAnswer) -> str | None:
        """Somebody has read this verdict and says what they do about it; a fault code, or None when that was kept."""
        return self._answer(answer, lambda entry: (entry.incarnation, entry.n) == (incarnation, n))

    def acknowledge(self) -> str | None:
        """Somebody has read all of them; a fault code, or None when that was kept."""
        return self._answer(VerdictAnswer.UNDERSTOOD, lambda _: True)

    def _answer(self, answer: VerdictAnswer, is_meant: Callable[[outbox.Recorded], bool]) -> str | None:
        """Keeps the answer to these unseen verdicts, which the office sees."""
        desk = self._desk()

        def keep() -> None:
            with desk.store.transaction():
                for entry in filter(is_meant, outbox.unseen(desk.store)):
                    if desk.incarnation:
                        record(desk, _answered(desk, entry, answer))
                    outbox.mark_seen(desk.store, entry.incarnation, entry.n)

        return fault_of(keep)


def _answered(desk: Desk, entry: outbox.Recorded, answer: VerdictAnswer) -> AnswerVerdict:
    """What somebody does about this entry's verdict, with what it was about."""
    assert entry.verdict is not None, "what nobody has decided otherwise is answered by nobody"
    command = _command_of(entry)
    piece = piece_of(command, desk.mirror)
    has_label = not isinstance(command, AttachPhoto | ResolveConflict | CloseCall)
    return AnswerVerdict(
        incarnation=entry.incarnation,
        answered_n=entry.n,
        answer=answer,
        piece_id=piece.id if piece else None,
        label_code=command.label_code if has_label else None,
        code=entry.verdict.code,
    )


def _command_of(entry: outbox.Recorded) -> FloorCommand:
    command = read_command(entry.envelope.command)
    assert isinstance(command, FloorCommand), "what the device says about itself is shown to nobody"
    return command
