"""Lines to printers: raw TCP (port 9100), a printer that the system knows (CUPS), a file or a device.

PrinterFault        the printer could not be given what it should print; the sentence says what to do
└── PrinterLost     the line broke after something was sent: nobody knows how much of it was printed
"""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol

RAW_PORT = 9100
PORTS_END = 65_536
_LABEL = r"\w([\w-]{0,61}\w)?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?", re.ASCII)
CONNECT_TIMEOUT_S = 5.0
SEND_TIMEOUT_S = 20.0
"""A printer that is out of paper stops reading when its memory is full."""

SYSTEM_TIMEOUT_S = 30.0


class PrinterFault(Exception):  # noqa: N818 - named as the other faults are
    """The printer could not be given what it should print."""

    def __init__(self, message: str, message_en: str) -> None:
        """Why, and what to do, in both languages."""
        super().__init__(message_en)
        self.message = message
        self.message_en = message_en


class PrinterLost(PrinterFault):
    """The line broke after something was sent."""


class WrongAddress(PrinterFault):
    """No printer can have this address."""


@dataclass(frozen=True)
class Network:
    """A printer that listens for raw data."""

    host: str
    port: int = RAW_PORT


@dataclass(frozen=True)
class System:
    """A printer that this system knows, by its name there."""

    name: str


@dataclass(frozen=True)
class File:
    """A file that is added to, or a device such as `/dev/usb/lp0`."""

    path: Path


Address = Network | System | File


class Line(Protocol):
    """A way to one printer."""

    def send(self, data: bytes) -> None:
        """Hands this over. Raises `PrinterFault`; `PrinterLost` where part of it may have gone out."""
        ...

    def ask(self, question: bytes, timeout_s: float) -> bytes:
        """What the printer answers within this time; nothing where it says nothing or cannot. Raises `PrinterLost`."""
        ...


def parse_address(text: str) -> Address:
    """`192.168.1.50`, `printer.local:9101`, `[fe80::1]:9100`, `system:Zebra`, `file:/tmp/labels.zpl`.

    Raises `WrongAddress`.
    """
    kind, colon, rest = (part.strip() for part in text.partition(":"))
    if colon and kind in {"system", "file"}:
        if not rest:
            raise _nameless(kind)
        return System(rest) if kind == "system" else File(Path(rest))
    if rest.startswith("//"):
        raise _web_address(text.strip())
    host, port = _host_and_port(text.strip())
    if not _is_host(host):
        raise WrongAddress(
            f"打印机地址“{text}”不对：写 IP（如 192.168.1.50）、IP:端口、system:名字 或 file:路径。",
            f"'{text}' is no printer's address: give an IP (192.168.1.50), IP:PORT, system:NAME or file:PATH.",
        )
    if not 0 < port < PORTS_END:
        raise WrongAddress(
            f"打印机地址“{text}”的端口不对：冒号后面是 1 到 65535 的数，一般是 9100（如 192.168.1.50:9100）。",
            f"The port of '{text}' cannot be: behind the colon comes 1 to 65535, mostly 9100 (192.168.1.50:9100).",
        )
    return Network(host, port)


@contextmanager
def open_line(address: Address) -> Generator[Line, None, None]:
    """A line to this printer. Raises `PrinterFault`."""
    match address:
        case Network():
            with _connected(address) as connection:
                yield _NetworkLine(connection, address)
        case System():
            yield _SystemLine(address)
        case File():
            yield _FileLine(address)


def _nameless(kind: str) -> WrongAddress:
    example = "system:Zebra" if kind == "system" else "file:labels.zpl"
    return WrongAddress(
        f"“{kind}:”后面要写名字（如 {example}）；网络打印机只写 IP（如 192.168.1.50）。",
        f"A name comes behind '{kind}:' ({example}); a printer on the network is given by its IP (192.168.1.50).",
    )


def _web_address(text: str) -> WrongAddress:
    return WrongAddress(
        f"“{text}”是网页的地址，不是打印机的：不要 // 和它前后的部分，只写 IP 或名字（如 192.168.1.50）。",
        f"'{text}' is a web page's address, not a printer's: give only the IP or the name (192.168.1.50).",
    )


def _host_and_port(text: str) -> tuple[str, int]:
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    else:
        host, port = text, ""
    if not port:
        return host, RAW_PORT
    return host, int(port) if port.isascii() and port.isdecimal() else 0


def _is_host(host: str) -> bool:
    """Whether this is an IP address, or a name that a machine can have: `999.1.1.1` is neither."""
    is_ip_or_nothing = ":" in host or host.replace(".", "").isdecimal()
    if not is_ip_or_nothing:
        return _NAME.fullmatch(host) is not None
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@contextmanager
def _connected(address: Network) -> Generator[socket.socket, None, None]:
    try:
        connection = socket.create_connection((address.host, address.port), CONNECT_TIMEOUT_S)
    except OSError as error:
        why, why_en = _reason(error)
        raise PrinterFault(
            f"连不上打印机 {address.host}:{address.port}（{why}）：看它开了没有、网线和 IP 对不对。",
            f"Printer {address.host}:{address.port} cannot be reached ({why_en}): is it on, are cable and IP right?",
        ) from error
    with connection:
        yield connection


def _reason(error: OSError) -> tuple[str, str]:
    """What the network says, in both languages."""
    match error:
        case ConnectionRefusedError():
            return "那里没有打印机在听", "nothing listens there"
        case TimeoutError():
            return "没有回应", "no answer"
        case socket.gaierror():
            return "找不到这个名字", "no such name"
        case ConnectionResetError() | BrokenPipeError():
            return "被它断开", "it hung up"
        case _:
            return f"网络不通，{error.strerror or error}", error.strerror or str(error)


class _NetworkLine:
    def __init__(self, connection: socket.socket, address: Network) -> None:
        self._connection = connection
        self._address = address

    def send(self, data: bytes) -> None:
        self._connection.settimeout(SEND_TIMEOUT_S)
        try:
            self._connection.sendall(data)
        except OSError as error:
            raise self._lost(error) from error

    def ask(self, question: bytes, timeout_s: float) -> bytes:
        self.send(question)
        self._connection.settimeout(timeout_s)
        try:
            answer = self._connection.recv(4096)
        except TimeoutError:
            return b""
        except OSError as error:
            raise self._lost(error) from error
        if not answer:
            raise self._lost(ConnectionResetError("closed by the printer"))
        return answer

    def _lost(self, error: OSError) -> PrinterLost:
        where, (why, why_en) = f"{self._address.host}:{self._address.port}", _reason(error)
        return PrinterLost(
            f"打印机 {where} 中途断开（{why}）：看纸、盖子和网络。",
            f"Printer {where} broke off ({why_en}): look at its paper, lid and network.",
        )


class _SystemLine:
    """CUPS takes a job whole and keeps it itself until the printer has it."""

    def __init__(self, address: System) -> None:
        self._name = address.name

    def send(self, data: bytes) -> None:
        lp = shutil.which("lp")
        if lp is None:
            raise PrinterFault(
                "这台机器没有打印系统（CUPS 的 lp）：请改用打印机的 IP。",
                "This machine has no printing system (`lp` of CUPS): use the printer's IP instead.",
            )
        command = [lp, "-d", self._name, "-o", "raw", "-s", "-"]
        try:
            done = subprocess.run(command, input=data, capture_output=True, timeout=SYSTEM_TIMEOUT_S, check=False)  # noqa: S603 - an argument list
        except subprocess.TimeoutExpired as error:
            raise PrinterLost(
                f"系统打印机“{self._name}”没有回应。", f"The system's printer '{self._name}' does not answer."
            ) from error
        if done.returncode:
            why = done.stderr.decode(errors="replace").strip()
            raise PrinterFault(
                f"系统打印机“{self._name}”不收：{why}", f"The system's printer '{self._name}' refuses it: {why}"
            )

    def ask(self, question: bytes, timeout_s: float) -> bytes:
        """It hands nothing back."""
        del question, timeout_s
        return b""


class _FileLine:
    def __init__(self, address: File) -> None:
        self._path = address.path

    def send(self, data: bytes) -> None:
        try:
            with self._path.open("ab") as file:
                file.write(data)
                if self._path.is_file():  # a device has nothing to keep
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise PrinterFault(
                f"写不了 {self._path}：{error.strerror}。", f"{self._path} cannot be written: {error.strerror}."
            ) from error

    def ask(self, question: bytes, timeout_s: float) -> bytes:
        """It hands nothing back."""
        del question, timeout_s
        return b""
