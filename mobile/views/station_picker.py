"""Where does this device stand? Asked once, and again when it is carried elsewhere."""

from collections.abc import Callable, Sequence

import flet as ft

from mobile import strings
from mobile.theme import Look
from mobile.views.components.chip import notice
from mobile.views.components.page import bar, screen
from mobile.views.components.tile import grid, tile
from shared.schemas.production import Station


def station_picker_view(
    under: str,
    chips: ft.Control,
    stations: Sequence[Station],
    look: Look,
    on_pick: Callable[[Station], None],
    on_back: Callable[[], None] | None,
    on_language: Callable[[], None],
    *,
    has_unkept: bool = False,
) -> ft.Column:
    """One big button a station, those of one work center together; `has_unkept`: the last choice found no room."""
    top = bar(look.say(strings.STATION_TITLE), under, look, chips, on_language)
    body: list[ft.Control] = []
    if has_unkept:
        body.append(notice(ft.Icons.BLOCK, strings.NOT_SAVED, look.palette.stop, look))
    if not stations:
        body.append(notice(ft.Icons.HOURGLASS_TOP, strings.NO_STATIONS, look.palette.wait, look))
    return screen(top, [*body, _tiles(stations, look, on_pick)], look, on_back)


def _tiles(stations: Sequence[Station], look: Look, on_pick: Callable[[Station], None]) -> ft.ResponsiveRow:

    def picked(station: Station) -> Callable[[], None]:
        return lambda: on_pick(station)

    places = {station.work_center_id: place for place, station in reversed(list(enumerate(stations)))}
    together = sorted(stations, key=lambda station: places[station.work_center_id])
    tiles = [
        tile(ft.Icons.PRECISION_MANUFACTURING, station.name, look, picked(station), under=_under(station, look))
        for station in together
    ]
    return grid(tiles)


def _under(station: Station, look: Look) -> str:
    english = f" · {station.name_en}" if look.has_english and station.name_en else ""
    return f"{station.code}{english}"
