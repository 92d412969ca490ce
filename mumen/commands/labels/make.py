"""`mumen labels make`: the labels of an order, or of the demo's open pieces, verified, as a file to print."""

import argparse
from pathlib import Path

from sqlalchemy.orm import Session

from labels.content import PieceLabel
from labels.templates import LabelTemplate
from mumen.commands.command import Command
from mumen.commands.labels.choices import (
    LABEL_SIZES,
    OWN_FOLDER,
    RESOLUTIONS,
    SHEETS,
    WORDS,
    add_dpi,
    add_size,
    add_words,
    check_folder,
    fonts_for,
    write_out,
)
from mumen.serving.running import open_services
from mumen.settings import Settings
from mumen.voice import say
from sync_server.errors import StartFault
from sync_server.office.labels.label_sheets import DEMO_TITLE, find_demo_labels
from sync_server.queries.labels import labels_of
from sync_server.queries.orders import find_orders, view_order

LANGUAGES = (".zpl", ".tspl")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which labels, how large, and where to."""
    parser.add_argument(
        "order", nargs="?", default="", help="order number; without it, the demo's open pieces / 订单号"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=OWN_FOLDER / "labels.pdf",
        help="file to write: .pdf to print, .zpl or .tspl for a label printer (build/labels.pdf) / 文件",
    )
    add_size(parser, SHEETS, "a4-3x8")
    add_dpi(parser)
    add_words(parser)


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """Writes the labels. Raises a `StartFault`."""
    from mumen.commands.labels import press  # noqa: PLC0415 - see there

    order: str = chosen.order
    out: Path = chosen.out
    fonts, suffix = fonts_for(settings), out.suffix.lower()
    if suffix != ".pdf" and suffix not in LANGUAGES:
        raise StartFault(f"不认识 {out.name} 的类型：用 .pdf、.zpl 或 .tspl。", f"{out.name}: use .pdf, .zpl or .tspl.")
    check_folder(out)
    with open_services(settings) as services:
        found = services.database.read(lambda session: _labels(session, order))
    if not found:
        raise StartFault(
            f"没有可打印的标签：{order or '工厂里没有未完工的部件'}。",
            f"There are no labels for {order or 'this factory'}.",
        )
    words = WORDS[chosen.language]
    if suffix == ".pdf":
        data = press.make_pdf(found, fonts, order or DEMO_TITLE, SHEETS[chosen.size], words)
    else:
        template = _single(chosen.size).at(RESOLUTIONS[chosen.dpi])
        data = press.make_printer_data(found, fonts, template, words, suffix.removeprefix("."))
    write_out(out, data)
    say(f"{len(found)} labels, each read back / 张标签，逐张读过: {out}")
    return 0


def _single(size: str) -> LabelTemplate:
    """The size of a label printer's label. Raises a `StartFault` where a sheet was chosen."""
    if size not in LABEL_SIZES:
        sizes = ", ".join(LABEL_SIZES)
        raise StartFault(
            f"标签打印机要单张的尺寸：--size {sizes}。", f"A label printer takes single labels: --size {sizes}."
        )
    return LABEL_SIZES[size]


def _labels(session: Session, order_number: str) -> list[PieceLabel]:
    if not order_number:
        return find_demo_labels(session)
    found = find_orders(session, order_number, None, 1, has_customers=False).orders
    named = [order for order in found if order.number == order_number]
    view = view_order(session, named[0].id, has_customers=False) if named else None
    return labels_of(view) if view else []


COMMAND = Command("make", "write the labels of an order to a file / 生成一张订单的标签文件", run, add_arguments)
