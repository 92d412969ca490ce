"""A rack: how many pieces are on it, one button for the work on all of them, and each piece with what it needs here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import flet as ft

from mobile import strings, theme
from mobile.outcome import Outcome, RackContents, RackItem, RackNeed, Tone
from mobile.sentences import detail, list_of, next_station
from mobile.strings import Phrase
from mobile.theme import Look
from mobile.views.components.chip import chip, notice
from mobile.views.components.page import bar
from mobile.views.components.piece_lines import piece_name
from mobile.views.components.tile import action, talking_tile
from mobile.views.verdict import ICONS
from shared.palette import RoleColours

NUMBER_LARGE, NUMBER_SMALL = 96, 60


class RackMode(StrEnum):
    """What a scanned piece means while the rack is up."""

    LOOK = "look"
    """Nothing to the rack: it is work at the station, as ever."""
    PUT_ON = "put_on"
    TAKE_OFF = "take_off"
    EMPTY = "empty"
    """Somebody is asked whether the rack is empty."""


@dataclass(frozen=True)
class RackActions:
    """What its buttons do."""

    on_work: Callable[[], None]
    on_mode: Callable[[RackMode], None]
    on_emptied: Callable[[], None]
    on_back: Callable[[], None]
    on_camera: Callable[[], None] | None = None
    """Opens the camera that looks for codes; None where there is none."""


@dataclass(frozen=True)
class Said:
    """The answer to what was done last, in one card."""

    tone: Tone
    phrases: Sequence[Phrase]


@dataclass(frozen=True)
class RackShown:
    """What the screen says now; `count` is how many were put on, or taken off, one after the other."""

    contents: RackContents
    mode: RackMode = RackMode.LOOK
    count: int = 0
    said: Said | None = None


def rack_view(shown: RackShown, under: str, chips: ft.Control, look: Look, actions: RackActions) -> ft.Column:
    """The number and the one button first; they stay where they are while the pieces below scroll."""
    rack = shown.contents.rack
    title = f"{look.say(strings.RACK)} {rack.code}" + (f" · {rack.name}" if rack.name else "")
    top: list[ft.Control] = [_head(shown, look), *_said(shown, look)]
    if not rack.is_active:
        top.append(notice(ft.Icons.BLOCK, strings.RACK_OUT_OF_USE, look.palette.stop, look))
    top += _main(shown, look, actions)
    items: list[ft.Control] = [_item(item, look) for item in shown.contents.items]
    pieces = ft.Column(
        [*top, *items] if not look.is_large else items,
        spacing=8,
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    body: ft.Control = pieces
    if look.is_large:
        left = ft.Column(top, spacing=14, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
        body = ft.Row([left, pieces], spacing=20, expand=True, vertical_alignment=ft.CrossAxisAlignment.START)
    below = ft.Column(
        [body, _buttons(shown, look, actions)],
        spacing=14,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.Column(
        [bar(title, under, look, chips), ft.Container(below, padding=look.padding, expand=True)],
        spacing=0,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _head(shown: RackShown, look: Look) -> ft.Control:
    """How many are on it, or how many were scanned so far, and what each of them needs here."""
    contents, palette = shown.contents, look.palette
    size = NUMBER_LARGE if look.is_large else NUMBER_SMALL
    is_scanning = shown.mode in {RackMode.PUT_ON, RackMode.TAKE_OFF}
    words = [look.say(strings.PIECES.filled(count=len(contents.items)))]
    if is_scanning:
        words.append(look.say(strings.SO_FAR.filled(count=shown.count)))
    lines: list[ft.Control] = [
        ft.Text(
            word,
            size=size * 0.75 if place == 0 else size * 0.4,
            weight=ft.FontWeight.W_600,
            color=palette.ink,
        )
        for place, word in enumerate(words)
    ]
    counts = [(need, contents.count(need)) for need in RackNeed]
    chips = [
        chip(_icon(need), look.say(strings.RACK_COUNTS[need].filled(count=count)), _role(need, look), look)
        for need, count in counts
        if count
    ]
    counted: list[ft.Control] = [*chips]
    row = ft.Row(counted, wrap=True, spacing=8, run_spacing=6)
    return ft.Column(
        [ft.Row(lines, wrap=True, spacing=16, vertical_alignment=ft.CrossAxisAlignment.END), row], spacing=8, tight=True
    )


def _said(shown: RackShown, look: Look) -> list[ft.Control]:
    if shown.said is None:
        return []
    role = look.palette.roles[shown.said.tone]
    lines: list[ft.Control] = []
    for place, phrase in enumerate(shown.said.phrases):
        large = 30 if look.is_large else 24
        for line, size in zip(look.lines(phrase), (large if place == 0 else theme.BODY, theme.SMALL), strict=False):
            lines.append(ft.Text(line, size=size, weight=ft.FontWeight.W_600, color=role.text))
    words = ft.Column(lines, spacing=2, expand=True)
    row = ft.Row(
        [ft.Icon(ICONS[shown.said.tone], color=role.text, size=56 if look.is_large else 40), words], spacing=14
    )
    return [
        ft.Container(
            row, bgcolor=role.ground, border=ft.Border.all(2, role.text), padding=16, border_radius=theme.RADIUS
        )
    ]


def _main(shown: RackShown, look: Look, actions: RackActions) -> list[ft.Control]:
    """The one button that most people want now, or the sentence that says what to do."""
    palette, contents = look.palette, shown.contents
    code = contents.rack.code
    due = contents.to_begin or contents.count(RackNeed.DUE)
    match shown.mode:
        case RackMode.PUT_ON | RackMode.TAKE_OFF:
            asked = strings.PUTTING_ON if shown.mode is RackMode.PUT_ON else strings.TAKING_OFF
            return [notice(ft.Icons.QR_CODE_SCANNER, asked.filled(code=code), palette.info, look)]
        case RackMode.EMPTY:
            said = strings.EMPTY_ALL.filled(count=len(contents.items))
            return [talking_tile(ft.Icons.DELETE_SWEEP, look.lines(said), look, actions.on_emptied, palette.stop)]
        case RackMode.LOOK if due:
            word = strings.ALL_START_HERE if contents.to_begin else strings.ALL_DONE_HERE
            said = word.filled(count=due)
            return [talking_tile(ft.Icons.DONE_ALL, look.lines(said), look, actions.on_work, palette.ok)]
        case RackMode.LOOK:
            word = strings.NOTHING_DUE_HERE if contents.items else strings.RACK_EMPTY
            return [notice(ft.Icons.INFO_OUTLINE, word, palette.info, look)]


def _buttons(shown: RackShown, look: Look, actions: RackActions) -> ft.Row:
    contents = shown.contents
    buttons: list[ft.Control] = []

    def to_look() -> None:
        actions.on_mode(RackMode.LOOK)

    if shown.mode is RackMode.LOOK:
        if contents.rack.is_active:
            buttons.append(action(ft.Icons.ADD, strings.PUT_ON, look, lambda: actions.on_mode(RackMode.PUT_ON)))
        if contents.items:
            buttons += [
                action(ft.Icons.REMOVE, strings.TAKE_OFF, look, lambda: actions.on_mode(RackMode.TAKE_OFF)),
                action(ft.Icons.DELETE_SWEEP, strings.EMPTY_RACK, look, lambda: actions.on_mode(RackMode.EMPTY)),
            ]
        buttons.append(action(ft.Icons.ARROW_BACK, strings.BACK, look, actions.on_back))
    elif shown.mode is RackMode.EMPTY:
        buttons.append(action(ft.Icons.ARROW_BACK, strings.BACK, look, to_look))
    else:
        if actions.on_camera is not None:
            buttons.append(action(ft.Icons.QR_CODE_SCANNER, strings.CAMERA, look, actions.on_camera))
        buttons.append(action(ft.Icons.CHECK, strings.END, look, to_look))
    return ft.Row(buttons, spacing=12 if look.is_wide else 8)


def _item(item: RackItem, look: Look) -> ft.Container:
    """A piece and what it needs here; where it belongs elsewhere, where."""
    palette, outcome = look.palette, item.outcome
    name = piece_name(outcome.piece) if outcome.piece else "—"
    word = strings.RACK_NEEDS.get(item.need) or strings.verdict(outcome.code)
    lines: list[ft.Control] = [
        ft.Row(
            [
                ft.Text(name, size=theme.BODY if look.is_wide else 17, weight=ft.FontWeight.W_600, color=palette.ink),
                chip(_icon(item.need), look.say(word), _role(item.need, look), look),
            ],
            wrap=True,
            spacing=12,
            run_spacing=4,
            alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        )
    ]
    lines += [
        ft.Text(line, size=theme.SMALL, color=palette.muted) for phrase in _why(item) for line in look.lines(phrase)
    ]
    return ft.Container(
        ft.Column(lines, spacing=2, tight=True),
        bgcolor=palette.card,
        border=ft.Border.all(1, palette.line),
        border_radius=theme.RADIUS,
        padding=ft.Padding(14, 10, 14, 10),
    )


def _why(item: RackItem) -> list[Phrase]:
    """What a person wants to know of a piece with which something is the matter."""
    outcome: Outcome = item.outcome
    if item.need in {RackNeed.DONE, RackNeed.SINGLE} or (item.need is RackNeed.DUE and outcome.tone is Tone.OK):
        return []
    if outcome.code == "late":  # nothing is booked yet
        return [strings.NOT_SCANNED.filled(names=list_of(outcome, "inferred"))]
    place = next_station(outcome) if outcome.is_misplaced else None
    return [*detail(outcome, "")[:1], *([place] if place else [])]


def _icon(need: RackNeed) -> ft.IconData:
    return {
        RackNeed.DUE: ft.Icons.RADIO_BUTTON_UNCHECKED,
        RackNeed.DONE: ft.Icons.CHECK_CIRCLE,
        RackNeed.WAITS: ft.Icons.HOURGLASS_TOP,
        RackNeed.SINGLE: ft.Icons.FACT_CHECK,
        RackNeed.OTHER: ft.Icons.BLOCK,
    }[need]


def _role(need: RackNeed, look: Look) -> RoleColours:
    palette = look.palette
    return {
        RackNeed.DUE: palette.info,
        RackNeed.DONE: palette.ok,
        RackNeed.WAITS: palette.wait,
        RackNeed.SINGLE: palette.info,
        RackNeed.OTHER: palette.stop,
    }[need]
