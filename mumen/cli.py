"""`mumen`: the command line. `mumen --help` lists what it can do."""

import argparse
import importlib
import os
import shutil
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import uvicorn
from sqlalchemy.orm import Session

from labels.content import PieceLabel
from labels.pdf import label_sheet_pdf
from mumen.demo.people import DEMO_PASSWORD, DEMO_PIN, PEOPLE
from mumen.demo.story import fill
from mumen.lan.authority import CertificateFiles, fingerprint
from mumen.lan.origin import fixed_origin, lan_addresses
from mumen.lan.serve import prepare, serve_lan
from mumen.runtime import now_us, open_services
from mumen.settings import Settings, SettingWrong, read_settings
from sync_server.app import create_app
from sync_server.errors import StartFault
from sync_server.office.label_sheets import DEMO_TITLE, find_demo_labels, fonts_in, labels_of
from sync_server.queries.orders import find_orders, view_order

HTMX = Path("node_modules/htmx.org/dist/htmx.min.js")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand; the exit code is 0, or 1 with a sentence on stderr."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = read_settings(os.environ, getattr(chosen, "host", None), getattr(chosen, "port", None))
        match chosen.command:
            case "serve":
                if chosen.lan:
                    return serve_on_lan(settings, chosen, os.environ)
                return serve(settings, is_demo=chosen.demo)
            case "demo":
                return demo(settings)
            case "labels":
                return labels(settings, chosen.order, chosen.out)
            case _:
                return build_app(settings)
    except (SettingWrong, StartFault) as fault:
        return _complain(str(fault))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mumen", description="Mumen 木门: follows every door from order to signature."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    server = commands.add_parser("serve", help="start the server / 启动服务器")
    server.add_argument("--host", help="address to listen on (MUMEN_HOST, 127.0.0.1)")
    server.add_argument("--port", type=int, help="port to listen on (MUMEN_PORT, 8080)")
    server.add_argument("--demo", action="store_true", help="say on every page that this is a demo factory")
    server.add_argument("--lan", action="store_true", help="HTTPS for tablets on this network / 给车间平板用的 HTTPS")
    server.add_argument("--connect-port", type=int, help="plain HTTP port of /connect (the port + 1)")
    server.add_argument("--cert", type=Path, help="certificate to use with --lan instead of one of our own (PEM)")
    server.add_argument("--key", type=Path, help="the key of --cert (PEM)")
    commands.add_parser("demo", help="fill an empty database with a demo factory / 建立演示工厂")
    sheet = commands.add_parser("labels", help="write a sheet of labels as PDF / 生成标签 PDF")
    sheet.add_argument("order", nargs="?", default="", help="order number; without it, labels of the demo factory")
    sheet.add_argument("--out", type=Path, default=Path("build/labels.pdf"), help="file to write (build/labels.pdf)")
    commands.add_parser("build-app", help="build the app for tablets and phones into build/app / 构建应用")
    return parser


def serve(settings: Settings, *, is_demo: bool) -> int:
    """Serves until it is told to stop."""
    if not is_port_free(settings.host, settings.port):
        return _port_in_use(settings.port)
    with open_services(settings, is_demo=is_demo) as services:
        app = create_app(services, settings.build_dir)
        print("\n".join(addresses(settings)), flush=True)
        if is_demo:
            print(f"  演示标签 Labels {settings.public_url}/demo-labels.pdf", flush=True)
            print(f"  演示 Demo      工号 9001, PIN {DEMO_PIN}, 密码 password {DEMO_PASSWORD}", flush=True)
        uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning")
    return 0


def serve_on_lan(settings: Settings, chosen: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Serves over HTTPS on every address of this machine, with the guide for tablets beside it."""
    host = chosen.host or environment.get("MUMEN_HOST", "0.0.0.0")  # noqa: S104 - a LAN server listens on the LAN
    connect_port = chosen.connect_port or settings.port + 1
    for port in (settings.port, connect_port):
        if not is_port_free(host, port):
            return _port_in_use(port)
    if (chosen.cert is None) != (chosen.key is None):
        return _complain("--cert and --key belong together. / --cert 和 --key 要一起给。")
    given = CertificateFiles(chosen.cert, chosen.key) if chosen.cert else None
    for file in (chosen.cert, chosen.key):
        if file is not None and not file.is_file():
            return _complain(f"{file} does not exist. / 没有这个文件: {file}")
    origin = fixed_origin(settings.data_dir, environment, settings.port)
    files, authority = prepare(settings.data_dir, origin, given, now_us())
    settings = replace(settings, public_url=origin)
    with open_services(settings, is_demo=chosen.demo) as services:
        app = create_app(services, settings.build_dir)
        print("\n".join(addresses(settings)), flush=True)
        reached_at = next(iter(lan_addresses()), "127.0.0.1")
        print(f"  连接平板 Connect http://{reached_at}:{connect_port}/connect", flush=True)
        if authority is not None:
            print(f"  证书指纹 CA SHA-256 {fingerprint(authority)}", flush=True)
        serve_lan(app, origin, files, authority, host, settings.port, connect_port)
    return 0


def addresses(settings: Settings) -> list[str]:
    """What to open in a browser, one line each."""
    url = settings.public_url
    lines = [
        "Mumen 木门",
        f"  办公室 Office  {url}/",
        f"  车间 App       {url}/app/",
        f"  接口 API       {url}/docs",
    ]
    if not (settings.build_dir / "app").is_dir():
        lines[2] = "  车间 App       尚未构建 not built yet: mumen build-app"
    return lines


def demo(settings: Settings) -> int:
    """Makes the demo factory where there is none, and says how to sign in."""
    with open_services(settings, is_demo=True) as services:
        epoch = services.identity.epoch
        is_new = services.database.write(lambda session: fill(session, epoch, now_us())).result()
    if not is_new:
        print("已有数据，未作改动。 There is a factory already; nothing was changed.")
        return 0
    print(f"演示工厂已建立 Demo factory ready. PIN {DEMO_PIN}, 办公室密码 office password {DEMO_PASSWORD}")
    print("\n".join(f"  {number}  {name}  {role}" for number, name, role in PEOPLE))
    return 0


def labels(settings: Settings, order_number: str, out: Path) -> int:
    """Writes the labels of an order, or of the demo's open pieces, as a PDF."""
    fonts = fonts_in(settings.build_dir / "fonts")
    if fonts is None:
        return _complain("The fonts are missing; run `make run` or `mumen build-app`. / 缺少字体，请先运行 make run。")
    with open_services(settings) as services:
        found = services.database.read(lambda session: _labels(session, order_number))
    if not found:
        return _complain(f"There are no labels for {order_number or 'this factory'}. / 没有可打印的标签。")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(label_sheet_pdf(found, fonts, order_number or DEMO_TITLE, now_us()))
    print(f"{len(found)} labels / 张标签: {out}")
    return 0


def _labels(session: Session, order_number: str) -> list[PieceLabel]:
    if not order_number:
        return find_demo_labels(session)
    named = [order for order in find_orders(session, order_number, None, 1).orders if order.number == order_number]
    view = view_order(session, named[0].id) if named else None
    return labels_of(view) if view else []


def is_port_free(host: str, port: int) -> bool:
    """Whether this process could listen there; a port that has just been let go of counts as free."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def build_app(settings: Settings) -> int:
    """Builds the app; the builder is loaded only here, because a running server does not need it."""
    builder = importlib.import_module("mobile.web.build")
    if not HTMX.exists():
        return _complain("npm's packages are missing; run `make run`. / 缺少 npm 包，请先运行 make run。")
    print(builder.build_app(settings.build_dir / "app", _say))
    target = settings.build_dir / "office" / "htmx.min.js"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HTMX, target)
    return 0


def _port_in_use(port: int) -> int:
    return _complain(
        f"Port {port} is in use. Stop the other program, or choose another port with MUMEN_PORT. / "
        f"端口 {port} 已被占用:请停掉占用它的程序,或用 MUMEN_PORT 换一个端口。"
    )


def _say(line: str) -> None:
    print(line, flush=True)


def _complain(sentence: str) -> int:
    print(f"mumen: {sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
