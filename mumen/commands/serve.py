"""`mumen serve`: the server, for this machine or behind a proxy; with `--lan`, over HTTPS for the network's tablets."""

import argparse
from pathlib import Path
from urllib.parse import urlsplit

from mumen.commands.command import Command
from mumen.lan.serve import run_on_lan
from mumen.serving.origin import is_loopback, known_origin
from mumen.serving.owner import sole_owner
from mumen.serving.prepare import prepare_server, run_server
from mumen.serving.sockets import Listening, check_port
from mumen.serving.workers import parse_workers
from mumen.settings import Settings
from sync_server.errors import StartFault


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the server says it is, and how the network reaches it."""
    parser.add_argument("--demo", action="store_true", help="say on every page that this is a demo factory")
    add_network(parser)


def add_network(parser: argparse.ArgumentParser) -> None:
    """How the network reaches the server, and how many processes answer it."""
    parser.add_argument("--workers", default="1", help="processes that serve, on PostgreSQL / 工作进程数 (1)")
    parser.add_argument("--lan", action="store_true", help="HTTPS for tablets on this network / 给车间平板用的 HTTPS")
    parser.add_argument("--connect-port", help="plain HTTP port of /connect, with --lan (the port + 1)")
    parser.add_argument("--cert", type=Path, help="certificate to use with --lan instead of one of our own (PEM)")
    parser.add_argument("--key", type=Path, help="the key of --cert (PEM)")


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """Serves until it is told to stop. Raises a `StartFault`."""
    workers = parse_workers(chosen.workers, settings.database_url)
    if chosen.lan:
        run_on_lan(settings, chosen.connect_port, chosen.cert, chosen.key, workers, is_demo=chosen.demo)
        return 0
    listening = Listening(settings.host or "127.0.0.1", settings.port)
    check_port(listening.host, listening.port)
    origin = local_origin(settings)
    with sole_owner(settings.database_url):
        prepare_server(settings, origin, is_demo=chosen.demo)
        run_server(settings, origin, listening, workers, is_demo=chosen.demo)
    return 0


def local_origin(settings: Settings) -> str:
    """What devices call a server that speaks plain HTTP itself. Raises a `StartFault` where nobody would answer."""
    known = known_origin(settings.data_dir)
    is_moved = known is not None and is_loopback(known) and urlsplit(known).port != settings.port
    origin = settings.public_url or (known if known and not is_moved else settings.local_url)
    parts = urlsplit(origin)
    if parts.scheme == "https" and (parts.port or 443) == settings.port:
        raise StartFault(
            f"设备访问的地址是 {origin}，要用 HTTPS：请加上 --lan。有反向代理时，请用 --port 让 mumen 监听另一个端口。",
            f"Devices call this server {origin}, which takes HTTPS: add --lan. Behind a reverse proxy let mumen listen "
            "on another port with --port.",
        )
    return origin


COMMAND = Command("serve", "start the server / 启动服务器", run, add_arguments)
