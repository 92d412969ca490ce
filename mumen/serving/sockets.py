"""Where the server listens: whether it can, asked before anything is opened; and the sockets, which workers share."""

import errno
import socket
from dataclasses import dataclass
from pathlib import Path

from sync_server.errors import StartFault

BACKLOG = 2_048
"""Connections that wait to be accepted; a whole factory's tablets may come back at once."""


@dataclass(frozen=True)
class Listening:
    """Where to listen, and with which certificate, if any (PEM files)."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None


def open_sockets(listening: Listening) -> list[socket.socket]:
    """One that listens for each address of the host. Raises a `StartFault`."""
    found: list[socket.socket] = []
    try:
        for family, address in _addresses(listening.host, listening.port):
            found.append(socket.create_server(address, family=family, backlog=BACKLOG))
    except OSError as error:
        for opened in found:
            opened.close()
        raise _why(listening.host, listening.port, error) from error
    return found


def check_port(host: str, port: int) -> None:
    """Raises a `StartFault` that says why nobody can listen there, and what to do."""
    family, address = _addresses(host, port)[0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # A port that has just been let go of counts as free, as it does for the server itself.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise _why(host, port, error) from error


def _addresses(host: str, port: int) -> list[tuple[int, tuple[str, int]]]:
    """Family and address of each way to this host."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise StartFault(
            f"MUMEN_HOST (--host) 不对：没有 {host} 这个地址。", f"MUMEN_HOST (--host) is wrong: {host} is no address."
        ) from None
    return [(family, (str(address[0]), port)) for family, _, _, _, address in found]


def _why(host: str, port: int, error: OSError) -> StartFault:
    match error.errno:
        case errno.EADDRINUSE:
            return StartFault(
                f"端口 {port} 已被占用：请停掉占用它的程序，或用 --port（MUMEN_PORT）换一个端口。",
                f"Port {port} is in use. Stop the other program, or choose another port with --port (MUMEN_PORT).",
            )
        case errno.EACCES:
            return StartFault(
                f"没有权限监听端口 {port}：请用 --port（MUMEN_PORT）换一个 1024 以上的端口。",
                f"Port {port} is not permitted. Choose one above 1024 with --port (MUMEN_PORT).",
            )
        case _:
            return StartFault(
                f"不能在 {host} 上监听：{error.strerror}。请检查 --host（MUMEN_HOST）。",
                f"This machine cannot listen at {host}: {error.strerror}. Check --host (MUMEN_HOST).",
            )
