"""The pad on which one person types their PIN, and what is said to a wrong one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mobile.engine import People
from mobile.flows.frame import Frame
from mobile.outcome import SignIn, SignInStatus, Tone
from mobile.sentences import sign_in_problem
from mobile.strings import PIN_NO_SCAN
from mobile.views.pin_pad import DONE, KEYBOARD, pressed
from mobile.views.sign_in import pin_view
from shared.schemas.people import Person
from shared.words import Phrase


@dataclass(frozen=True)
class PinQuestion:
    """Whose PIN is asked for; `on_pin` gets what was typed, `on_back` leads away from the pad.

    `on_gaps` is said where a gun read with gaps instead: what is scanned at this pad.
    """

    person: Person
    on_pin: Callable[[str], Awaitable[None]]
    on_back: Callable[[], None]
    on_gaps: Phrase = PIN_NO_SCAN


class PinEntry:
    """Owns what was typed so far, and what the last try was told; one PIN is checked at a time."""

    def __init__(self, frame: Frame, people: People, check: Callable[[str, str], Awaitable[SignIn]]) -> None:
        """Nobody is asked; `check` takes a person's id and the PIN, which takes a moment."""
        self._frame, self._people, self._check = frame, people, check
        self._question: PinQuestion | None = None
        self._typed = ""
        self._answer: SignIn | None = None
        self._has_gaps = False
        self._is_checking = False

    @property
    def is_checking(self) -> bool:
        """Whether a PIN is checked just now."""
        return self._is_checking

    def ask(self, question: PinQuestion, answer: SignIn | None = None) -> None:
        """Puts the pad up; `answer` is what the last try was told."""
        self._question, self._typed, self._answer, self._has_gaps = question, "", answer, False
        self._frame.go(self._paint)

    def tells_gaps(self) -> bool:
        """Whether the pad is up, and says now that a gun has read with gaps; what was typed is typed anew."""
        if not self._frame.is_up(self._paint):
            return False
        self._typed, self._answer, self._has_gaps = "", None, True
        self._frame.go(self._paint)
        self._frame.heard(Tone.STOP)
        return True

    async def is_right(self, question: PinQuestion, pin: str) -> bool:
        """Whether it is the PIN. A wrong one is asked for again; a key that was pressed twice is no second try."""
        if self._is_checking:
            return False
        self._is_checking = True
        try:
            answer = await self._check(question.person.id, pin)
        finally:
            self._is_checking = False
        if answer.status is not SignInStatus.OK:
            self.ask(question, answer)
        return answer.status is SignInStatus.OK

    def _press(self, key: str) -> None:
        assert self._question is not None, "the pad comes up with a question"
        if key == DONE:
            if self._typed:  # nothing is no try
                self._frame.stage.begin(self._enter, self._question, self._typed)
            return
        self._typed, self._answer, self._has_gaps = pressed(self._typed, key), None, False
        self._frame.go(self._paint)

    async def _enter(self, question: PinQuestion, pin: str) -> None:
        await question.on_pin(pin)

    def _type(self, keys: str) -> None:
        """What a hand has typed on a keyboard, or on a pad of numbers."""
        for key in keys:
            if key in KEYBOARD:
                self._press(KEYBOARD[key])

    def _paint(self) -> None:
        question, frame = self._question, self._frame
        assert question is not None, "the pad comes up with a question"
        look, on_back, on_language = frame.stage.look, question.on_back, frame.change_language
        view = pin_view(question.person, self._typed, self._problem(), look, self._press, on_back, on_language)
        frame.stage.show(view, on_typed=self._type)

    def _problem(self) -> Phrase | None:
        """What was wrong with the last try, or with what came instead of one."""
        assert self._question is not None, "the pad comes up with a question"
        answer = self._answer or self._people.lock_of(self._question.person.id)
        if answer is None or answer.status is SignInStatus.OK:
            return self._question.on_gaps if self._has_gaps else None
        until = answer.locked_until_us
        return sign_in_problem(answer, self._frame.clock.say(until) if until else "")
