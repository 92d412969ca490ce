"""The station's screen while somebody works there: what was scanned last, and what came of it."""

from mobile.engine import Engine
from mobile.flows.frame import Frame
from mobile.outcome import Outcome, PieceView
from mobile.strings import LEADER_CALLED, LEADER_CALLED_LATER, REDO_NOW
from mobile.views.news import News
from mobile.views.station import Shown, StationActions, StationScreen
from shared.schemas.commands import InspectionOutcome, VerdictAnswer
from shared.schemas.people import Person
from shared.schemas.production import Station
from shared.words import Phrase

RECENT_WIDE, RECENT_NARROW = 12, 6


class Floor:
    """Owns the answer that is up; it stays until the next scan, also while another screen is shown."""

    def __init__(self, frame: Frame, engine: Engine) -> None:
        """Nothing scanned yet."""
        self._frame, self._engine = frame, engine
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

    @property
    def is_asking(self) -> bool:
        """Whether what was scanned last waits for somebody's answer."""
        return self.is_up and self._outcome is not None and self._outcome.ask is not None

    def forget(self) -> None:
        """Somebody else works now, or somewhere else."""
        self._outcome = self._told = None

    def enter(self, station: Station, worker: Person, actions: StationActions) -> None:
        """Puts the station's screen up."""
        self._catch_up()
        stage = self._frame.stage
        screen = StationScreen(station, worker, stage.look, self._frame.clock.say, actions)
        screen.show(self._shown())
        stage.show(screen.control)
        self._screen = screen
        self._frame.on_leave(self._leave)
        self._frame.keep_camera()

    def _leave(self) -> None:
        self._screen = None

    def refresh(self) -> None:
        """The server has answered."""
        self._catch_up()
        self._repaint()

    def _repaint(self) -> None:
        """Changes what is new on it and nothing else."""
        if self._screen is not None:
            self._frame.stage.update(*self._screen.show(self._shown()))

    def _catch_up(self) -> None:
        """The last scan may be booked by now."""
        latest = self._engine.verdicts.recent(1)
        if self._outcome is not None and self._outcome.is_recorded and latest:
            self._outcome = latest[0].outcome

    # ---- what is done at the station ----

    def scan(self, text: str) -> None:
        """Records a code, then shows the answer, then says it aloud."""
        self._answer_scan(self._engine.on_code(text))

    def tell_gaps(self, text: str) -> None:
        """Shows and says that a gun read with gaps, and that nothing was recorded."""
        self._answer_scan(self._engine.on_gaps(text))

    def _answer_scan(self, outcome: Outcome) -> None:
        is_ready = self._engine.station is not None and self._engine.people.worker is not None
        self._outcome, self._told = outcome if is_ready else None, None
        self._say(outcome)

    def show_scan(self, outcome: Outcome) -> None:
        """What came of a scan that was made on another screen."""
        self._told = None
        self._show(outcome)

    def passed(self) -> None:
        """An inspector has found nothing wrong with what was asked about last."""
        self._inspected(InspectionOutcome.PASS, None)

    def failed(self, defect: str) -> None:
        """An inspector has found this defect (a code of `shared.words.DEFECTS`)."""
        self._inspected(InspectionOutcome.FAIL, defect)

    def _inspected(self, found: InspectionOutcome, defect: str | None) -> None:
        ask = self._outcome.ask if self._outcome else None
        if ask is not None:
            self._show(self._engine.answer_inspection(ask, found, defect))

    async def photograph(self, piece_id: str, content: bytes) -> None:
        """Keeps a picture (JPEG) of this piece, then shows and says what came of it."""
        self._show(await self._engine.attach_photo(piece_id, content))

    def keep(self, outcome: Outcome) -> None:
        """What came of something that was done on another screen; it is what this one shows next."""
        self._outcome = outcome

    def answer(self, outcome: Outcome, answer: VerdictAnswer) -> None:
        """Somebody has read what the server decided otherwise; what came of it is said, also that it was not kept."""
        assert outcome.entry is not None, "only what waits for an answer has buttons for one"
        self._has_unkept = self._engine.verdicts.answer(*outcome.entry, answer) is not None
        self._told = None if self._has_unkept else self._said_to(answer)
        self._repaint()
        self._frame.wake.set()

    def acknowledge(self) -> None:
        """Somebody has read all that the server decided otherwise; that it could not be kept is said."""
        self._has_unkept = self._engine.verdicts.acknowledge() is not None
        self._told = None
        self._repaint()
        self._frame.wake.set()

    def _show(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._say(outcome)

    def _say(self, outcome: Outcome) -> None:
        """Changes the station's screen where it is up, or goes there; then it is heard."""
        if self.is_up:
            self._repaint()
        else:
            self._frame.go_home()
        self._frame.heard(outcome.tone)

    def _said_to(self, answer: VerdictAnswer) -> Phrase | None:
        match answer:
            case VerdictAnswer.CALL_LEADER:
                return LEADER_CALLED if self._engine.sync_state.is_online else LEADER_CALLED_LATER
            case VerdictAnswer.REDO:
                return REDO_NOW
            case VerdictAnswer.UNDERSTOOD:
                return None

    def _shown(self) -> Shown:
        engine, clock = self._engine, self._frame.clock
        first_us = self._outcome.about_us if self._outcome else None
        return Shown(
            shift=clock.shift(),
            outcome=self._outcome,
            when=clock.say(first_us) if first_us is not None else "",
            recent=engine.verdicts.recent(RECENT_WIDE if self._frame.stage.look.is_wide else RECENT_NARROW),
            news=News(engine.verdicts.unseen, self._has_unkept, self._told),
            to_decide=engine.to_decide(),
            chips=self._frame.chips(),
        )
