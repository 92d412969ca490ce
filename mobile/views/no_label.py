"""A piece without a label: a few big questions, the pieces that are left, and a leader who agrees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flet as ft

from mobile import strings, theme
from mobile.candidates import Candidate, Narrowing, choices, narrowed, next_question
from mobile.strings import PIECE_KINDS
from mobile.theme import Look
from mobile.views.components.candidate import candidate_tile
from mobile.views.components.chip import notice
from mobile.views.components.page import bar, screen
from mobile.views.components.tile import grid, tile
from shared.schemas.people import Person
from shared.words import Phrase

LOOKED_AT = 6
"""So few are looked at one by one; more are asked about first."""
LISTED_MAX = 30


@dataclass(frozen=True)
class NoLabelActions:
    """What its buttons do; `on_told` gets a question's name and the answer."""

    on_told: Callable[[str, str], None]
    on_pick: Callable[[Candidate], None]
    on_none: Callable[[], None]
    on_type: Callable[[], None]
    on_help: Callable[[], None]
    on_back: Callable[[], None]


def narrowing_view(candidates: Sequence[Candidate], told: Narrowing, look: Look, actions: NoLabelActions) -> ft.Column:
    """The next question with how many pieces each answer leaves; at last the pieces themselves."""
    left = narrowed(candidates, told)
    question = next_question(left, told) if len(left) > LOOKED_AT else None
    body: list[ft.Control] = []
    if not left:
        body.append(notice(ft.Icons.PAN_TOOL, strings.NOTHING_EXPECTED, look.palette.wait, look))
    elif question is not None:
        ask = look.say(strings.WHICH_OF[question])
        body.append(ft.Text(ask, size=theme.TITLE, weight=ft.FontWeight.W_600, color=look.palette.ink))
        body.append(grid([_answer(question, value, n, look, actions) for value, n in choices(left, question)]))
    else:
        pick = look.say(strings.WHICH_PIECE)
        body.append(ft.Text(pick, size=theme.TITLE, weight=ft.FontWeight.W_600, color=look.palette.ink))
        body.append(grid([_pick(one, look, actions.on_pick) for one in left[:LISTED_MAX]]))
    ways: list[ft.Control] = [
        tile(ft.Icons.KEYBOARD, look.say(strings.TYPE), look, actions.on_type),
        tile(ft.Icons.PAN_TOOL, look.say(strings.NONE_OF_THESE), look, actions.on_none),
        tile(ft.Icons.HELP_OUTLINE, look.say(strings.HOW_TO_FIND), look, actions.on_help),
    ]
    count = look.say(strings.FITTING_COUNT.filled(count=len(left)))
    return screen(bar(look.say(strings.NO_LABEL), count, look), [*body, grid(ways)], look, actions.on_back)


def confirm_view(
    one: Candidate,
    leaders: Sequence[Person],
    look: Look,
    on_leader: Callable[[Person], None],
    on_aside: Callable[[], None],
    on_back: Callable[[], None],
) -> ft.Column:
    """The piece that was picked, and who may say that it is this one."""

    def asked(person: Person) -> Callable[[], None]:
        return lambda: on_leader(person)

    number = look.say(strings.NUMBER)
    people = [tile(ft.Icons.PERSON, p.name, look, asked(p), under=f"{number} {p.number}") for p in leaders]
    aside = tile(ft.Icons.NOTIFICATIONS_ACTIVE, look.say(strings.PUT_ASIDE_AND_CALL), look, on_aside)
    ask = ft.Text(look.say(strings.LEADER_CONFIRMS), size=theme.TITLE, weight=ft.FontWeight.W_600)
    ask.color = look.palette.ink
    body: list[ft.Control] = [candidate_tile(one, look, on_back), ask, grid(people), aside]
    return screen(bar(look.say(strings.IS_IT_THIS), look.say(strings.NO_LABEL), look), body, look, on_back, width=820)


def stuck_view(
    told: Phrase | None,
    look: Look,
    on_call: Callable[[], None],
    on_help: Callable[[], None],
    on_back: Callable[[], None],
) -> ft.Column:
    """Nothing that is expected here fits: what to do with the piece; `told` is what came of the call."""
    body: list[ft.Control] = []
    if told is not None:
        body.append(notice(ft.Icons.CHECK_CIRCLE, told, look.palette.ok, look))
    else:
        body.append(notice(ft.Icons.PAN_TOOL, strings.NONE_FITS, look.palette.wait, look))
        call = look.say(strings.PUT_ASIDE_AND_CALL)
        body.append(tile(ft.Icons.NOTIFICATIONS_ACTIVE, call, look, on_call, is_main=True))
    body.append(tile(ft.Icons.HELP_OUTLINE, look.say(strings.HOW_TO_FIND), look, on_help))
    return screen(bar(look.say(strings.NO_LABEL), "", look), body, look, on_back, width=820)


def _answer(question: str, value: str, count: int, look: Look, actions: NoLabelActions) -> ft.Control:
    said = look.say(PIECE_KINDS.get(value, Phrase(value, ""))) if question == "kind" else value or "—"
    under = look.say(strings.PIECES.filled(count=count))
    return tile(ft.Icons.ARROW_FORWARD, said, look, lambda: actions.on_told(question, value), under=under)


def _pick(one: Candidate, look: Look, on_pick: Callable[[Candidate], None]) -> ft.Control:
    return candidate_tile(one, look, lambda: on_pick(one))
