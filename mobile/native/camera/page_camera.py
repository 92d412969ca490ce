"""The camera of this machine with its panel in the page: what its threads tell is handed to the app's own loop."""

import asyncio
import atexit
import base64
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Protocol

from mobile.native.camera.sources import open_source
from mobile.native.camera.watch import CameraWatch

LAST_S = 3.0
"""How long the end of the process waits for a camera to be given back."""


class Panel(Protocol):
    """The page's end of it."""

    def tell(self, message: Mapping[str, str]) -> None:
        """Says this to the page."""
        ...

    def tell_all(self, message: Mapping[str, str]) -> None:
        """Says this to all windows."""
        ...

    def show(self, message: Mapping[str, str]) -> None:
        """Shows the page a picture, or not where it is behind."""
        ...

    def on_camera_closed(self, close: Callable[[], None]) -> None:
        """Calls `close` when somebody closes the panel, or nobody looks at the page any more."""
        ...


class PageCamera:
    """Opens and closes it; `on_code` hears every code that it sees, once for as long as it is in view."""

    def __init__(self, name: str, page: Panel) -> None:
        """Look through the camera of this name (see `open_source`) when asked to."""
        self._name, self._page = name, page
        self._watch: CameraWatch | None = None
        self._last: CameraWatch | None = None
        self.on_code: Callable[[str], None] = lambda _: None

    def show(self, *, is_on: bool) -> None:
        """Opens or closes it; called in the app's loop, and returns at once."""
        if is_on == (self._watch is not None):
            return
        if self._watch is not None:
            self._watch.end()
            self._last, self._watch = self._watch, None
            self._page.tell_all({"kind": "native-camera", "state": "closed"})
            atexit.unregister(self._leave)
            return
        self._page.on_camera_closed(lambda: self.show(is_on=False))
        self._page.tell({"kind": "native-camera", "state": "open"})
        told = _Told(self, asyncio.get_running_loop())
        self._watch = told.watch = CameraWatch(lambda: open_source(self._name), told, self._last)
        self._watch.start()
        atexit.register(self._leave)

    def is_watched_by(self, watch: CameraWatch | None) -> bool:
        """Whether this is the watch that counts: what another one still tells comes too late."""
        return watch is not None and watch is self._watch

    def seen(self, text: str) -> None:
        """Hands over what counts as scanned."""
        self._page.tell({"kind": "native-camera", "state": "seen"})
        self.on_code(text)

    def tell(self, message: Mapping[str, str]) -> None:
        """Says this on the panel."""
        self._page.tell(message)

    def show_picture(self, message: Mapping[str, str]) -> None:
        """Shows this on the panel."""
        self._page.show(message)

    def _leave(self) -> None:
        """The process ends: the camera's light goes out."""
        if self._watch is not None:
            self._watch.end()
            self._watch.join(LAST_S)


class _Told:
    """Brings what one watch tells from its threads into the app's loop."""

    def __init__(self, camera: PageCamera, loop: asyncio.AbstractEventLoop) -> None:
        self._camera, self._loop = camera, loop
        self.watch: CameraWatch | None = None

    def on_code(self, text: str) -> None:
        self._later(lambda: self._camera.seen(text))

    def on_picture(self, jpeg: bytes) -> None:
        content = base64.b64encode(jpeg).decode()
        self._later(lambda: self._camera.show_picture({"kind": "native-picture", "jpeg": content}))

    def on_said(self, text: str, *, is_fault: bool) -> None:
        said = {"kind": "native-camera", "state": "fault" if is_fault else "said", "text": text}
        self._later(lambda: self._camera.tell(said))

    def _later(self, tell: Callable[[], None]) -> None:
        def in_loop() -> None:
            if self._camera.is_watched_by(self.watch):
                tell()

        with suppress(RuntimeError):  # the loop has ended meanwhile, and with it whoever would hear of it
            self._loop.call_soon_threadsafe(in_loop)
