"""The way of a piece without a label: narrow down, pick, let a leader confirm; or put it aside and call one."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from mobile.candidates import Candidate, Narrowing
from mobile.clock import FactoryClock
from mobile.engine import Engine
from mobile.outcome import Outcome, SignIn, SignInStatus
from mobile.stage import Stage
from mobile.strings import LEADER_CALLED, LEADER_CALLED_LATER, NOT_SAVED
from mobile.views.no_label import NoLabelActions, confirm_view, narrowing_view, stuck_view
from mobile.views.pin_pad import DONE, KEYBOARD, pressed
from mobile.views.sign_in import pin_view
from shared.label_code import CodeKind, LabelCode, parse
from shared.schemas.people import Person
from shared.words import Phrase

WHY = "no_label"


@dataclass(frozen=True)
class UnlabelledWays:
    """Where it leads: `go` shows a screen and paints it anew, `answer` shows an outcome at the station.

    `print_label` gets the id of a piece whose label is to come out once more; that copy is on record.
    """

    go: Callable[[Callable[[], None]], None]
    answer: Callable[[Outcome], None]
    home: Callable[[], None]
    type_code: Callable[[], None]
    help: Callable[[], None]
    language: Callable[[], None]
    wake: Callable[[], None]
    print_label: Callable[[str], None]


class Unlabelled:
    """Owns what was told and picked; nothing of it outlives the screen."""

    def __init__(self, stage: Stage, engine: Engine, clock: FactoryClock, ways: UnlabelledWays) -> None:
        """Nobody has asked yet."""
        self._stage, self._engine, self._clock, self._ways = stage, engine, clock, ways
        self._told: list[Narrowing] = [Narrowing()]
        self._candidates: list[Candidate] = []
        self._picked: Candidate | None = None
        self._is_checking = False

    def begin(self) -> None:
        """Somebody has a piece without a label."""
        self._told, self._picked = [Narrowing()], None
        self._candidates = self._engine.expected()
        self._ways.go(self._narrow)

    def leave(self) -> None:
        """Another screen takes its place."""
        self._picked = None

    def takes(self, text: str) -> bool:
        """Whether this was a leader's badge that confirms the picked piece."""
        code = parse(text)
        if self._picked is None or not isinstance(code, LabelCode) or code.kind is not CodeKind.WORKER:
            return False
        leader = self._engine.leader_of_badge(code.text)
        if leader is not None:
            self._confirmed(self._picked, leader)
        return leader is not None

    def _narrow(self) -> None:
        actions = NoLabelActions(
            on_told=self._tell,
            on_pick=self._pick,
            on_none=lambda: self._ways.go(self._stuck),
            on_type=self._ways.type_code,
            on_help=self._ways.help,
            on_back=self._back,
        )
        self._stage.show(narrowing_view(self._candidates, self._told[-1], self._stage.look, actions))

    def _tell(self, question: str, answer: str) -> None:
        self._told.append(replace(self._told[-1], **{question: answer}))
        self._ways.go(self._narrow)

    def _back(self) -> None:
        self._picked = None
        if len(self._told) > 1:
            self._told.pop()
            self._ways.go(self._narrow)
        else:
            self._ways.home()

    def _pick(self, one: Candidate) -> None:
        def again() -> None:
            self._picked = None
            self._ways.go(self._narrow)

        def show() -> None:
            leaders, look = self._engine.leaders(), self._stage.look
            self._picked = one
            self._stage.show(confirm_view(one, leaders, look, ask, lambda: self._call(one), again))

        def ask(leader: Person) -> None:
            self._ways.go(lambda: self._pin(one, leader, "", None))

        self._ways.go(show)

    def _pin(self, one: Candidate, leader: Person, pin: str, answer: SignIn | None) -> None:
        def key(name: str) -> None:
            if name == DONE:
                self._stage.begin(self._check, one, leader, pin)
            else:
                self._ways.go(lambda: self._pin(one, leader, pressed(pin, name), None))

        self._picked = one
        answer = answer or self._engine.lock_of(leader.id)
        until = self._clock.say(answer.locked_until_us) if answer and answer.locked_until_us else ""
        view = pin_view(leader, pin, answer, until, self._stage.look, key, lambda: self._pick(one), self._ways.language)
        self._stage.show(view, on_key=lambda name: key(KEYBOARD[name]) if name in KEYBOARD else None)

    async def _check(self, one: Candidate, leader: Person, pin: str) -> None:
        if self._is_checking:
            return  # the key was pressed twice
        self._is_checking = True
        try:
            answer = await self._engine.check_leader(leader.id, pin)
        finally:
            self._is_checking = False
        if answer.status is SignInStatus.OK:
            self._confirmed(one, leader)
        else:
            self._ways.go(lambda: self._pin(one, leader, "", answer))

    def _confirmed(self, one: Candidate, leader: Person) -> None:
        self._picked = None
        outcome = self._engine.identify(one.view.piece_id, one.code, leader)
        self._ways.answer(outcome)
        if outcome.is_recorded or outcome.ask is not None:
            self._ways.print_label(one.view.piece_id)

    def _call(self, one: Candidate | None) -> None:
        piece_id, code = (one.view.piece_id, one.code) if one else (None, None)
        fault = self._engine.call_leader(WHY, piece_id, code)
        self._picked = None
        said = LEADER_CALLED if self._engine.sync_state.is_online else LEADER_CALLED_LATER
        self._ways.go(lambda: self._stuck(said if fault is None else NOT_SAVED))
        self._ways.wake()

    def _stuck(self, told: Phrase | None = None) -> None:
        back = self._ways.home if told else lambda: self._ways.go(self._narrow)
        self._stage.show(stuck_view(told, self._stage.look, lambda: self._call(None), self._ways.help, back))
