"""`mumen labels preview`: how a label will look, dot by dot as its printer prints it."""

import argparse
from pathlib import Path

from mumen.commands.command import Command
from mumen.commands.labels.choices import (
    LABEL_SIZES,
    OWN_FOLDER,
    RESOLUTIONS,
    WORDS,
    add_dpi,
    add_words,
    check_folder,
    fonts_for,
    write_out,
)
from mumen.commands.labels.samples import SAMPLES
from mumen.settings import Settings
from mumen.voice import say
from sync_server.errors import StartFault

SUFFIXES = (".png", ".pdf", ".zpl", ".tspl")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which kind, how large, and where to."""
    parser.add_argument(
        "kind", nargs="?", choices=list(SAMPLES), default="piece", help="kind of label (piece) / 哪种标签"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=OWN_FOLDER / "preview.png",
        help="file to write: .png to look at, .pdf, .zpl or .tspl (build/preview.png) / 文件",
    )
    parser.add_argument("--size", choices=list(LABEL_SIZES), help="size in mm (the kind's own) / 尺寸")
    add_dpi(parser)
    add_words(parser)


def run(settings: Settings, chosen: argparse.Namespace) -> int:
    """Draws a sample and reads it back. Raises a `StartFault`."""
    from mumen.commands.labels import press  # noqa: PLC0415 - see there

    label, own = SAMPLES[chosen.kind]
    template = (LABEL_SIZES[chosen.size] if chosen.size else own).at(RESOLUTIONS[chosen.dpi])
    out: Path = chosen.out
    suffix, others = out.suffix.lower(), " ".join(SUFFIXES)
    if suffix not in SUFFIXES:
        raise StartFault(f"不认识 {out.name} 的类型：用 {others}。", f"{out.name}: use one of {others}.")
    check_folder(out)
    write_out(out, press.make_preview(label, fonts_for(settings), template, WORDS[chosen.language], suffix))
    width, height = template.size_dots
    say(f"{template.width_mm:g} × {template.height_mm:g} mm, {width} × {height} dots / 点: {out}")
    return 0


COMMAND = Command("preview", "draw a sample label as PNG or PDF / 预览一张样签", run, add_arguments)
