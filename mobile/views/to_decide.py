"""What waits for a leader: a card each, what happened in plain words, and a button for every way it can end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flet as ft

from mobile import strings, theme
from mobile.outcome import OpenCall, OpenConflict, ToDecide
from mobile.theme import Look
from mobile.views.components.chip import chip, notice
from mobile.views.components.page import bar, screen
from mobile.views.components.piece_lines import short_name
from mobile.views.components.tile import talking_tile
from shared.label_code import pretty
from shared.palette import RoleColours
from shared.schemas.quality import ConflictState, Resolution
from shared.words import ANSWERS, CHOICES, CONFLICT_STATE_WORDS, SEEN_TO, Phrase

NAME_SMALL = 22
DECIDED = strings.verdict("decided")
_GOES_ON = frozenset({Resolution.ACCEPT_GAP, Resolution.ACCEPT_PASS})
"""After these the piece goes on as if nothing had been."""


@dataclass(frozen=True)
class ToDecideActions:
    """What its buttons do; `on_choose` gets the conflict's id, `on_seen_to` the call's."""

    on_choose: Callable[[str, Resolution], None]
    on_seen_to: Callable[[str], None]
    on_back: Callable[[], None]


@dataclass(frozen=True)
class _Words:
    """What stands on a card above its buttons."""

    name: str
    state: ft.Container
    said: Phrase
    circumstances: Sequence[str]


def to_decide_view(
    under: str,
    chips: ft.Control,
    to_decide: ToDecide,
    look: Look,
    clock: Callable[[int], str],
    actions: ToDecideActions,
    *,
    has_unkept: bool = False,
) -> ft.Column:
    """Calls first, for somebody stands there and waits; what is done here comes last.

    `has_unkept`: the last decision found no room.
    """
    body: list[ft.Control] = []
    if has_unkept:
        body.append(notice(ft.Icons.BLOCK, strings.NOT_SAVED, look.palette.stop, look))
    if not to_decide:
        body.append(notice(ft.Icons.CHECK_CIRCLE, strings.NOTHING_TO_DECIDE, look.palette.ok, look))
    cards = [(one.is_done, _call(one, look, clock, actions)) for one in to_decide.calls]
    cards += [(one.decided is not None, _conflict(one, look, clock, actions)) for one in to_decide.conflicts]
    cells: list[ft.Control] = [
        ft.Container(card, col={"xs": 12, "lg": 6}) for _, card in sorted(cards, key=lambda one: one[0])
    ]
    body.append(ft.ResponsiveRow(cells, spacing=14, run_spacing=14))
    return screen(bar(look.say(strings.TO_DECIDE), under, look, chips), body, look, actions.on_back)


def to_decide_tile(to_decide: ToDecide, look: Look, on_click: Callable[[], None]) -> ft.Button:
    """The line on the station's screen that leads here, with how many there are of which kind."""
    states = [one.card.conflict.state for one in to_decide.conflicts if one.decided is None]
    calls = [one for one in to_decide.calls if not one.is_done]
    waiting = len(states) + len(calls)
    done = len(to_decide.conflicts) + len(to_decide.calls) - waiting
    parts = (
        (len(calls), ANSWERS["call_leader"]),
        (states.count(ConflictState.OPEN), CONFLICT_STATE_WORDS["open"]),
        (states.count(ConflictState.WAITING), CONFLICT_STATE_WORDS["waiting"]),
        (done, strings.DONE_UNSENT.filled(word=DECIDED)),
    )
    counted = [Phrase("{word} {n}", "{word}: {n}").filled(word=word, n=count) for count, word in parts if count]
    under = Phrase(" · ".join(one.zh for one in counted), " · ".join(one.en for one in counted))
    is_urgent = bool(calls) or ConflictState.OPEN in states
    role = look.palette.stop if is_urgent else look.palette.wait if waiting else look.palette.info
    title = f"{look.say(strings.TO_DECIDE)} {waiting}"
    return talking_tile(ft.Icons.RULE, [title, *look.lines(under)], look, on_click, role)


def _call(one: OpenCall, look: Look, clock: Callable[[int], str], actions: ToDecideActions) -> ft.Container:
    palette, card = look.palette, one.card
    if card.piece is not None and card.door is not None:
        name = short_name(card.piece, card.door, look)
    else:
        name = f"{look.say(strings.LABEL)} {pretty(card.call.label_code)}"
    state = chip(ft.Icons.CAMPAIGN, look.say(ANSWERS["call_leader"]), palette.stop, look)
    circumstances = [look.say(card.station)] if card.station is not None else []
    words = _Words(
        name=name,
        state=_done(SEEN_TO, look, is_sent=one.is_sent) if one.is_done else state,
        said=card.said,
        circumstances=[*circumstances, clock(card.call.called_at_us)],
    )
    if one.is_done:
        return _card(words, notice(ft.Icons.CHECK, SEEN_TO, palette.info, look), look)
    button = talking_tile(
        ft.Icons.CHECK_CIRCLE, look.lines(SEEN_TO), look, lambda: actions.on_seen_to(card.call.id), palette.ok
    )
    return _card(words, button, look)


def _conflict(one: OpenConflict, look: Look, clock: Callable[[int], str], actions: ToDecideActions) -> ft.Container:
    card = one.card
    words = _Words(
        name=short_name(card.piece, card.door, look),
        state=_state(one, look),
        said=card.said,
        circumstances=_circumstances(one, look, clock),
    )
    if one.decided is None:
        return _card(words, _choices(one, look, actions), look)
    chosen = strings.CHOSEN.filled(said=CHOICES[one.decided])
    return _card(words, notice(ft.Icons.CHECK, chosen, look.palette.info, look), look)


def _card(words: _Words, below: ft.Control, look: Look) -> ft.Container:
    palette = look.palette
    size = theme.TITLE if look.is_wide else NAME_SMALL
    name = ft.Text(words.name, size=size, weight=ft.FontWeight.W_600, color=palette.ink)
    lines: list[ft.Control] = [ft.Row([name, words.state], wrap=True, spacing=12, run_spacing=6)]
    looks = ((theme.BODY, palette.ink), (theme.SMALL, palette.muted))
    for line, (height, colour) in zip(look.lines(words.said), looks, strict=False):
        lines.append(ft.Text(line, size=height, color=colour))
    lines += [ft.Text(" · ".join(words.circumstances), size=18, color=palette.muted), below]
    return ft.Container(
        ft.Column(lines, spacing=10, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=palette.card,
        border=ft.Border.all(1, palette.line),
        border_radius=theme.RADIUS,
        padding=16,
    )


def _done(word: Phrase, look: Look, *, is_sent: bool) -> ft.Container:
    said = (strings.DONE_BOOKED if is_sent else strings.DONE_UNSENT).filled(word=word)
    return chip(ft.Icons.CHECK, look.say(said), look.palette.info, look)


def _state(one: OpenConflict, look: Look) -> ft.Container:
    palette, state = look.palette, one.card.conflict.state
    if one.decided is not None:
        return _done(DECIDED, look, is_sent=one.is_sent)
    word = CONFLICT_STATE_WORDS[state]
    if state is ConflictState.WAITING:
        return chip(ft.Icons.HOURGLASS_TOP, look.say(word), palette.wait, look)
    return chip(ft.Icons.PRIORITY_HIGH, look.say(word), palette.stop, look)


def _circumstances(one: OpenConflict, look: Look, clock: Callable[[int], str]) -> list[str]:
    """Who, where and when; who contradicts whom stands in the sentence above already."""
    card, conflict = one.card, one.card.conflict
    said = list(() if card.is_contradiction else card.people)
    if card.station is not None:
        said.append(look.say(card.station))
    said.append(clock(conflict.opened_at_us))
    if conflict.state is ConflictState.WAITING and conflict.due_at_us is not None:
        said.append(look.say(strings.WAITS_UNTIL.filled(when=clock(conflict.due_at_us))))
    return said


def _choices(one: OpenConflict, look: Look, actions: ToDecideActions) -> ft.Control:
    def chosen(resolution: Resolution) -> Callable[[], None]:
        return lambda: actions.on_choose(one.card.conflict.id, resolution)

    cells: list[ft.Control] = []
    for resolution in one.card.choices:
        icon, role = _sign(resolution, look)
        button = talking_tile(icon, look.lines(CHOICES[resolution]), look, chosen(resolution), role)
        cells.append(ft.Container(button, col={"xs": 12, "sm": 6}))
    return ft.ResponsiveRow(cells, spacing=10, run_spacing=10)


def _sign(resolution: Resolution, look: Look) -> tuple[ft.IconData, RoleColours]:
    palette = look.palette
    if resolution in _GOES_ON:
        return ft.Icons.CHECK_CIRCLE, palette.ok
    return (ft.Icons.UNDO if resolution is Resolution.SEND_BACK else ft.Icons.BLOCK), palette.stop
