"""`mumen labels`: a sheet of labels as PDF."""

import argparse
from pathlib import Path

from sqlalchemy.orm import Session

from labels.content import PieceLabel
from labels.pdf import labels_pdf
from labels.templates import A4_3X8
from mumen.commands.command import Command
from mumen.serving.running import now_us, open_services
from mumen.settings import Settings
from mumen.voice import say
from sync_server.errors import StartFault
from sync_server.office.label_sheets import DEMO_TITLE, find_demo_labels, fonts_in, labels_of
from sync_server.queries.orders import find_orders, view_order


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which labels, and where to."""
    parser.add_argument("order", nargs="?", default="", help="order number; without it, labels of the demo factory")
    parser.add_argument("--out", type=Path, default=Path("build/labels.pdf"), help="file to write (build/labels.pdf)")


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """Writes the labels of an order, or of the demo's open pieces, as a PDF. Raises a `StartFault`."""
    order: str = chosen.order
    out: Path = chosen.out
    fonts = fonts_in(settings.build_dir / "fonts")
    if fonts is None:
        raise StartFault("缺少字体，请先运行 make run。", "The fonts are missing; run `make run` or `mumen build-app`.")
    with open_services(settings) as services:
        found = services.database.read(lambda session: _labels(session, order))
    if not found:
        raise StartFault(
            f"没有可打印的标签：{order or '工厂里没有未完工的部件'}。",
            f"There are no labels for {order or 'this factory'}.",
        )
    pdf = labels_pdf(found, fonts, order or DEMO_TITLE, now_us(), A4_3X8)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(pdf)
    except OSError as error:
        raise StartFault(f"写不了 {out}：{error.strerror}。", f"{out} cannot be written: {error.strerror}.") from error
    say(f"{len(found)} labels / 张标签: {out}")
    return 0


def _labels(session: Session, order_number: str) -> list[PieceLabel]:
    if not order_number:
        return find_demo_labels(session)
    found = find_orders(session, order_number, None, 1, has_customers=False).orders
    named = [order for order in found if order.number == order_number]
    view = view_order(session, named[0].id, has_customers=False) if named else None
    return labels_of(view) if view else []


COMMAND = Command("labels", "write a sheet of labels as PDF / 生成标签 PDF", run, add_arguments)
