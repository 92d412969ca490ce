"""`mumen labels`: making, checking and printing labels from the command line."""

from mumen.commands.command import Command
from mumen.commands.labels import make, preview, test_printer, verify

COMMAND = Command(
    "labels",
    "labels: make, check, preview, try a printer / 标签：生成、检查、预览、试打",
    parts=(make.COMMAND, verify.COMMAND, preview.COMMAND, test_printer.COMMAND),
)
