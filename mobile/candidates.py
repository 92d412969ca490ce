"""Which piece somebody without a readable label has in hand: ranking, narrowing and near misses, all of it pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from mobile.outcome import PieceView
from shared.label_code import (
    ALPHABET,
    LENGTH,
    VERSION,
    CodeKind,
    CodeProblem,
    LabelCode,
    check_characters,
    fold,
    parse,
    pretty,
)
from shared.schemas.door import PieceKind

LIKELY_MAX = 5
SEARCH_FROM = 3
"""So many characters narrow a factory to some twenty codes; fewer only narrow what is expected here."""

_LOOK_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True)
class Candidate:
    """A labelled piece that may be the one in hand; `came_us` is when its last operation was recorded (UTC)."""

    code: str
    view: PieceView
    came_us: int = 0
    is_expected: bool = False
    """Its next operation is done at this station."""
    is_held: bool = False
    """It was scanned here before its time and waits for that."""

    @property
    def tail(self) -> str:
        """The last characters of its code, which people compare."""
        return self.code[-4:]


@dataclass(frozen=True)
class Typed:
    """What the keys have come to so far."""

    text: str
    """As it is compared: folded, at most a whole code."""
    shown: str
    """In the groups in which it is printed."""
    missing: int
    problem: CodeProblem | None = None
    """Set once a whole code was typed that is none."""

    @property
    def is_valid(self) -> bool:
        """Whether it is a whole code of ours."""
        return not self.missing and self.problem is None


def read_typed(text: str) -> Typed:
    """The state of what was typed; never fails."""
    folded = fold(text)
    code = parse(folded)
    if isinstance(code, LabelCode):
        return Typed(code.text, pretty(code.text), 0)
    missing = max(0, LENGTH - len(folded))
    is_beginning = folded[:1] in set(CodeKind) and folded[1:2] in {"", VERSION}
    shown = pretty(folded) if is_beginning else folded  # the end of a code stands in no group yet
    return Typed(folded, shown, missing, None if missing else code.problem)


def likely(
    expected: Iterable[Candidate], found: Iterable[Candidate], typed: str, last: PieceView | None
) -> list[Candidate]:
    """The five likeliest, best first: those that fit what was typed; where nothing was, those expected here.

    The end of a code counts more than its beginning, that more than its middle; then what is expected here, what
    follows the piece scanned last (same order, same room), and what came latest. The code decides between equals.
    """
    wanted = fold(typed).translate(_LOOK_ALIKE)
    every = {one.code: one for one in (*found, *expected)}  # an expected one wins
    fitting = [one for one in every.values() if wanted in _compared(one.code)] if wanted else list(every.values())
    return sorted(fitting, key=_turn(wanted, last))[:LIKELY_MAX]


def near_codes(text: str) -> list[str]:
    """The valid codes that one wrong character or one pair of swapped neighbours away from this whole text."""
    code = fold(text)
    if len(code) != LENGTH:
        return []
    swapped = (code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(1, LENGTH - 1))
    changed = (code[:at] + other + code[at + 1 :] for at in range(1, LENGTH) for other in ALPHABET)
    found = {one for one in (*swapped, *changed) if one != code and check_characters(one[:-2]) == one[-2:]}
    return sorted(one for one in found if isinstance(parse(one), LabelCode))


@dataclass(frozen=True)
class Narrowing:
    """What a worker has said about the piece in hand; None is not said yet."""

    kind: PieceKind | None = None
    size: str | None = None
    colour: str | None = None
    room: str | None = None


FACETS: dict[str, Callable[[Candidate], str]] = {
    "kind": lambda one: one.view.kind,
    "size": lambda one: size_of(one.view),
    "colour": lambda one: one.view.colour,
    "room": lambda one: one.view.room,
}
"""By the names of `Narrowing`: what a candidate says to each question, in the order in which they are asked."""


def size_of(view: PieceView) -> str:
    """Height by width, as a tape measure gives it; the thickness tells nobody apart."""
    return " × ".join(view.size_text.split(" × ")[:2])


def narrowed(candidates: Iterable[Candidate], told: Narrowing) -> list[Candidate]:
    """Those that are all that was told."""
    wanted = {name: value for name in FACETS if (value := getattr(told, name)) is not None}
    return [one for one in candidates if all(FACETS[name](one) == value for name, value in wanted.items())]


def choices(candidates: Sequence[Candidate], name: str) -> list[tuple[str, int]]:
    """The answers to one question with how many candidates each leaves, the commonest first."""
    counts: dict[str, int] = {}
    for one in candidates:
        counts[FACETS[name](one)] = counts.get(FACETS[name](one), 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def next_question(candidates: Sequence[Candidate], told: Narrowing) -> str | None:
    """The first question that still tells candidates apart; None where the rest is looked at one by one."""
    for name in FACETS:
        if getattr(told, name) is None and len(choices(candidates, name)) > 1:
            return name
    return None


def _compared(code: str) -> str:
    return code.translate(_LOOK_ALIKE)


def _turn(wanted: str, last: PieceView | None) -> Callable[[Candidate], tuple[object, ...]]:
    def turn(one: Candidate) -> tuple[object, ...]:
        place = 0 if one.code.endswith(wanted) else 1 if one.code.startswith(wanted) else 2
        is_of_order = last is not None and one.view.order_number == last.order_number
        is_of_room = is_of_order and last is not None and one.view.room == last.room
        return (place, not one.is_expected, not one.is_held, not is_of_room, not is_of_order, -one.came_us, one.code)

    return turn
