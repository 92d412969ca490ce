"""The window that the app paints on: one screen at a time, painted anew when the device is turned or gets dark."""

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

import flet as ft

from mobile import theme

P = ParamSpec("P")


class Stage:
    """One window of Flet. `has_english` is set by whoever knows what the device's people want."""

    def __init__(self, page: ft.Page) -> None:
        """Paint on this page."""
        self._page = page
        self.has_english = False
        self._painted: theme.Look | None = None
        self._on_typed: Callable[[str], None] | None = None

    @property
    def look(self) -> theme.Look:
        """How to paint now."""
        page = self._page
        return theme.Look(
            theme.palette_for(is_dark=page.platform_brightness is ft.Brightness.DARK),
            is_wide=(page.width or 1280) >= theme.WIDE_FROM,
            is_low=(page.height or 800) < theme.LOW_BELOW,
            is_tight=(page.height or 800) < theme.TIGHT_BELOW,
            has_english=self.has_english,
        )

    @property
    def painted(self) -> theme.Look | None:
        """How what is up was painted; None before the first screen."""
        return self._painted

    @property
    def wants_keys(self) -> bool:
        """Whether the screen that is up takes what a hand types."""
        return self._on_typed is not None

    def show(self, screen: ft.Control, on_typed: Callable[[str], None] | None = None) -> None:
        """This screen takes the place of the last one; `on_typed` gets what a hand types while it is up."""
        self._painted = self.look
        self._page.bgcolor = self._painted.palette.paper
        self._page.controls = [ft.SafeArea(screen, expand=True)]
        self._on_typed = on_typed
        self._page.update()

    def type(self, keys: str) -> None:
        """A hand has typed this outside of any field, which is for the screen that is up, if it wants keys."""
        if self._on_typed is not None:
            self._on_typed(keys)

    def update(self, *changed: ft.Control) -> None:
        """Only these parts of the screen have changed."""
        self._page.update(*changed)

    def begin(self, work: Callable[P, Coroutine[Any, Any, None]], *args: P.args, **kwargs: P.kwargs) -> None:
        """Start something that takes a while; the screen goes on."""
        self._page.run_task(work, *args, **kwargs)

    def watch(self, repaint: Callable[[], None], *, is_typing: Callable[[], bool]) -> None:
        """Call `repaint` when the device is turned or gets dark.

        A keyboard that comes up makes the window lower too: while `is_typing`, only another width counts, or the field
        would be gone.
        """

        def resized() -> None:
            look, before = self.look, self._painted
            if before is None or look.is_wide != before.is_wide or (look != before and not is_typing()):
                repaint()

        self._page.on_resize = lambda _: resized()
        self._page.on_platform_brightness_change = lambda _: repaint()
