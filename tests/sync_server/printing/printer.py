"""A label printer at a real port: it takes ZPL, prints after a while, counts, and fails as printers do."""

import re
import socket
import struct
import threading
from dataclasses import dataclass, field

from sync_server.printing.lines import Network

LABEL = re.compile(rb"\^XA\^FX (\w+)\^FS.*?\^XZ\n?", re.DOTALL)


@dataclass
class Faults:
    """What goes wrong, each once: the connection breaks after so many bytes, the power goes with so many printed."""

    cut_after_bytes: list[int] = field(default_factory=list[int])
    power_goes_after: list[int] = field(default_factory=list[int])


class FakePrinter:
    """Listens until it is closed. `printed` is what has come out, in its order."""

    def __init__(self, *, answers: bool = True, counts: bool = True, faults: Faults | None = None) -> None:
        self.printed: list[str] = []
        self.paper = 10_000
        self.has_head_open = False
        self.holds = False
        """It takes labels and answers, and prints nothing yet."""
        self.asked = 0
        self._answers, self._counts, self._faults = answers, counts, faults or Faults()
        self._taken = 0
        self._memory: list[str] = []
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = Network("127.0.0.1", self._listening.getsockname()[1])
        self._is_closed = threading.Event()
        for work in (self._serve, self._print):
            threading.Thread(target=work, daemon=True).start()

    def close(self) -> None:
        self._is_closed.set()
        self._listening.close()

    def _serve(self) -> None:
        while not self._is_closed.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection:
                self._listen(connection)

    def _listen(self, connection: socket.socket) -> None:
        pending = b""
        while True:
            try:
                more = connection.recv(512)
            except OSError:
                return
            if not more:
                return
            self._taken += len(more)
            pending = self._take(connection, pending + more)
            if self._faults.cut_after_bytes and self._taken >= self._faults.cut_after_bytes[0]:
                del self._faults.cut_after_bytes[0]
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return

    def _take(self, connection: socket.socket, data: bytes) -> bytes:
        """Carries out what is whole in it, in its order; what is left waits for the rest."""
        while True:
            label, status, count = LABEL.search(data), data.find(b"~HS"), data.find(b'count"\r\n')
            first = min((at for at in (label.start() if label else -1, status, count) if at >= 0), default=-1)
            if first < 0:
                return data
            if label and label.start() == first:
                with self._lock:
                    self._memory.append(label[1].decode())
                data = data[label.end() :]
            elif status == first:
                self._say(connection, self._status())
                data = data[status + 3 :]
            else:
                self._say(connection, f'"{len(self.printed) + 100}"'.encode() if self._counts else b'"?"')
                data = data[count + 8 :]

    def _say(self, connection: socket.socket, answer: bytes) -> None:
        is_silent = not self.paper or self.has_head_open  # as Zebra's manual says
        if self._answers and not is_silent:
            connection.sendall(answer)

    def _status(self) -> bytes:
        self.asked += 1
        with self._lock:
            waiting = len(self._memory)
        return (
            f"\x02030,0,0,0320,{waiting:03d},0,0,0,000,0,0,0\x03\r\n"
            f"\x02001,0,0,0,1,2,4,0,{waiting:08d},1,000\x03\r\n\x020000,0\x03\r\n"
        ).encode()

    def _print(self) -> None:
        while not self._is_closed.wait(0.002):
            with self._lock:
                if not self._memory or not self.paper or self.has_head_open or self.holds:
                    continue
                if self._faults.power_goes_after and len(self.printed) >= self._faults.power_goes_after[0]:
                    del self._faults.power_goes_after[0]
                    self._memory.clear()
                    continue
                self.printed.append(self._memory.pop(0))
                self.paper -= 1
