"""The app: one first frame at once, then the engine, then whichever screen asks the next question."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import flet as ft

from mobile import theme
from mobile.platform import Platform, StorageUnavailable, open_platform

if TYPE_CHECKING:
    from mobile.engine import Engine
    from mobile.outcome import Outcome, SignIn
    from mobile.strings import Phrase
    from mobile.views.station import Shown, StationScreen
    from shared.schemas.people import Person
    from shared.schemas.production import Station

    Opener = Callable[[Platform], Awaitable[Engine]]

LOG = logging.getLogger(__name__)
APP_VERSION = "0.1.0"
RECENT_WIDE, RECENT_NARROW = 12, 6
MINUTE_US = 60_000_000
DAY_SHIFT_FROM_HOUR, DAY_SHIFT_UNTIL_HOUR = 8, 20
ONLINE_PAUSE_S = 2.0
OFFLINE_PAUSE_MAX_S = 30.0
DEFAULT_OFFSET_MIN = 480


async def main(page: ft.Page) -> None:
    """Flet's entry, in a browser and natively."""
    dress(page)
    platform = await open_platform()
    await start(page, platform)


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
    """Open the store and show the first screen, or what stands in the way of it."""
    # SQLAlchemy and pydantic come in here, after the first frame: a browser takes seconds over them.
    from mobile.engine import open_engine  # noqa: PLC0415
    from mobile.store.database import NewerStoreError  # noqa: PLC0415

    opener = opener or open_engine
    try:
        engine = await opener(platform)
    except StorageUnavailable as fault:
        _block(page, platform, fault.code, opener)
        return
    except NewerStoreError:
        _block(page, platform, "newer_store", opener)
        return
    await Shell(page, platform, engine, opener).run()


def _block(page: ft.Page, platform: Platform, code: str, opener: "Opener") -> None:
    from mobile.views.blocked import blocked_view  # noqa: PLC0415

    def again() -> None:
        if code in {"other_tab", "lost"}:
            platform.take_over()
        page.run_task(start, page, platform, opener)

    look = _look(page, has_english=False)
    page.on_resize = lambda _: _block(page, platform, code, opener)
    page.on_platform_brightness_change = lambda _: _block(page, platform, code, opener)
    _show(page, blocked_view(code, look, again), look)
    platform.ready()


def _show(page: ft.Page, control: ft.Control, look: theme.Look) -> None:
    page.bgcolor = look.palette.paper
    page.controls = [ft.SafeArea(control, expand=True)]
    page.update()


def _look(page: ft.Page, *, has_english: bool) -> theme.Look:
    is_dark = page.platform_brightness is ft.Brightness.DARK
    return theme.Look(
        theme.palette_for(is_dark=is_dark),
        is_wide=(page.width or 1280) >= theme.WIDE_FROM,
        is_low=(page.height or 800) < theme.LOW_BELOW,
        has_english=has_english,
    )


class Shell:
    """Owns what is on the screen; the engine owns everything that must outlive it."""

    def __init__(self, page: ft.Page, platform: Platform, engine: "Engine", opener: "Opener") -> None:
        """Draw on this page."""
        self._page = page
        self._platform = platform
        self._engine = engine
        self._opener = opener
        self._shown: Outcome | None = None
        self._has_english = False
        self._has_scanned_early = False
        self._is_lost = False
        self._wake = asyncio.Event()
        self._repaint: Callable[[], None] = self._home
        self._station_screen: StationScreen | None = None
        self._chips: ft.Row | None = None
        self._painted = self._look

    async def run(self) -> None:
        """Show the first screen, then keep in touch with the server for as long as the app lives."""
        self._page.on_resize = lambda _: self._resized()
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
    def _look(self) -> theme.Look:
        return _look(self._page, has_english=self._has_english)

    def _go(self, screen: Callable[[], None]) -> None:
        self._repaint = screen
        self._paint()

    def _paint(self) -> None:
        if not self._is_lost:
            self._station_screen = None
            self._repaint()

    def _resized(self) -> None:
        """A turned device is painted anew; one whose keyboard came up is not, or the field would be gone."""
        look = self._look
        is_station = self._station_screen is not None
        if look.is_wide != self._painted.is_wide or (is_station and look != self._painted):
            self._paint()

    def _show(self, control: ft.Control) -> None:
        self._painted = self._look
        _show(self._page, control, self._painted)

    def _go_home(self) -> None:
        self._go(self._home)

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

        self._show(enrol_view(code, fault, self._look, typed, is_busy=is_busy))

    async def _try_to_enrol(self, code: str) -> None:
        self._go(lambda: self._enrol(code, is_busy=True))
        fault = await self._engine.enrol(code)
        self._go(self._home if fault is None else lambda: self._enrol(code, fault))

    def _stations(self) -> None:
        from mobile.views.station_picker import station_picker_view  # noqa: PLC0415

        engine = self._engine

        def picked(station: "Station") -> None:
            engine.pick_station(station.id)
            self._shown = None
            self._go_home()

        on_back = self._go_home if engine.station is not None else None
        site = f"{engine.site.name} · " if engine.site else ""
        under = f"{site}{engine.device_name}"
        self._show(station_picker_view(under, self._chip_row(), engine.stations(), self._look, picked, on_back))

    def _people(self, station: "Station") -> None:
        from mobile.views.sign_in import people_view  # noqa: PLC0415

        def picked(person: "Person") -> None:
            self._go(lambda: self._pin(person, "", None))

        self._show(
            people_view(
                station,
                self._chip_row(),
                self._engine.workers(),
                self._look,
                picked,
                lambda: self._go(self._status),
                has_scanned=self._has_scanned_early,
            )
        )

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
        self._show(pin_view(person, pin, answer, clock, self._look, key, self._go_home))

    async def _sign_in(self, person: "Person", pin: str) -> None:
        from mobile.outcome import SignInStatus  # noqa: PLC0415

        answer = await self._engine.sign_in(person.id, pin)
        self._shown = None
        self._has_scanned_early = False
        self._go(self._home if answer.status is SignInStatus.OK else lambda: self._pin(person, "", answer))

    def _station(self, station: "Station", worker: "Person") -> None:
        """Builds the screen where it is not there yet; else changes only what is new on it."""
        from mobile.views.station import StationActions, StationScreen  # noqa: PLC0415

        if self._station_screen is not None:
            self._page.update(*self._station_screen.show(self._shown_now()))
            return
        actions = StationActions(
            on_type=lambda: self._go(self._type),
            on_help=lambda: self._go(self._help),
            on_change_worker=self._sign_out,
            on_status=lambda: self._go(self._status),
            on_passed=lambda: self._inspected(reason=None),
            on_failed=lambda reason: self._inspected(reason=reason),
            on_understood=self._understood,
        )
        screen = StationScreen(station, worker, self._shift(), self._look, self._clock, actions)
        screen.show(self._shown_now())
        self._show(screen.control)
        self._station_screen = screen

    def _shown_now(self) -> "Shown":
        from mobile.views.station import Shown  # noqa: PLC0415

        first_us = self._shown.facts.get("event_time_us") if self._shown else None
        return Shown(
            outcome=self._shown,
            when=self._clock(first_us) if isinstance(first_us, int) else "",
            recent=self._engine.recent(RECENT_WIDE if self._look.is_wide else RECENT_NARROW),
            unseen=self._engine.unseen_verdicts,
            chips=self._chips_now(),
        )

    def _type(self) -> None:
        from mobile.views.type_code import type_code_view  # noqa: PLC0415

        def typed(text: str) -> None:
            if text.strip():
                self._on_code(text)

        self._show(type_code_view(self._look, typed, self._go_home))

    def _help(self) -> None:
        from mobile.views.help import help_view  # noqa: PLC0415

        name = self._engine.station.name if self._engine.station else ""
        self._show(help_view(name, self._look, lambda: self._go(self._type), self._go_home))

    def _status(self, *, has_exported: bool = False) -> None:
        self._page.run_task(self._show_status, has_exported=has_exported)

    async def _show_status(self, *, has_exported: bool) -> None:
        from mobile.views.status import StatusActions, StatusFacts, status_view  # noqa: PLC0415

        engine = self._engine
        is_kept = await self._platform.is_persistent()
        waiting, sync = engine.waiting(), engine.sync_state
        facts = StatusFacts(
            device_name=engine.device_name,
            station=f"{engine.station.name} · {engine.station.code}" if engine.station else "",
            worker=f"{engine.worker.name} · {engine.worker.number}" if engine.worker else "",
            version=APP_VERSION,
            waiting=waiting,
            oldest=self._clock(waiting.oldest_us) if waiting.oldest_us else "",
            last_contact=self._clock(sync.last_contact_us) if sync.last_contact_us else "",
            sync=sync,
            is_kept=is_kept,
            has_exported=has_exported,
        )
        actions = StatusActions(
            on_export=self._start_export,
            on_station=lambda: self._go(self._stations),
            on_language=self._change_language,
            on_back=self._go_home,
        )
        self._show(status_view(facts, self._look, actions))

    # ---- what people do ----

    def _on_code(self, text: str) -> None:
        """A code from a gun, the camera or the keys: recorded, then shown, then heard."""
        if self._is_lost or not self._engine.is_enrolled:
            return
        shown = self._engine.on_code(text)
        is_ready = self._engine.station is not None and self._engine.worker is not None
        self._shown = shown if is_ready else None
        self._has_scanned_early = not is_ready
        self._answer(shown)

    def _inspected(self, reason: str | None) -> None:
        from shared.schemas.commands import InspectionOutcome  # noqa: PLC0415

        ask = self._shown.ask if self._shown else None
        if ask is None:
            return
        found = InspectionOutcome.PASS if reason is None else InspectionOutcome.FAIL
        self._shown = self._engine.answer_inspection(ask, found, reason)
        self._answer(self._shown)

    def _answer(self, outcome: "Outcome") -> None:
        """Show it where the station's screen is already up, or go there; then say it aloud."""
        if self._station_screen is not None:
            self._repaint()
        else:
            self._go_home()
        self._platform.play(outcome.tone)
        self._wake.set()

    def _understood(self) -> None:
        self._engine.acknowledge_verdicts()
        self._repaint()

    def _sign_out(self) -> None:
        self._engine.sign_out()
        self._shown = None
        self._go_home()

    def _change_language(self) -> None:
        self._has_english = not self._has_english
        self._paint()

    def _start_export(self) -> None:
        self._page.run_task(self._export)

    async def _export(self) -> None:
        name, content = await self._engine.export_outbox()
        self._platform.download(name, content)
        self._go(lambda: self._status(has_exported=True))

    def _on_lost(self) -> None:
        self._is_lost = True
        _block(self._page, self._platform, "lost", self._opener)

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
        if self._station_screen is not None:
            latest = self._engine.recent(1)
            if self._shown is not None and self._shown.is_recorded and latest:
                self._shown = latest[0].outcome
            self._repaint()
        elif self._repaint == self._status or (self._repaint == self._stations and not self._engine.station):
            self._repaint()
        elif self._repaint == self._home and self._chips is not None:
            self._chips.controls = self._chips_now()
            self._page.update(self._chips)

    def _chips_now(self) -> list[ft.Control]:
        from mobile.views.station import chips  # noqa: PLC0415

        state = self._engine.sync_state
        last_us = state.last_contact_us
        silent_min = (self._platform.now_us() - last_us) // MINUTE_US if last_us is not None else None
        return chips(state, self._engine.waiting(), silent_min, self._look)

    def _chip_row(self) -> ft.Row:
        """The chips of a screen that is not the station's."""
        from mobile.views.components.page import chip_row  # noqa: PLC0415

        self._chips = chip_row()
        self._chips.controls = self._chips_now()
        return self._chips

    def _shift(self) -> "Phrase":
        """The shift of this hour; a factory's own calendar of shifts takes its place one day."""
        from mobile import strings  # noqa: PLC0415

        is_day = DAY_SHIFT_FROM_HOUR <= self._local(self._platform.now_us()).hour < DAY_SHIFT_UNTIL_HOUR
        return strings.DAY_SHIFT if is_day else strings.NIGHT_SHIFT

    def _clock(self, at_us: int) -> str:
        """A time as the factory's clock shows it; with the date where it is another day."""
        at, today = self._local(at_us), self._local(self._platform.now_us())
        return f"{at:%H:%M}" if at.date() == today.date() else f"{at:%m-%d %H:%M}"

    def _local(self, at_us: int) -> datetime:
        site = self._engine.site
        offset = timedelta(minutes=site.utc_offset_min if site else DEFAULT_OFFSET_MIN)
        return datetime.fromtimestamp(at_us / 1_000_000, UTC) + offset
