"""Whether this machine has what a printer's address asks for: a printing system that knows the name, or the device."""

import os
import shutil
import subprocess

from shared.words import Phrase
from sync_server.printing.addresses import is_device
from sync_server.printing.lines import Address, File, System, WrongAddress

ASKED_S = 5.0
SHOWN_MOST = 8
NO_SYSTEM = Phrase(
    "这台服务器没有打印系统（CUPS 的 lp）：请改写打印机的 IP，或请管理员先装好 CUPS。",
    "This server has no printing system (`lp` of CUPS): give the printer's IP, or have CUPS installed first.",
)
SILENT_SYSTEM = Phrase(
    "服务器的打印系统（CUPS）没有回答：请管理员启动它，再保存一次。",
    "The server's printing system (CUPS) does not answer: have it started, then save once more.",
)
UNKNOWN_NAME = Phrase(
    "服务器的打印系统不认识“{name}”。它有：{known}。",
    "The server's printing system does not know '{name}'. It has: {known}.",
)
NONE_KNOWN = Phrase("（还没有打印机，请管理员先在 CUPS 里添加）", "(no printer yet; have it added to CUPS first)")
NO_DEVICE = Phrase(
    "服务器上现在没有 {path}：看打印机开了没有、USB 线插好没有。",
    "The server has no {path} just now: is the printer on, and its USB cable in?",
)


def check_known(address: Address) -> None:
    """Raises `WrongAddress` where this is a printer of the system, and the system cannot have it. Takes seconds."""
    if not isinstance(address, System):
        return
    if shutil.which("lp") is None:
        raise WrongAddress(*NO_SYSTEM)
    known = _known_names()
    if known is not None and address.name not in known:
        names = known[:SHOWN_MOST]
        listed = Phrase("、".join(names), ", ".join(names)) if names else NONE_KNOWN
        raise WrongAddress(*UNKNOWN_NAME.filled(name=address.name, known=listed))


def missing_now(address: Address) -> Phrase | None:
    """What of it this machine lacks at this moment, as far as that is seen at once."""
    match address:
        case System() if shutil.which("lp") is None:
            return NO_SYSTEM
        case File() if is_device(address) and not address.path.exists():
            return NO_DEVICE.filled(path=address.path)
        case _:
            return None


def _known_names() -> list[str] | None:
    """The names of the system's printers; None where there is no way to ask. Raises `WrongAddress`."""
    lpstat = shutil.which("lpstat")
    if lpstat is None:
        return None
    english = {**os.environ, "LC_ALL": "C"}
    try:
        done = subprocess.run([lpstat, "-e"], capture_output=True, timeout=ASKED_S, check=False, env=english)  # noqa: S603 - an argument list
    except subprocess.TimeoutExpired as error:
        raise WrongAddress(*SILENT_SYSTEM) from error
    if done.returncode:
        raise WrongAddress(*SILENT_SYSTEM)
    return done.stdout.decode(errors="replace").split()
