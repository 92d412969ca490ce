"""The station's screen while somebody works there: what was scanned last, and what came of it."""

from mobile.clock import FactoryClock
from mobile.engine import Engine
from mobile.outcome import Outcome, PieceView
from mobile.stage import Stage
from mobile.strings import LEADER_CALLED, LEADER_CALLED_LATER, REDO_NOW
from mobile.views.components.sync_chips import sync_chips
from mobile.views.news import News
from mobile.views.station import Shown, StationActions, StationScreen
from shared.schemas.commands import InspectionOutcome, VerdictAnswer
from shared.schemas.people import Person
from shared.schemas.production import Station
from shared.schemas.quality import Resolution
from shared.words import Phrase

RECENT_WIDE, RECENT_NARROW = 12, 6


class Floor:
    """Owns the answer that is up; it stays until the next scan, also while another screen is shown."""

    def __init__(self, stage: Stage, engine: Engine, clock: FactoryClock) -> None:
        """Nothing scanned yet."""
        self._stage, self._engine, self._clock = stage, engine, clock
        self._outcome: Outcome | None = None
        self._screen: StationScreen | None = None
        self._has_unkept = False
        self._told: Phrase | None = None

    @property
    def is_up(self) -> bool:
        """Whether the station's screen is what people see now."""
        return self._screen is not None

    @property
    def last_piece(self) -> PieceView | None:
        """What was scanned last, where it was a piece that is known here."""
        return self._outcome.piece if self._outcome else None

    def leave(self) -> None:
        """Another screen takes its place."""
        self._screen = None

    def forget(self) -> None:
        """Somebody else works now, or somewhere else."""
        self._outcome = self._told = None

    def enter(self, station: Station, worker: Person, actions: StationActions) -> None:
        """Puts the station's screen up."""
        self._catch_up()
        screen = StationScreen(station, worker, self._stage.look, self._clock.say, actions)
        screen.show(self._shown())
        self._stage.show(screen.control)
        self._screen = screen

    def repaint(self) -> None:
        """Changes what is new on it and nothing else."""
        if self._screen is not None:
            self._stage.update(*self._screen.show(self._shown()))

    def refresh(self) -> None:
        """The server has answered."""
        self._catch_up()
        self.repaint()

    def _catch_up(self) -> None:
        """The last scan may be booked by now."""
        latest = self._engine.recent(1)
        if self._outcome is not None and self._outcome.is_recorded and latest:
            self._outcome = latest[0].outcome

    def scan(self, text: str) -> Outcome:
        """The answer to a code, recorded by now; it is what the screen shows next."""
        outcome = self._engine.on_code(text)
        self._told = None
        is_ready = self._engine.station is not None and self._engine.worker is not None
        self._outcome = outcome if is_ready else None
        return outcome

    def show(self, outcome: Outcome) -> None:
        """What came of a scan that was made elsewhere; it is what the screen shows next."""
        self._outcome, self._told = outcome, None

    def inspect(self, defect: str | None) -> Outcome | None:
        """The answer to an inspector's pass (None) or defect (a code); None where nobody was asked."""
        ask = self._outcome.ask if self._outcome else None
        if ask is None:
            return None
        found = InspectionOutcome.PASS if defect is None else InspectionOutcome.FAIL
        self._outcome = self._engine.answer_inspection(ask, found, defect)
        return self._outcome

    async def photograph(self, piece_id: str, content: bytes) -> Outcome:
        """The answer to a picture (JPEG) of this piece, kept by now; it is what the screen shows next."""
        self._outcome = await self._engine.attach_photo(piece_id, content)
        return self._outcome

    def decide(self, conflict_id: str, resolution: Resolution) -> Outcome:
        """The answer to a leader's decision, kept by now where there is room; it is what the screen shows next."""
        self._outcome = self._engine.decide_conflict(conflict_id, resolution)
        return self._outcome

    def close_call(self, call_id: str) -> Outcome:
        """The answer to a leader who has seen to a call, kept by now where there is room."""
        self._outcome = self._engine.close_call(call_id)
        return self._outcome

    def answer(self, outcome: Outcome, answer: VerdictAnswer) -> None:
        """Somebody has read what the server decided otherwise; what came of it is said, also that it was not kept."""
        assert outcome.entry is not None, "only what waits for an answer has buttons for one"
        self._has_unkept = self._engine.answer_verdict(*outcome.entry, answer) is not None
        self._told = None if self._has_unkept else self._said_to(answer)
        self.repaint()

    def acknowledge(self) -> None:
        """Somebody has read all that the server decided otherwise; that it could not be kept is said."""
        self._has_unkept = self._engine.acknowledge_verdicts() is not None
        self._told = None
        self.repaint()

    def _said_to(self, answer: VerdictAnswer) -> Phrase | None:
        match answer:
            case VerdictAnswer.CALL_LEADER:
                return LEADER_CALLED if self._engine.sync_state.is_online else LEADER_CALLED_LATER
            case VerdictAnswer.REDO:
                return REDO_NOW
            case VerdictAnswer.UNDERSTOOD:
                return None

    def _shown(self) -> Shown:
        engine, look = self._engine, self._stage.look
        first_us = self._outcome.facts.get("event_time_us") if self._outcome else None
        state = engine.sync_state
        return Shown(
            shift=self._clock.shift(),
            outcome=self._outcome,
            when=self._clock.say(first_us) if isinstance(first_us, int) else "",
            recent=engine.recent(RECENT_WIDE if look.is_wide else RECENT_NARROW),
            news=News(engine.unseen_verdicts, self._has_unkept, self._told),
            to_decide=engine.to_decide(),
            chips=sync_chips(state, engine.waiting(), self._clock.minutes_since(state.last_contact_us), look),
        )
