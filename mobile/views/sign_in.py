"""Who is working? First the name, then the PIN."""

from collections.abc import Callable, Sequence

import flet as ft

from mobile import strings, theme
from mobile.theme import Look
from mobile.views.components.chip import notice
from mobile.views.components.page import bar, screen
from mobile.views.components.tile import grid, tile
from mobile.views.pin_pad import pin_pad
from shared.schemas.people import Person
from shared.schemas.production import Station
from shared.words import Phrase

SEARCH_FROM = 7
"""Fewer people are seen at one glance."""

PAD_WIDTH = 520


def found(people: Sequence[Person], text: str) -> list[Person]:
    """Those whose name or number holds this text."""
    wanted = text.strip()
    return [person for person in people if wanted in person.name or wanted in person.number]


def people_view(
    station: Station,
    chips: ft.Control,
    people: Sequence[Person],
    look: Look,
    on_pick: Callable[[Person], None],
    on_status: Callable[[], None],
    on_language: Callable[[], None],
    *,
    has_scanned: bool = False,
) -> ft.Column:
    """One big button a person; `has_scanned` says that somebody scanned before signing in."""
    listed = ft.Column(spacing=12, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)

    def fill(text: str) -> None:
        listed.controls = [_people(found(people, text), look, on_pick)]

    def search(event: ft.Event[ft.TextField]) -> None:
        fill(event.control.value)
        listed.update()

    fill("")
    body: list[ft.Control] = []
    if has_scanned:
        body.append(notice(ft.Icons.BLOCK, strings.SIGN_IN_FIRST, look.palette.stop, look))
    if not people:
        body.append(notice(ft.Icons.HOURGLASS_TOP, strings.NO_PEOPLE, look.palette.wait, look))
    if len(people) >= SEARCH_FROM:
        body.append(_search(look, search))
    more = tile(ft.Icons.TUNE, look.say(strings.STATUS_TITLE), look, on_status)
    top = bar(look.say(strings.WHO), f"{station.name} · {station.code}", look, chips, on_language)
    return screen(top, [*body, listed, grid([more])], look)


def _people(people: Sequence[Person], look: Look, on_pick: Callable[[Person], None]) -> ft.Control:
    def picked(person: Person) -> Callable[[], None]:
        return lambda: on_pick(person)

    if not people:
        return ft.Text(look.say(strings.NOBODY_FOUND), size=theme.BODY, color=look.palette.muted)
    number = look.say(strings.NUMBER)
    return grid([tile(ft.Icons.PERSON, p.name, look, picked(p), under=f"{number} {p.number}") for p in people])


def _search(look: Look, on_change: Callable[[ft.Event[ft.TextField]], None]) -> ft.TextField:
    palette = look.palette
    return ft.TextField(
        label=look.say(strings.SEARCH),
        prefix_icon=ft.Icons.SEARCH,
        text_size=theme.BODY,
        color=palette.ink,
        bgcolor=palette.card,
        border_color=palette.line,
        border_radius=theme.RADIUS,
        label_style=ft.TextStyle(color=palette.muted, size=theme.BODY),
        content_padding=ft.Padding(20, 20, 20, 20),
        on_change=on_change,
    )


def pin_view(
    person: Person, pin: str, problem: Phrase | None, look: Look,
    on_key: Callable[[str], None], on_back: Callable[[], None], on_language: Callable[[], None],
) -> ft.Column:  # fmt: skip
    """The keys, as many dots as were typed, and beside them the problem, if there is one: no key moves."""
    palette = look.palette
    shown = "●" * len(pin) or look.say(strings.PIN_HINT)
    dots = ft.Text(shown, size=32, color=palette.ink if pin else palette.muted)
    box = ft.Container(
        dots,
        height=56 if look.is_low else 72,
        alignment=ft.Alignment(0, 0),
        bgcolor=palette.card,
        border=ft.Border.all(2, palette.line),
        border_radius=theme.RADIUS,
    )
    said: list[ft.Control] = []
    if problem is not None:
        said.append(notice(ft.Icons.BLOCK, problem, palette.stop, look))
    keys: list[ft.Control] = [box, pin_pad(look, on_key)]
    top = bar(person.name, f"{look.say(strings.NUMBER)} {person.number}", look, on_language=on_language)
    if not look.is_wide:
        return screen(top, [*keys, *said], look, on_back)
    middle = ft.Column(keys, spacing=14, width=PAD_WIDTH, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    right = ft.Column(said, expand=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    row = ft.Row([ft.Container(expand=True), middle, right], spacing=24, vertical_alignment=ft.CrossAxisAlignment.START)
    return screen(top, [row], look, on_back)
