"""The address that tablets keep: fixed at the first run, because a browser ties the unsent scans to it."""

import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sync_server.errors import StartFault

FILE = "public-origin"


class OriginChanged(StartFault):
    """Another address than at the first run would strand what tablets have not sent yet."""


def fixed_origin(data_dir: Path, environment: Mapping[str, str], port: int) -> str:
    """The origin of the first run, which takes MUMEN_PUBLIC_URL or this machine's name. Raises `OriginChanged`."""
    file = data_dir / FILE
    wanted = environment.get("MUMEN_PUBLIC_URL", "").rstrip("/")
    known = file.read_text(encoding="utf-8").strip() if file.exists() else ""
    if known and wanted and wanted != known:
        raise OriginChanged(
            f"The tablets know this server as {known}; as {wanted} they would not find their unsent scans. Keep "
            f"{known}, or, when every tablet has sent its scans, delete {file} and enrol them anew. / "
            f"平板只认得 {known}。要改成 {wanted},请先让所有平板上传完,再删除 {file} 并重新登记。"
        )
    origin = known or wanted or f"https://{socket.gethostname().split('.')[0].lower()}.local:{port}"
    if not origin.startswith("https://"):
        raise StartFault(f"--lan needs an https:// address, not {origin}. / --lan 需要 https:// 开头的地址。")
    if not known:
        data_dir.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{origin}\n", encoding="utf-8")
    return origin


def certificate_names(origin: str) -> list[str]:
    """The public name first, then every address by which the network reaches this machine."""
    host = urlsplit(origin).hostname or "localhost"
    return list(dict.fromkeys([host, *lan_addresses(), "localhost", "127.0.0.1"]))


def lan_addresses() -> list[str]:
    """This machine's address on its network, as far as it knows; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            address: str = probe.getsockname()[0]
        except OSError:
            return []
    return [address] if not address.startswith("127.") else []
