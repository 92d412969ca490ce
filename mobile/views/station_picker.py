"""Where does this device stand? Asked once, and again when it is carried elsewhere."""

from collections.abc import Callable, Sequence

import flet as ft

from mobile.views.components.page import bar, screen
from mobile.views.components.tile import grid, tile
from shared.palette import Palette
from shared.schemas.production import Station


def station_picker_view(
    device_name: str, stations: Sequence[Station], palette: Palette, on_pick: Callable[[Station], None]
) -> ft.Column:
    """One big button a station."""
    if not stations:
        waiting = ft.Text(
            "还没有工位资料，连上网络后会自动出现。 No stations yet; they arrive with the network.", size=20
        )
        return screen(bar("选择工位", device_name, palette), [waiting], palette)

    def picked(station: Station) -> Callable[[], None]:
        return lambda: on_pick(station)

    tiles = [
        tile(
            ft.Icons.PRECISION_MANUFACTURING,
            f"{station.name} {station.code}",
            palette,
            picked(station),
            under=station.name_en,
        )
        for station in stations
    ]
    return screen(bar("选择工位 Station", f"这台设备：{device_name}", palette), [grid(tiles)], palette)
