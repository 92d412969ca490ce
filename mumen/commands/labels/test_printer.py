"""`mumen labels test-printer`: sends one label to a printer and says what should have come out."""

import argparse

from labels.words import CHINESE
from mumen.commands.command import Command
from mumen.commands.labels.choices import LABEL_SIZES, RESOLUTIONS, add_dpi, add_size, fonts_for
from mumen.commands.labels.samples import TEST_LABEL
from mumen.settings import Settings
from mumen.voice import say
from sync_server.errors import StartFault
from sync_server.printing.lines import PrinterFault, WrongAddress, open_line, parse_address

EXPECTED = """\
已发送。打印机应当打出一张标签 / Sent. One label should have come out:
  - {width:g} × {height:g} mm，左上角是二维码 / with a QR in the upper left corner;
  - 大了、小了或糊了：--dpi 或 --size 不对 / too large, small or blurred: --dpi or --size is wrong;
  - 打出来的是字母和数字：--printer-language 换成 {other} / letters and digits instead: try {other};
  - 什么也没有：看打印机的纸、盖子和网络 / nothing at all: look at its paper, lid and network."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which printer, and what it understands."""
    parser.add_argument(
        "printer",
        help="HOST or HOST:PORT (9100) of a network printer, system:NAME of one that this system knows, or file:PATH"
        " / 打印机地址",
    )
    parser.add_argument(
        "--printer-language", choices=["zpl", "tspl"], default="zpl", help="what it understands (zpl) / 打印机语言"
    )
    add_size(parser, LABEL_SIZES, "60x40")
    add_dpi(parser)


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """Sends a test label. Raises a `StartFault`."""
    try:
        address = parse_address(chosen.printer)
    except WrongAddress as fault:
        raise StartFault(fault.message, fault.message_en) from fault
    from mumen.commands.labels import press  # noqa: PLC0415 - see there

    template, language = LABEL_SIZES[chosen.size].at(RESOLUTIONS[chosen.dpi]), chosen.printer_language
    data = press.make_printer_data([TEST_LABEL], fonts_for(settings), template, CHINESE, language)
    try:
        with open_line(address) as line:
            line.send(data)
    except PrinterFault as fault:
        raise StartFault(fault.message, fault.message_en) from fault
    other = "tspl" if language == "zpl" else "zpl"
    say(EXPECTED.format(width=template.width_mm, height=template.height_mm, other=other))
    return 0


COMMAND = Command("test-printer", "send one test label to a printer / 试打一张标签", run, add_arguments)
