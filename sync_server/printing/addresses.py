"""Where the printers of the office's list may be: whoever edits that list must not write to any file of the server."""

import re
from contextlib import AbstractContextManager
from pathlib import Path

from sync_server.printing.lines import Address, File, Line, WrongAddress, open_line, parse_address

FOLDER = "printouts"
_FILE_NAME = re.compile(r"[\w-][\w.-]{0,60}")
_DEVICE = re.compile(r"/dev/(usb/)?lp\d{1,2}")


def check_address(text: str, data_dir: Path = Path()) -> Address:
    """The address of a printer in the office's list: a file is one in a folder of our own. Raises `WrongAddress`."""
    address = parse_address(text)
    if not isinstance(address, File) or is_device(address):
        return address
    name = str(address.path)
    if not _FILE_NAME.fullmatch(name):
        raise WrongAddress(
            f"文件打印机只写文件名（如 file:labels.zpl），内容放在服务器的 {FOLDER} 文件夹里。",
            f"A file is given by its name alone (file:labels.zpl); it lies in the server's folder {FOLDER}.",
        )
    return File(data_dir / FOLDER / name)


def is_device(address: File) -> bool:
    """Whether this is a printer at the server's own cable."""
    return _DEVICE.fullmatch(str(address.path)) is not None


def open_address(text: str, data_dir: Path) -> AbstractContextManager[Line]:
    """A line to a printer of the office's list. Raises `PrinterFault`."""
    address = check_address(text, data_dir)
    if isinstance(address, File) and not is_device(address):
        address.path.parent.mkdir(parents=True, exist_ok=True)
    return open_line(address)
