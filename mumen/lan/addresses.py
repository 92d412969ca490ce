"""By which names and addresses the network reaches this machine, and which of them tablets should keep."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from sync_server.errors import StartFault


def choose_origin(
    machine: str, port: int, addresses: Sequence[str], resolve: Callable[[str], Sequence[str]]
) -> tuple[str, str]:
    """The origin for tablets where nobody has named one, and what that choice costs, in both languages.

    `machine` is this machine's host name, `addresses` are those on its network, `resolve` asks the system's resolver.
    Raises `StartFault` where there is neither a name nor an address.
    """
    name = f"{machine.partition('.')[0].lower()}.local"
    if name != "localhost.local" and set(resolve(name)) & set(addresses):
        return f"https://{name}:{port}", (
            f"平板按名字 {name} 找服务器；/connect 页面会检查每台平板能不能找到。\n"
            f"Tablets find the server by its name {name}; the page /connect checks whether a tablet can."
        )
    if not addresses:
        raise StartFault(
            "找不到本机在局域网里的地址。请接上网络，或用 --public-url https://主机名:端口 指定。",
            "This machine has no address on a network. Connect it, or give one with --public-url https://HOST:PORT.",
        )
    address = addresses[0]
    return f"https://{address}:{port}", (
        f"这个网络找不到名字 {name}，所以平板按 IP 地址 {address} 找服务器。请在路由器上把这个地址固定给本机："
        "地址一变，平板就找不到服务器，也找不到还没上传的记录。有固定的名字就用 --public-url 指定。\n"
        f"The name {name} is not known on this network, so tablets find the server by its address {address}. Reserve "
        "it for this machine in the router: with another address tablets find neither the server nor what they have "
        "not sent yet. If there is a name that stays, give it with --public-url."
    )


def lost_address(origin: str, addresses: Sequence[str]) -> str:
    """What to say where tablets know this machine by an address that it has no more; else nothing."""
    host = urlsplit(origin).hostname or ""
    if not is_address(host) or host in addresses:
        return ""
    now = "、".join(addresses) or "-"
    return (
        f"注意：平板只认得 {origin}，本机现在的地址是 {now}。请在路由器上把 {host} 固定给本机，否则平板连不上。\n"
        f"Careful: tablets know this server as {origin}, but this machine's address is {now}. Reserve {host} for it "
        "in the router, or tablets do not get in."
    )


def is_address(host: str) -> bool:
    """Whether this is an IP address and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def resolve_by_system(name: str) -> list[str]:
    """The IPv4 addresses that this machine's own resolver finds; it may ask the network, for some seconds."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        return []


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
