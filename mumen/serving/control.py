"""How this machine's other commands find a running server: its address and a token, in a file that only we may read."""

import contextlib
import json
import os
import secrets
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx2

from mumen.serving.sockets import Listening
from sync_server.api.control import PREFIX

FILE = "control.json"
ANY_ADDRESSES = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - told apart, not listened on
CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 120.0
"""A server that says nothing for this long is not going to."""


@dataclass(frozen=True)
class Control:
    """Where a server of this data folder takes orders, and what proves that they are ours."""

    url: str
    token: str
    certificate: str | None = None
    """The PEM file of the server's certificate, where it speaks HTTPS."""


def new_control(listening: Listening) -> Control:
    """The control of a server that listens there, with a fresh token."""
    address = ANY_ADDRESSES.get(listening.host, listening.host)
    shown = f"[{address}]" if ":" in address else address
    certificate = str(listening.certificate) if listening.certificate else None
    url = f"{'https' if certificate else 'http'}://{shown}:{listening.port}"
    return Control(url, secrets.token_urlsafe(32), certificate)


@contextmanager
def announced(data_dir: Path, control: Control) -> Generator[None, None, None]:
    """Other commands of this user find the server meanwhile."""
    file = data_dir / FILE
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        json.dump(asdict(control), opened)
    try:
        yield
    finally:
        if find_control(data_dir) == control:
            file.unlink(missing_ok=True)


def find_control(data_dir: Path) -> Control | None:
    """The control of the server that was announced last, whether it still runs or not.

    Raises `PermissionError` where the server belongs to another user.
    """
    try:
        return Control(**json.loads((data_dir / FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


@contextmanager
def connected(control: Control) -> Generator[httpx2.Client, None, None]:
    """A client that speaks to this server and to no other. Raises `httpx2.TransportError` when it is used in vain."""
    with httpx2.Client(
        base_url=control.url,
        headers={"Authorization": f"Bearer {control.token}"},
        verify=_trusting(control.certificate) if control.certificate else True,
        timeout=httpx2.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
        trust_env=False,  # no proxy gets to see the token
    ) as client:
        yield client


def is_answering(control: Control) -> bool:
    """Whether the server that was announced still runs and takes our orders."""
    with contextlib.suppress(httpx2.TransportError, OSError), connected(control) as client:
        return client.get(PREFIX).status_code == 200
    return False


def _trusting(certificate: str) -> ssl.SSLContext:
    """Trusts the very certificate that the server was started with; its name is the public one, not this address."""
    context = ssl.create_default_context(cafile=certificate)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
