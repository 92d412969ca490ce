"""What the server decided otherwise than the device had said; each stays until somebody says what they do about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flet as ft

from mobile import strings, theme
from mobile.outcome import Outcome
from mobile.sentences import steps
from mobile.theme import Look
from mobile.views.components.chip import notice
from mobile.views.components.piece_lines import piece_name
from mobile.views.components.tile import tile
from shared.schemas.commands import VerdictAnswer
from shared.words import ANSWERS, Phrase

SHOWN_MAX = 2
"""With three buttons each, more would push everything else off the screen; the next one follows at once."""

HEADING = 18
"""Its Chinese stands in one line on a phone."""

ANSWER_SIZE, ANSWER_SIZE_ENGLISH = 18, 14


@dataclass(frozen=True)
class News:
    """What is to be read: `has_unkept` means that the last answer found no room, `told` is what came of it else."""

    unseen: Sequence[Outcome] = ()
    has_unkept: bool = False
    told: Phrase | None = None


@dataclass(frozen=True)
class NewsActions:
    """What the buttons do: an answer to one verdict, or to all that there are."""

    on_answer: Callable[[Outcome, VerdictAnswer], None]
    on_all_understood: Callable[[], None]


def news_cards(news: News, look: Look, actions: NewsActions) -> list[ft.Control]:
    """The verdicts that wait for an answer, and what became of the last one; nothing where there is none."""
    found: list[ft.Control] = [_card(news, look, actions)] if news.unseen else []
    if news.told:
        found.append(notice(ft.Icons.CHECK, news.told, look.palette.info, look))
    return found


def _card(news: News, look: Look, actions: NewsActions) -> ft.Container:
    role, unseen = look.palette.stop, news.unseen
    heading = ft.Column(
        [
            ft.Text(line, size=size, weight=ft.FontWeight.W_600, color=role.text)
            for line, size in zip(look.lines(strings.NEWS), (HEADING, theme.SMALL), strict=False)
        ],
        spacing=0,
        tight=True,
        expand=True,
    )
    lines: list[ft.Control] = [ft.Row([ft.Icon(ft.Icons.CAMPAIGN, color=role.text, size=30), heading], spacing=10)]
    for outcome in unseen[:SHOWN_MAX]:
        lines += _verdict(outcome, look, actions)
    if news.has_unkept:
        lines.append(notice(ft.Icons.BLOCK, strings.NOT_SAVED, look.palette.stop, look))
    if len(unseen) > 1:
        title = f"{look.say(strings.ALL_UNDERSTOOD)} ({len(unseen)})"
        everything = tile(ft.Icons.DONE_ALL, title, look, actions.on_all_understood)
        everything.height = theme.TARGET_MIN
        lines.append(everything)
    return ft.Container(
        ft.Column(lines, spacing=8, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=role.ground,
        border=ft.Border.all(2, role.text),
        padding=16,
        border_radius=theme.RADIUS,
    )


def _verdict(outcome: Outcome, look: Look, actions: NewsActions) -> list[ft.Control]:
    """Which piece, what was decided, and a button for each thing that one can do about it."""
    name = piece_name(outcome.piece) if outcome.piece else look.say(strings.LABEL)
    lines: list[ft.Control] = [ft.Text(name, size=18, weight=ft.FontWeight.W_600, color=look.palette.ink)]
    sizes = (18, theme.SMALL)
    lines += [
        ft.Text(line, size=size, color=look.palette.stop.text)
        for line, size in zip(look.lines(_short(outcome)), sizes, strict=False)
    ]
    buttons: list[ft.Control] = [_button(answer, outcome, look, actions) for answer in VerdictAnswer]
    return [*lines, ft.Row(buttons, spacing=8)]


def _button(answer: VerdictAnswer, outcome: Outcome, look: Look, actions: NewsActions) -> ft.Button:
    palette = look.palette
    words = ft.Column(
        [
            ft.Text(
                line, size=size, weight=ft.FontWeight.W_600, color=palette.ink, text_align=ft.TextAlign.CENTER,
                no_wrap=True,
            )
            for line, size in zip(look.lines(ANSWERS[answer]), (ANSWER_SIZE, ANSWER_SIZE_ENGLISH), strict=False)
        ],
        spacing=0,
        tight=True,
        alignment=ft.MainAxisAlignment.CENTER,
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
    )  # fmt: skip
    return ft.Button(
        content=words,
        on_click=lambda _: actions.on_answer(outcome, answer),
        height=theme.TARGET_MIN,
        expand=True,
        elevation=0,
        style=ft.ButtonStyle(
            bgcolor=palette.card,
            side=ft.BorderSide(1, palette.stop.text),
            shape=ft.RoundedRectangleBorder(radius=theme.RADIUS),
            padding=2,
        ),
    )


def _short(outcome: Outcome) -> Phrase:
    phrase, todo = strings.verdict(outcome.code), steps(outcome)
    return Phrase("{what} → {todo}", "{what} → {todo}").filled(what=phrase, todo=todo) if todo else phrase
