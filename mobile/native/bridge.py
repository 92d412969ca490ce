"""What a process says to its page and hears from it, over a WebSocket of the page's own origin.

`static/native.js` is the other end, as `static/python.js` is in the browser build.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping

from fastapi import WebSocket, WebSocketDisconnect

PICTURES_WAITING_MAX = 2


class PageBridge:
    """All windows of one process; the newest one is spoken to, as it is the one that has the store."""

    def __init__(self) -> None:
        """Nobody listens yet, on either side."""
        self._on_keystrokes: Callable[[str], None] | None = None
        self._unheard: list[str] = []
        self._windows: list[asyncio.Queue[Mapping[str, str]]] = []
        self._is_ready = False
        self._process = secrets.token_hex(8)
        self._close_camera: Callable[[], None] = lambda: None

    def listen(self, on_keystrokes: Callable[[str], None]) -> None:
        """Hands over what every scan typed, and first what came while the app was still starting."""
        self._on_keystrokes, unheard, self._unheard = on_keystrokes, self._unheard, []
        for message in unheard:
            on_keystrokes(message)

    def tell(self, message: Mapping[str, str]) -> None:
        """Says this to the newest window; without one, nobody is there to hear it."""
        if self._windows:
            self._windows[-1].put_nowait(message)

    def tell_all(self, message: Mapping[str, str]) -> None:
        """Says this to every window."""
        for window in self._windows:
            window.put_nowait(message)

    def show(self, message: Mapping[str, str]) -> None:
        """Shows the newest window a picture, unless it has not yet taken those before."""
        if self._windows and self._windows[-1].qsize() < PICTURES_WAITING_MAX:
            self._windows[-1].put_nowait(message)

    def on_camera_closed(self, close: Callable[[], None]) -> None:
        """Calls `close` when somebody closes the camera's panel, or the last window."""
        self._close_camera = close

    def ready(self) -> None:
        """The first screen is painted: start screens go, also those of windows that come later."""
        self._is_ready = True
        self.tell_all({"kind": "ready"})

    async def serve(self, socket: WebSocket) -> None:
        """Talks to one window until it closes."""
        await socket.accept()
        window: asyncio.Queue[Mapping[str, str]] = asyncio.Queue()
        self._windows.append(window)
        window.put_nowait({"kind": "process", "number": self._process})
        if self._is_ready:
            window.put_nowait({"kind": "ready"})
        speaking = asyncio.create_task(_speak(socket, window))
        try:
            while True:
                heard = await socket.receive_json()
                if "keystrokes" in heard:
                    self._hear(str(heard["keystrokes"]))
                elif window is self._windows[-1]:
                    self._close_camera()
        except WebSocketDisconnect:
            pass
        finally:
            self._windows.remove(window)
            if not self._windows:
                self._close_camera()
            speaking.cancel()

    def _hear(self, message: str) -> None:
        if self._on_keystrokes is None:
            self._unheard.append(message)
        else:
            self._on_keystrokes(message)


async def _speak(socket: WebSocket, window: "asyncio.Queue[Mapping[str, str]]") -> None:
    while True:
        await socket.send_json(await window.get())
