"""The app: one first frame at once, then the engine, then whichever screen asks the next question."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import flet as ft

from mobile import theme
from mobile.platform import Platform, StorageUnavailable, open_platform
from shared.palette import Palette

if TYPE_CHECKING:
    from mobile.engine import Engine
    from mobile.outcome import Outcome, SignIn
    from shared.schemas.people import Person
    from shared.schemas.production import Station

LOG = logging.getLogger(__name__)
RECENT_MAX = 20
ONLINE_PAUSE_S = 3.0
OFFLINE_PAUSE_MAX_S = 30.0
DEFAULT_OFFSET_MIN = 480


async def main(page: ft.Page) -> None:
    """Flet's entry, in a browser and natively."""
    page.title = "木门 Mumen"
    page.padding = 0
    page.spacing = 0
    page.theme = theme.flet_theme(theme.palette_for(is_dark=False))
    page.dark_theme = theme.flet_theme(theme.palette_for(is_dark=True))
    platform = await open_platform()
    await start(page, platform)


async def start(page: ft.Page, platform: Platform) -> None:
    """Open the store and show the first screen, or what stands in the way of it."""
    # SQLAlchemy and pydantic come in here, after the first frame: a browser takes seconds over them.
    from mobile.engine import open_engine  # noqa: PLC0415
    from mobile.store.database import NewerStoreError  # noqa: PLC0415

    try:
        engine = await open_engine(platform)
    except StorageUnavailable as fault:
        _block(page, platform, fault.code)
        return
    except NewerStoreError:
        _block(page, platform, "newer_store")
        return
    await Shell(page, platform, engine).run()


def _block(page: ft.Page, platform: Platform, code: str) -> None:
    from mobile.views.blocked import blocked_view  # noqa: PLC0415

    def again() -> None:
        if code in {"other_tab", "lost"}:
            platform.take_over()
        page.run_task(start, page, platform)

    page.controls = [blocked_view(code, theme.palette_for(is_dark=_is_dark(page)), again)]
    page.update()
    platform.ready()


def _is_dark(page: ft.Page) -> bool:
    return page.platform_brightness is ft.Brightness.DARK


class Shell:
    """Owns what is on the screen; the engine owns everything that must outlive it."""

    def __init__(self, page: ft.Page, platform: Platform, engine: "Engine") -> None:
        """Draw on this page."""
        self._page = page
        self._platform = platform
        self._engine = engine
        self._shown: Outcome | None = None
        self._is_lost = False
        self._wake = asyncio.Event()
        self._repaint: Callable[[], None] = self._home

    async def run(self) -> None:
        """Show the first screen, then keep in touch with the server for as long as the app lives."""
        self._page.on_resize = lambda _: self._paint()
        self._page.on_platform_brightness_change = lambda _: self._paint()
        self._platform.listen(self._on_code)
        self._platform.on_store_lost(self._on_lost)
        code = parse_qs(self._platform.start_query()).get("code", [""])[0]
        if self._engine.is_enrolled or not code:
            self._go(self._home)
        else:
            self._go(lambda: self._enrol(code))
            await self._try_to_enrol(code)
        self._platform.ready()
        await self._sync_for_ever()

    # ---- screens ----

    @property
    def _palette(self) -> Palette:
        return theme.palette_for(is_dark=_is_dark(self._page))

    @property
    def _is_wide(self) -> bool:
        return (self._page.width or 1280) >= theme.WIDE_FROM

    def _go(self, screen: Callable[[], None]) -> None:
        self._repaint = screen
        self._paint()

    def _paint(self) -> None:
        if not self._is_lost:
            self._repaint()

    def _show(self, control: ft.Control) -> None:
        self._page.bgcolor = self._palette.paper
        self._page.controls = [ft.SafeArea(control, expand=True)]
        self._page.update()

    def _home(self) -> None:
        """The screen for what is known so far: device, station, worker."""
        engine = self._engine
        if not engine.is_enrolled:
            self._enrol("")
        elif engine.station is None:
            self._stations()
        elif engine.worker is None:
            self._people(engine.station)
        else:
            self._station(engine.station, engine.worker)

    def _enrol(self, code: str, fault: str | None = None, *, is_busy: bool = False) -> None:
        from mobile.views.enrol import enrol_view  # noqa: PLC0415

        def typed(text: str) -> None:
            self._page.run_task(self._try_to_enrol, text.strip())

        self._show(enrol_view(code, fault, self._palette, typed, is_busy=is_busy))

    async def _try_to_enrol(self, code: str) -> None:
        self._go(lambda: self._enrol(code, is_busy=True))
        fault = await self._engine.enrol(code)
        self._go(self._home if fault is None else lambda: self._enrol(code, fault))

    def _stations(self) -> None:
        from mobile.views.station_picker import station_picker_view  # noqa: PLC0415

        def picked(station: "Station") -> None:
            self._engine.pick_station(station.id)
            self._shown = None
            self._go(self._home)

        self._show(station_picker_view(self._engine.device_name, self._engine.stations(), self._palette, picked))

    def _people(self, station: "Station") -> None:
        from mobile.views.sign_in import people_view  # noqa: PLC0415

        def picked(person: "Person") -> None:
            self._go(lambda: self._pin(person, "", None))

        people = self._engine.workers()
        self._show(people_view(station, self._chips(), people, self._palette, picked, lambda: self._go(self._status)))

    def _pin(self, person: "Person", pin: str, answer: "SignIn | None") -> None:
        from mobile.views.pin_pad import DONE, pressed  # noqa: PLC0415
        from mobile.views.sign_in import pin_view  # noqa: PLC0415

        def key(pressed_key: str) -> None:
            if pressed_key == DONE:
                self._page.run_task(self._sign_in, person, pin)
            else:
                self._go(lambda: self._pin(person, pressed(pin, pressed_key), None))

        until = answer.locked_until_us if answer else None
        clock = self._clock(until) if until else ""
        self._show(pin_view(person, pin, answer, clock, self._palette, key, lambda: self._go(self._home)))

    async def _sign_in(self, person: "Person", pin: str) -> None:
        from mobile.outcome import SignInStatus  # noqa: PLC0415

        answer = await self._engine.sign_in(person.id, pin)
        self._shown = None
        self._go(self._home if answer.status is SignInStatus.OK else lambda: self._pin(person, "", answer))

    def _station(self, station: "Station", worker: "Person") -> None:
        from mobile.views.station import StationActions, station_view  # noqa: PLC0415

        actions = StationActions(
            on_type=lambda: self._go(self._type),
            on_change_worker=self._sign_out,
            on_status=lambda: self._go(self._status),
            on_passed=lambda: self._inspected(reason=None),
            on_failed=lambda reason: self._inspected(reason=reason),
            on_understood=self._understood,
        )
        first_us = self._shown.facts.get("event_time_us") if self._shown else None
        self._show(
            station_view(
                station,
                worker,
                self._chips(),
                self._shown,
                self._clock(first_us) if isinstance(first_us, int) else "",
                self._engine.recent(RECENT_MAX if self._is_wide else 5),
                self._engine.unseen_verdicts,
                self._clock,
                self._palette,
                actions,
                is_wide=self._is_wide,
            )
        )

    def _type(self) -> None:
        from mobile.views.type_code import type_code_view  # noqa: PLC0415

        def typed(text: str) -> None:
            if text.strip():
                self._on_code(text)

        self._show(type_code_view(self._palette, typed, lambda: self._go(self._home)))

    def _status(self) -> None:
        self._page.run_task(self._show_status)

    async def _show_status(self) -> None:
        from mobile.views.status import status_view  # noqa: PLC0415

        self._show(
            status_view(
                self._engine.device_name,
                self._engine.waiting(),
                self._engine.sync_state,
                self._clock,
                self._palette,
                is_kept=await self._platform.is_persistent(),
                on_export=self._start_export,
                on_station=lambda: self._go(self._stations),
                on_back=lambda: self._go(self._home),
            )
        )

    # ---- what people do ----

    def _on_code(self, text: str) -> None:
        """A code from a gun, the camera or the keys: recorded, then shown, then heard."""
        if self._is_lost or not self._engine.is_enrolled:
            return
        self._shown = self._engine.on_code(text)
        self._go(self._home)
        self._platform.play(self._shown.tone)
        self._wake.set()

    def _inspected(self, reason: str | None) -> None:
        from shared.schemas.commands import InspectionOutcome  # noqa: PLC0415

        ask = self._shown.ask if self._shown else None
        if ask is None:
            return
        found = InspectionOutcome.PASS if reason is None else InspectionOutcome.FAIL
        self._shown = self._engine.answer_inspection(ask, found, reason)
        self._go(self._home)
        self._platform.play(self._shown.tone)
        self._wake.set()

    def _understood(self) -> None:
        self._engine.acknowledge_verdicts()
        self._paint()

    def _sign_out(self) -> None:
        self._engine.sign_out()
        self._shown = None
        self._go(self._home)

    def _start_export(self) -> None:
        self._page.run_task(self._export)

    async def _export(self) -> None:
        name, content = await self._engine.export_outbox()
        self._platform.download(name, content)

    def _on_lost(self) -> None:
        self._is_lost = True
        _block(self._page, self._platform, "lost")

    # ---- the server ----

    async def _sync_for_ever(self) -> None:
        pause_s = ONLINE_PAUSE_S
        while not self._is_lost:
            before = (self._engine.sync_state, self._engine.waiting())
            has_news = False
            try:
                has_news = await self._engine.sync_once()
            except Exception:  # the one boundary: a round that fails must not end the rounds
                LOG.exception("a round with the server failed; everything recorded is kept")
            if has_news or before != (self._engine.sync_state, self._engine.waiting()):
                self._refresh()
            is_online = self._engine.sync_state.is_online
            pause_s = ONLINE_PAUSE_S if is_online else min(pause_s * 1.5, OFFLINE_PAUSE_MAX_S)
            self._wake.clear()
            # Tablets that lost the network together must not come back in one instant.
            jittered_s = pause_s * random.uniform(0.8, 1.2)  # noqa: S311 - spreads requests, protects nothing
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), jittered_s)

    def _refresh(self) -> None:
        """Show the news where they are shown; never under somebody's fingers while typing."""
        if self._repaint == self._home:
            latest = self._engine.recent(1)
            if self._shown is not None and self._shown.is_recorded and latest:
                self._shown = latest[0].outcome
            self._paint()

    def _chips(self) -> list[ft.Control]:
        from mobile.views.station import chips  # noqa: PLC0415

        return chips(self._engine.sync_state, self._engine.waiting(), self._palette, is_wide=self._is_wide)

    def _clock(self, at_us: int) -> str:
        """A time as the factory's clock shows it; with the date where it is another day."""
        site = self._engine.site
        offset = timedelta(minutes=site.utc_offset_min if site else DEFAULT_OFFSET_MIN)
        at = datetime.fromtimestamp(at_us / 1_000_000, UTC) + offset
        today = datetime.fromtimestamp(self._platform.now_us() / 1_000_000, UTC) + offset
        return f"{at:%H:%M}" if at.date() == today.date() else f"{at:%m-%d %H:%M}"
