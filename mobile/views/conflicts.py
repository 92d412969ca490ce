"""What a leader has to decide: one card each, what happened in plain words, and a button for every way it can end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flet as ft

from mobile import strings, theme
from mobile.outcome import OpenConflict
from mobile.theme import Look
from mobile.views.components.chip import chip, notice
from mobile.views.components.page import bar, screen
from mobile.views.components.piece_lines import short_name
from mobile.views.components.tile import talking_tile
from shared.palette import RoleColours
from shared.schemas.quality import ConflictState, Resolution
from shared.words import CHOICES, CONFLICT_STATE_WORDS, Phrase

NAME_SMALL = 22
_GOES_ON = frozenset({Resolution.ACCEPT_GAP, Resolution.ACCEPT_PASS})
"""After these the piece goes on as if nothing had been."""


@dataclass(frozen=True)
class ConflictActions:
    """What its buttons do; `on_choose` gets the conflict's id."""

    on_choose: Callable[[str, Resolution], None]
    on_back: Callable[[], None]


def conflicts_view(
    under: str,
    conflicts: Sequence[OpenConflict],
    look: Look,
    clock: Callable[[int], str],
    actions: ConflictActions,
    *,
    has_unkept: bool = False,
) -> ft.Column:
    """The cards, those that are decided here last; `has_unkept`: the last decision found no room."""
    body: list[ft.Control] = []
    if has_unkept:
        body.append(notice(ft.Icons.BLOCK, strings.NOT_SAVED, look.palette.stop, look))
    if not conflicts:
        body.append(notice(ft.Icons.CHECK_CIRCLE, strings.NOTHING_TO_DECIDE, look.palette.ok, look))
    cards = [_card(one, look, clock, actions) for one in sorted(conflicts, key=lambda one: one.decided is not None)]
    cells: list[ft.Control] = [ft.Container(card, col={"xs": 12, "lg": 6}) for card in cards]
    body.append(ft.ResponsiveRow(cells, spacing=14, run_spacing=14))
    return screen(bar(look.say(strings.TO_DECIDE), under, look), body, look, actions.on_back)


def to_decide_tile(conflicts: Sequence[OpenConflict], look: Look, on_click: Callable[[], None]) -> ft.Button:
    """The line on the station's screen that leads here, with how many there are of which kind."""
    undecided = [one.card.conflict.state for one in conflicts if one.decided is None]
    parts = [
        (undecided.count(ConflictState.OPEN), CONFLICT_STATE_WORDS["open"]),
        (undecided.count(ConflictState.WAITING), CONFLICT_STATE_WORDS["waiting"]),
        (len(conflicts) - len(undecided), strings.DECIDED_UNSENT),
    ]
    counted = [Phrase("{word} {n}", "{word}: {n}").filled(word=word, n=count) for count, word in parts if count]
    under = Phrase(" · ".join(one.zh for one in counted), " · ".join(one.en for one in counted))
    role = look.palette.stop if parts[0][0] else look.palette.wait if undecided else look.palette.info
    title = f"{look.say(strings.TO_DECIDE)} {len(undecided)}"
    return talking_tile(ft.Icons.RULE, [title, *look.lines(under)], look, on_click, role)


def _card(one: OpenConflict, look: Look, clock: Callable[[int], str], actions: ConflictActions) -> ft.Container:
    palette, card = look.palette, one.card
    head = ft.Row([_name(one, look), _state(one, look)], wrap=True, spacing=12, run_spacing=6)
    lines: list[ft.Control] = [head]
    lines += [
        ft.Text(line, size=size, color=colour)
        for line, size, colour in zip(
            look.lines(card.said), (theme.BODY, theme.SMALL), (palette.ink, palette.muted), strict=False
        )
    ]
    lines.append(ft.Text(_circumstances(one, look, clock), size=18, color=palette.muted))
    if one.decided is None:
        lines.append(_choices(one, look, actions))
    else:
        lines.append(notice(ft.Icons.CHECK, strings.CHOSEN.filled(said=CHOICES[one.decided]), palette.info, look))
    return ft.Container(
        ft.Column(lines, spacing=10, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=palette.card,
        border=ft.Border.all(1, palette.line),
        border_radius=theme.RADIUS,
        padding=16,
    )


def _name(one: OpenConflict, look: Look) -> ft.Text:
    name = short_name(one.card.piece, one.card.door, look)
    size = theme.TITLE if look.is_wide else NAME_SMALL
    return ft.Text(name, size=size, weight=ft.FontWeight.W_600, color=look.palette.ink)


def _state(one: OpenConflict, look: Look) -> ft.Container:
    palette, state = look.palette, one.card.conflict.state
    if one.decided is not None:
        word = strings.DECIDED_BOOKED if one.is_sent else strings.DECIDED_UNSENT
        return chip(ft.Icons.CHECK, look.say(word), palette.info, look)
    word = CONFLICT_STATE_WORDS[state]
    if state is ConflictState.WAITING:
        return chip(ft.Icons.HOURGLASS_TOP, look.say(word), palette.wait, look)
    return chip(ft.Icons.PRIORITY_HIGH, look.say(word), palette.stop, look)


def _circumstances(one: OpenConflict, look: Look, clock: Callable[[int], str]) -> str:
    """Who, where and when; who contradicts whom stands in the sentence above already."""
    card, conflict = one.card, one.card.conflict
    said = list(() if card.is_contradiction else card.people)
    if card.station is not None:
        said.append(look.say(card.station))
    said.append(clock(conflict.opened_at_us))
    if conflict.state is ConflictState.WAITING and conflict.due_at_us is not None:
        said.append(look.say(strings.WAITS_UNTIL.filled(when=clock(conflict.due_at_us))))
    return " · ".join(said)


def _choices(one: OpenConflict, look: Look, actions: ConflictActions) -> ft.Control:
    def chosen(resolution: Resolution) -> Callable[[], None]:
        return lambda: actions.on_choose(one.card.conflict.id, resolution)

    cells: list[ft.Control] = []
    for resolution in one.card.choices:
        icon, role = _sign(resolution, look)
        cells.append(
            ft.Container(
                talking_tile(icon, look.lines(CHOICES[resolution]), look, chosen(resolution), role),
                col={"xs": 12, "sm": 6},
            )
        )
    return ft.ResponsiveRow(cells, spacing=10, run_spacing=10)


def _sign(resolution: Resolution, look: Look) -> tuple[ft.IconData, RoleColours]:
    palette = look.palette
    if resolution in _GOES_ON:
        return ft.Icons.CHECK_CIRCLE, palette.ok
    return (ft.Icons.UNDO if resolution is Resolution.SEND_BACK else ft.Icons.BLOCK), palette.stop
