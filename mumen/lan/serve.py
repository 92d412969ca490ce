"""Two listeners in one process: HTTPS for everything, plain HTTP for the way there."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from mumen.lan.addresses import certificate_names, choose_origin, lan_addresses, lost_address, resolve_by_system
from mumen.lan.authority import CertificateFiles, ensure_authority, ensure_certificate, fingerprint, given_certificate
from mumen.lan.connect import Guide, connect_app
from mumen.serving.origin import known_origin
from mumen.serving.owner import sole_owner
from mumen.serving.prepare import prepare_server, run_server
from mumen.serving.running import ensure_writable, now_us
from mumen.serving.sockets import Listening, check_port
from mumen.settings import BY_NAME, Settings, SettingWrong, parse_port
from mumen.voice import say, warn
from sync_server.office.shell.assets import Assets

FOLDER = "tls"
ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - a LAN server listens on the LAN


def run_on_lan(
    settings: Settings,
    connect_port_text: str | None,
    cert: Path | None,
    key: Path | None,
    workers: int,
    *,
    is_demo: bool,
) -> None:
    """Serves over HTTPS, with the guide for tablets beside it, until it is told to stop. Raises a `StartFault`."""
    host = settings.host or ANY_ADDRESS
    connect_port = parse_port(connect_port_text or str(settings.port + 1), "--connect-port")
    for port in (settings.port, connect_port):
        check_port(host, port)
    given = given_certificate(cert, key)
    ensure_writable(settings.data_dir, "data_dir")
    origin = lan_origin(settings)
    with sole_owner(settings.database_url):
        prepare_server(settings, origin, is_demo=is_demo)
        files, authority = prepare(settings.data_dir, origin, given, now_us())
        address = next(iter(lan_addresses()), "127.0.0.1")
        say(f"  连接平板 Connect http://{address}:{connect_port}/connect")
        if authority is not None:
            say(f"  证书指纹 CA SHA-256 {fingerprint(authority)}")
        guide = Guide(origin, address, settings.port, connect_port, authority)
        listening = Listening(host, settings.port, files.certificate, files.key)
        with _beside(connect_app(guide, Assets(settings.build_dir)), host, connect_port):
            run_server(settings, origin, listening, workers, is_demo=is_demo)


def lan_origin(settings: Settings) -> str:
    """What tablets call the server: what was set, else what they know, else what this network can find.

    What that costs is said on stderr. Raises a `StartFault`.
    """
    known = known_origin(settings.data_dir)
    addresses = lan_addresses()
    if settings.public_url is not None:
        origin, note = settings.public_url, lost_address(settings.public_url, addresses)
    elif known is not None and known.startswith("https://"):
        origin, note = known, lost_address(known, addresses)
    else:
        origin, note = choose_origin(socket.gethostname(), settings.port, addresses, resolve_by_system)
    if not origin.startswith("https://"):
        raise SettingWrong(
            BY_NAME["public_url"].where,
            f"加了 --lan 时要以 https:// 开头，现在是 {origin}。",
            f"must begin with https:// where --lan is given, not {origin}.",
        )
    if note:
        warn(note)
    return origin


def prepare(
    data_dir: Path, origin: str, given: CertificateFiles | None, now_us: int
) -> tuple[CertificateFiles, Path | None]:
    """The server's certificate, and the authority's where it is our own."""
    if given is not None:
        return given, None
    folder = data_dir / FOLDER
    authority = ensure_authority(folder, now_us)
    return ensure_certificate(folder, authority, certificate_names(origin), now_us), authority.certificate


@contextmanager
def _beside(way: ASGIApp, host: str, port: int) -> Generator[None, None, None]:
    """The guide over plain HTTP, as long as the server runs."""
    plain = uvicorn.Server(uvicorn.Config(way, host=host, port=port, log_level="warning"))
    thread = threading.Thread(target=plain.run, name="connect", daemon=True)
    thread.start()
    try:
        yield
    finally:
        plain.should_exit = True
        thread.join(10)
