"""The app's entry: one first frame at once, then the store, then whichever screen asks the next question."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import flet as ft

from mobile import theme
from mobile.platform import Platform, StorageUnavailable
from mobile.stage import Stage
from mobile.web.browser_platform import open_browser_platform

if TYPE_CHECKING:
    from mobile.engine import Engine

    Opener = Callable[[Platform], Awaitable[Engine]]


async def main(page: ft.Page) -> None:
    """Flet's entry in a browser; `mobile/native/` has that of a station PC."""
    dress(page)
    await start(page, await open_browser_platform())


def dress(page: ft.Page) -> None:
    """What holds for every screen."""
    page.title = "木门 Mumen"
    page.padding = 0
    page.spacing = 0
    page.theme = theme.flet_theme(theme.palette_for(is_dark=False))
    page.dark_theme = theme.flet_theme(theme.palette_for(is_dark=True))
    # Flutter fades from theme to theme: sent with the first text, that would ask for fonts that we do not ship.
    page.update()


async def start(page: ft.Page, platform: Platform, opener: "Opener | None" = None) -> None:
    """Opens the store and runs the app, or shows what stands in the way of it."""
    # SQLAlchemy and pydantic come in here, after the first frame: a browser takes seconds over them.
    from mobile.device_engine import open_engine  # noqa: PLC0415
    from mobile.store.database import NewerStoreError  # noqa: PLC0415

    opener = opener or open_engine
    try:
        engine = await opener(platform)
    except StorageUnavailable as fault:
        _block(page, platform, fault.code, opener)
    except NewerStoreError:
        _block(page, platform, "newer_store", opener)
    else:
        await _run(page, platform, engine, opener)


async def _run(page: ft.Page, platform: Platform, engine: "Engine", opener: "Opener") -> None:
    """The screens, and the rounds with the server for as long as the app lives."""
    from mobile.rounds import Rhythm, keep_in_touch  # noqa: PLC0415 - the same
    from mobile.routes import Routes  # noqa: PLC0415 - with `start`, after the first frame

    routes = Routes(Stage(page), platform, engine)

    def lost() -> None:
        routes.close()
        _block(page, platform, "lost", opener)

    platform.on_store_lost(lost)
    await routes.open()
    platform.ready()
    rhythm = Rhythm(platform.now_us, platform.random_bits)
    await keep_in_touch(engine, routes.wake, routes.on_news, lambda: routes.is_over, rhythm)


def _block(page: ft.Page, platform: Platform, code: str, opener: "Opener") -> None:
    """Says why the app cannot open, and tries again when somebody wants it to."""
    from mobile.views.blocked import blocked_view  # noqa: PLC0415 - hardly ever needed

    stage = Stage(page)

    def again() -> None:
        if code in {"other_tab", "lost"}:
            platform.take_over()
        stage.begin(start, page, platform, opener)

    def paint() -> None:
        stage.show(blocked_view(code, stage.look, again))

    paint()
    stage.watch(paint, is_typing=lambda: False)
    platform.ready()
