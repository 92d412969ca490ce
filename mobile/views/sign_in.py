"""Who is working? First the name, then the PIN."""

from collections.abc import Callable, Sequence

import flet as ft

from mobile import theme
from mobile.outcome import SignIn, SignInStatus
from mobile.views.components.page import bar, screen
from mobile.views.components.tile import grid, tile
from mobile.views.pin_pad import pin_pad
from shared.palette import Palette
from shared.schemas.people import Person
from shared.schemas.production import Station


def people_view(
    station: Station,
    chips: Sequence[ft.Control],
    people: Sequence[Person],
    palette: Palette,
    on_pick: Callable[[Person], None],
    on_status: Callable[[], None],
) -> ft.Column:
    """One big button a person."""

    def picked(person: Person) -> Callable[[], None]:
        return lambda: on_pick(person)

    tiles = [
        tile(ft.Icons.PERSON, person.name, palette, picked(person), under=f"工号 {person.number}") for person in people
    ]
    more = ft.Row([tile(ft.Icons.TUNE, "设备状态 Status", palette, on_status)])
    top = bar("谁在干活？ Who is working?", f"{station.name} · {station.code}", palette, chips)
    return screen(top, [grid(tiles), more], palette)


def pin_view(
    person: Person, pin: str, answer: SignIn | None, locked_until: str, palette: Palette,
    on_key: Callable[[str], None], on_back: Callable[[], None],
) -> ft.Column:  # fmt: skip
    """The keys, as many dots as were typed, and what was wrong with the last try."""
    dots = ft.Text("●" * len(pin) or "输入密码 PIN", size=36, color=palette.ink if pin else palette.muted)
    controls: list[ft.Control] = [ft.Container(dots, height=64, alignment=ft.Alignment(0, 0))]
    if answer is not None and answer.status is not SignInStatus.OK:
        words = ft.Text(
            _complaint(answer, locked_until), size=theme.BODY, weight=ft.FontWeight.W_600, color=palette.stop.text
        )
        row = ft.Row([ft.Icon(ft.Icons.BLOCK, color=palette.stop.text), ft.Container(words, expand=True)], spacing=10)
        controls.append(ft.Container(row, bgcolor=palette.stop.ground, padding=14, border_radius=14))
    controls.append(pin_pad(palette, on_key))
    body = ft.Container(ft.Column(controls, spacing=12), width=480, alignment=ft.Alignment(0, 0))
    centred = ft.Row([ft.Container(body, expand=True, alignment=ft.Alignment(0, -1))])
    return screen(bar(person.name, f"工号 {person.number}", palette), [centred], palette, on_back)


def _complaint(answer: SignIn, locked_until: str) -> str:
    match answer.status:
        case SignInStatus.WRONG:
            return f"密码不对，还能试 {answer.tries_left} 次 · Wrong PIN"
        case SignInStatus.LOCKED:
            return f"试错太多，锁到 {locked_until}，其他人照常使用 · Locked"
        case _:
            return "没有密码，请找办公室 · No PIN, ask the office"
