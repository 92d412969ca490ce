"""The way of a piece without a label: narrow down, pick, let a leader confirm; or put it aside and call one."""

from collections.abc import Callable
from dataclasses import replace

from mobile.candidates import Candidate, Narrowing
from mobile.engine import Engine
from mobile.flows.frame import Frame
from mobile.flows.pin_entry import PinEntry, PinQuestion
from mobile.outcome import Outcome
from mobile.strings import LEADER_CALLED, LEADER_CALLED_LATER, LEADER_NO_SCAN, NOT_SAVED
from mobile.views.no_label import NoLabelActions, confirm_view, narrowing_view, stuck_view
from shared.label_code import CodeKind, LabelCode, parse
from shared.schemas.people import Person
from shared.words import Phrase

WHY = "no_label"


class Unlabelled:
    """Owns what was told and picked; nothing of it outlives the screen."""

    def __init__(
        self,
        frame: Frame,
        engine: Engine,
        *,
        on_identified: Callable[[str, Outcome], None],
        on_type: Callable[[], None],
        on_help: Callable[[], None],
    ) -> None:
        """Nobody has asked yet.

        `on_identified` gets the id of the piece and the answer to its scan; `on_type` and `on_help` lead elsewhere.
        """
        self._frame, self._engine = frame, engine
        self._on_identified, self._on_type, self._on_help = on_identified, on_type, on_help
        self._pins = PinEntry(frame, engine.people, engine.people.check)
        self._told: list[Narrowing] = [Narrowing()]
        self._candidates: list[Candidate] = []
        self._picked: Candidate | None = None

    def begin(self) -> None:
        """Somebody has a piece without a label."""
        self._told, self._picked = [Narrowing()], None
        self._candidates = self._engine.finder.expected()
        self._frame.go(self._narrow)

    def leave(self) -> None:
        """Another screen takes its place."""
        self._picked = None

    def takes(self, text: str) -> bool:
        """Whether this was a leader's badge that confirms the picked piece."""
        code = parse(text)
        if self._picked is None or not isinstance(code, LabelCode) or code.kind is not CodeKind.WORKER:
            return False
        leader = self._engine.people.leader_of_badge(code.text)
        if leader is not None:
            self._confirmed(self._picked, leader)
        return leader is not None

    def tells_gaps(self) -> bool:
        """Whether it is said here, to a leader who types the PIN, that a gun read with gaps."""
        return not self._pins.is_checking and self._pins.tells_gaps()

    def _narrow(self) -> None:
        actions = NoLabelActions(
            on_told=self._tell,
            on_pick=self._pick,
            on_none=lambda: self._frame.go(self._stuck),
            on_type=self._on_type,
            on_help=self._on_help,
            on_back=self._back,
        )
        self._frame.stage.show(narrowing_view(self._candidates, self._told[-1], self._frame.stage.look, actions))

    def _tell(self, question: str, answer: str) -> None:
        self._told.append(replace(self._told[-1], **{question: answer}))
        self._frame.go(self._narrow)

    def _back(self) -> None:
        self._picked = None
        if len(self._told) > 1:
            self._told.pop()
            self._frame.go(self._narrow)
        else:
            self._frame.go_home()

    def _pick(self, one: Candidate) -> None:
        def again() -> None:
            self._picked = None
            self._frame.go(self._narrow)

        def show() -> None:
            leaders, look = self._engine.people.leaders(), self._frame.stage.look
            self._picked = one
            self._frame.stage.show(confirm_view(one, leaders, look, ask, lambda: self._call(one), again))

        def ask(leader: Person) -> None:
            self._ask_pin(one, leader)

        self._frame.go(show)

    def _ask_pin(self, one: Candidate, leader: Person) -> None:
        async def check(pin: str) -> None:
            if await self._pins.is_right(question, pin):
                self._confirmed(one, leader)
            else:
                self._picked = one

        question = PinQuestion(leader, check, lambda: self._pick(one), LEADER_NO_SCAN)
        self._pins.ask(question)

    def _confirmed(self, one: Candidate, leader: Person) -> None:
        self._picked = None
        piece_id = one.view.piece_id
        self._on_identified(piece_id, self._engine.identify(piece_id, one.code, leader))

    def _call(self, one: Candidate | None) -> None:
        piece_id, code = (one.view.piece_id, one.code) if one else (None, None)
        fault = self._engine.call_leader(WHY, piece_id, code)
        self._picked = None
        said = LEADER_CALLED if self._engine.sync_state.is_online else LEADER_CALLED_LATER
        self._frame.go(lambda: self._stuck(said if fault is None else NOT_SAVED))
        self._frame.wake.set()

    def _stuck(self, told: Phrase | None = None) -> None:
        back = self._frame.go_home if told else lambda: self._frame.go(self._narrow)
        self._frame.stage.show(stuck_view(told, self._frame.stage.look, lambda: self._call(None), self._on_help, back))
