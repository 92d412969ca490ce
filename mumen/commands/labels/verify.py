"""`mumen labels verify`: reads a PDF of labels back, as its printer will print it, with both readers."""

import argparse
from pathlib import Path

from mumen.commands.command import Command
from mumen.commands.labels.choices import SHEETS, add_dpi, add_size, read_in
from mumen.settings import Settings
from mumen.voice import say, warn
from sync_server.errors import StartFault

PDF_MARK, PDF_MARK_WITHIN = b"%PDF-", 1_024
"""What every PDF has near its beginning: whether a file is one is said before anything heavy is loaded."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which file, and what it is printed on."""
    parser.add_argument("file", type=Path, help="PDF of labels / 标签 PDF")
    add_size(parser, SHEETS, "a4-3x8")
    add_dpi(parser)


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """Says how many labels were read and which were not; the exit code is 1 where one was not. Raises `StartFault`."""
    del settings
    path: Path = chosen.file
    pdf, size = read_in(path), str(chosen.size)
    if PDF_MARK not in pdf[:PDF_MARK_WITHIN]:
        raise StartFault(
            f"{path}: 不是标签 PDF。请给 mumen labels make 或办公室打印页生成的 .pdf 文件。",
            f"{path} is no PDF of labels: give the .pdf of `mumen labels make`, or of the office.",
        )
    from labels.reading.readers import readers  # noqa: PLC0415 - as heavy as what follows
    from mumen.commands.labels import press  # noqa: PLC0415 - see there

    read, unread = press.read_sheet(pdf, str(path), SHEETS[size], chosen.dpi)
    other = press.other_size(pdf, size, chosen.dpi, is_read=bool(read) and not unread)
    if other is not None:
        warn(f"{path} 的尺寸不是 {size}，是 {other}：请用 --size {other} 检查。")
        warn(f"{path} is not of size {size} but {other}: check it with --size {other}.")
        return 1
    for entry in unread:
        warn(entry.sentence)
    say(f"{read} labels read, {len({(u.page, u.position) for u in unread})} not / 张读出 ({', '.join(readers())})")
    if read == 0 and not unread:
        warn(f"没有找到标签，也不是这些尺寸：{', '.join(SHEETS)}。 No labels found at any of these sizes.")
    return 1 if unread or read == 0 else 0


COMMAND = Command("verify", "read a PDF of labels back / 检查标签 PDF 能不能扫出来", run, add_arguments)
