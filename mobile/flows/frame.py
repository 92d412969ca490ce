"""The frame around every screen: which one is up, what of it may change by itself, and what all of them share."""

import asyncio
from collections.abc import Callable

import flet as ft

from mobile.clock import FactoryClock
from mobile.engine import Engine
from mobile.outcome import Tone
from mobile.platform import Platform
from mobile.stage import Stage
from mobile.views.components.page import chip_row
from mobile.views.components.sync_chips import sync_chips

Screen = Callable[[], None]
"""Paints itself as it is by now. While it does, it tells the frame what holds until another one is painted."""


class Frame:
    """Owns which screen is up. `wake` is set whenever there is something to send."""

    def __init__(self, stage: Stage, engine: Engine, platform: Platform, home: Screen) -> None:
        """Nothing is shown yet; `home` paints the screen where work goes on."""
        self.stage = stage
        self.clock = FactoryClock(platform.now_us, lambda: engine.site)
        self.wake = asyncio.Event()
        self._engine, self._platform, self._home = engine, platform, home
        self._screen = home
        self._is_over = False
        self._is_camera_open = False
        self._clear()

    def _clear(self) -> None:
        self._on_leave: Callable[[], None] | None = None
        self._chips: ft.Row | None = None
        self._facts: Callable[[], object] | None = None
        self._painted_facts: object = None
        self._is_scanned_into = False

    @property
    def is_over(self) -> bool:
        """Whether the store belongs to another window now."""
        return self._is_over

    def close(self) -> None:
        """The store belongs to another window now: paint no more."""
        self._is_over = True
        self.wake.set()

    # ---- which screen ----

    def go(self, screen: Screen) -> None:
        """Shows this screen, until another one takes its place."""
        self._screen = screen
        self.paint()

    def repaint_with(self, screen: Screen) -> None:
        """What is up is painted by this from now on: a turned device keeps what was typed."""
        self._screen = screen

    def go_home(self) -> None:
        """Back to where work goes on."""
        self.go(self._home)

    def is_up(self, screen: Screen) -> bool:
        """Whether this screen is what people see now."""
        return self._screen == screen and not self._is_over

    def paint(self) -> None:
        """Shows the current screen anew.

        Only where what it watches has changed is that done by itself: a tap on a button that is replaced meanwhile is
        lost.
        """
        if self._is_over:
            return
        if self._on_leave is not None:
            self._on_leave()
        self._clear()
        self._screen()
        if self._is_camera_open and not self._is_scanned_into:
            self._is_camera_open = False  # somebody may have closed it already, which does no harm
            self._platform.show_camera(is_on=False)

    def refresh(self) -> None:
        """There is news: paints anew what watches something that has changed, else its chips alone."""
        if self._facts is not None and self._facts() != self._painted_facts:
            self.paint()
        elif self._chips is not None:
            self._chips.controls = self.chips()
            self.stage.update(self._chips)

    # ---- what a screen tells while it is painted ----

    def watch(self, facts: Callable[[], object], painted: object) -> None:
        """What of this screen news may change, and what of it is painted now; asking may take a while."""
        self._facts, self._painted_facts = facts, painted

    def on_leave(self, leave: Callable[[], None]) -> None:
        """Call this before another screen, or this one anew, is painted."""
        self._on_leave = leave

    def keep_camera(self) -> None:
        """Pieces are scanned into this screen: the camera that looks for codes may stay open."""
        self._is_scanned_into = True

    def chip_row(self) -> ft.Row:
        """The chips of a screen, which follow the news."""
        self._chips = chip_row()
        self._chips.controls = self.chips()
        return self._chips

    def chips(self) -> list[ft.Control]:
        """How the device stands with the server, and what waits."""
        state = self._engine.sync_state
        silent_min = self.clock.minutes_since(state.last_contact_us)
        return sync_chips(state, self._engine.waiting(), silent_min, self.stage.look)

    # ---- what all screens do ----

    def heard(self, tone: Tone) -> None:
        """Something was recorded, or could not be: it is heard, and sent."""
        self._platform.play(tone)
        self.wake.set()

    @property
    def camera(self) -> Callable[[], None] | None:
        """Opens the camera that looks for codes; None where there is none."""
        return self._open_camera if self._platform.has_scanning_camera() else None

    def _open_camera(self) -> None:
        self._is_camera_open = True
        self._platform.show_camera(is_on=True)

    def change_language(self) -> None:
        """With English beside the Chinese, or without it again."""
        self._engine.set_english(is_on=not self._engine.has_english)
        self.stage.has_english = self._engine.has_english
        self.paint()

    def who_and_where(self) -> str:
        """The station and who works there, as far as they are known."""
        both = (self._engine.station, self._engine.people.worker)
        return " · ".join(one.name for one in both if one is not None)
