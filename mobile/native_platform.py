"""The app as a process on a station PC: files in a folder, a key beside them, the network by httpx2."""

import asyncio
import base64
import hashlib
import os
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from mobile.platform import HttpAnswer, Offline

SERVER_ENVIRONMENT = "MUMEN_PUBLIC_URL"
DATA_ENVIRONMENT = "MUMEN_DEVICE_DIR"
DEFAULT_SERVER = "http://127.0.0.1:8400"
TIMEOUT_S = 20
KEY_FILE = "device-key.pem"
STORE_FILE = "mumen.db"


class NativePlatform:
    """Implements `mobile.platform.Platform` over one folder; guns type into the window, so `listen` only keeps who."""

    def __init__(self, folder: Path, server: str) -> None:
        """Keep everything in this folder and talk to this server."""
        self._folder = folder
        self._server = server.rstrip("/")
        self._folder.mkdir(parents=True, exist_ok=True)
        self.on_code: Callable[[str], None] | None = None
        self.played: str | None = None

    async def public_key(self) -> str:
        """The device's P-256 key as SubjectPublicKeyInfo (DER) in base64; made once and kept."""
        der = (
            self._key()
            .public_key()
            .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        )
        return base64.b64encode(der).decode()

    async def sign(self, message: bytes) -> str:
        """ECDSA with SHA-256 over the message: r and s, 32 bytes each, in base64."""
        r, s = decode_dss_signature(self._key().sign(message, ec.ECDSA(hashes.SHA256())))
        return base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()

    async def pbkdf2_hex(self, secret: str, salt_hex: str, iterations: int) -> str:
        """PBKDF2-HMAC-SHA-256 of 32 bytes, in hex."""
        salt = bytes.fromhex(salt_hex)
        digest = await asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", secret.encode(), salt, iterations)
        return digest.hex()

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
        """Send a request and wait for the answer. Raises `Offline`."""
        # Only a station PC has it; a browser brings its own network.
        import httpx2  # noqa: PLC0415

        try:
            async with httpx2.AsyncClient(timeout=TIMEOUT_S) as client:
                answer = await client.post(url, content=body, headers=headers)
        except httpx2.TransportError as error:
            raise Offline(str(error)) from error
        return HttpAnswer(answer.status_code, answer.content, {k.lower(): v for k, v in answer.headers.items()})

    async def open_files(self) -> str:
        """The path of the SQLite file; SQLite itself keeps a second process out."""
        return str(self._folder / STORE_FILE)

    def listen(self, on_code: Callable[[str], None]) -> None:
        """Hand every code of a scanner gun to `on_code`."""
        self.on_code = on_code

    def play(self, tone: str) -> None:
        """A station PC shows; it has no voice of its own yet."""
        self.played = tone

    def download(self, name: str, content: bytes) -> None:
        """Give the person a file: beside the store."""
        (self._folder / Path(name).name).write_bytes(content)

    def random_bits(self, bits: int) -> int:
        """An integer of that many random bits."""
        return secrets.randbits(bits)

    def now_us(self) -> int:
        """UTC microseconds."""
        return time.time_ns() // 1_000

    def origin(self) -> str:
        """The server's origin."""
        return self._server

    def start_query(self) -> str:
        """A process is not opened by an address."""
        return ""

    def ready(self) -> None:
        """Nothing waits for it here."""

    def on_store_lost(self, tell: Callable[[], None]) -> None:
        """Nobody can take a process's file away."""
        del tell

    async def is_persistent(self) -> bool:
        """A disk keeps what it is given."""
        return True

    def take_over(self) -> None:
        """Only browsers have windows that share a store."""

    async def request_persistence(self) -> bool:
        """A disk keeps what it is given."""
        return True

    def _key(self) -> ec.EllipticCurvePrivateKey:
        path = self._folder / KEY_FILE
        if not path.exists():
            made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(made)
        key = serialization.load_pem_private_key(path.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey), "the file was written here"
        return key


def open_native_platform(data_dir: str | None) -> NativePlatform:
    """The platform of this process: `data_dir` or `MUMEN_DEVICE_DIR`, and the server at `MUMEN_PUBLIC_URL`."""
    folder = data_dir or os.environ.get(DATA_ENVIRONMENT) or str(Path.home() / ".mumen" / "device")
    return NativePlatform(Path(folder), os.environ.get(SERVER_ENVIRONMENT, DEFAULT_SERVER))
