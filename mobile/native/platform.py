"""The app as a local process: files in a folder, a key beside them, the network by httpx2, a voice in its page."""

import asyncio
import base64
import hashlib
import os
import secrets
import ssl
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from labels.fonts import LabelFonts, fonts_in
from mobile.native.camera.page_camera import PageCamera, Panel
from mobile.native.camera.sources import has_library
from mobile.native.camera.words import FAULTS, reading_with
from mobile.platform import HttpAnswer, Offline, StorageUnavailable
from shared.canonical import sha256_hex
from shared.words import Phrase

SERVER_DEFAULT = "http://localhost:8080"
BUILD_FOLDER_DEFAULT = Path("build")
FOLDER_DEFAULT = Path.home() / ".mumen" / "device"
TIMEOUT_S = 20
KEY_FILE = "device-key.pem"
STORE_FILE = "mumen.db"
PHOTO_FOLDER = "photos"
CAMERA_DEFAULT = "0"


class PageLink(Panel, Protocol):
    """What a process says to its page, and the scans that it hears from there."""

    def listen(self, on_keystrokes: Callable[[str], None]) -> None:
        """Hands over what every scan typed."""
        ...

    def ready(self) -> None:
        """The first screen is painted."""
        ...


class NativePlatform:
    """Implements `mobile.platform.Platform` over one folder. Without a page it has no voice."""

    def __init__(
        self,
        folder: Path,
        server: str,
        page: PageLink | None = None,
        build: Path = BUILD_FOLDER_DEFAULT,
        camera: str | None = None,
    ) -> None:
        """Keep everything in this folder and talk to this server.

        `build` holds the fonts; `camera` is what it looks through (see `open_source`).
        """
        self._folder = folder
        self._build = build
        self._server = server.rstrip("/")
        self._page = page
        self._camera_name = camera
        self._camera = PageCamera(camera or CAMERA_DEFAULT, page) if page is not None else None
        self._tell_lost: Callable[[], None] | None = None
        self._folder.mkdir(parents=True, exist_ok=True)

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

    async def request(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
        """Send a request and wait for the answer. Raises `Offline`."""
        # Only a station PC has it; a browser brings its own network.
        import httpx2  # noqa: PLC0415

        try:
            async with httpx2.AsyncClient(timeout=TIMEOUT_S, verify=_trusted()) as client:
                answer = await client.request(method, url, content=body, headers=headers)
        except httpx2.TransportError as error:
            raise Offline(str(error)) from error
        return HttpAnswer(answer.status_code, answer.content, {k.lower(): v for k, v in answer.headers.items()})

    def has_network(self) -> bool:
        """A process asks no network card; the first round with the server tells."""
        return True

    async def keep_file(self, sha256: str, content: bytes) -> None:
        """Keep a file beside the store: written aside, flushed, renamed, read back. Raises `StorageUnavailable`."""
        try:
            await asyncio.to_thread(self._write_file, sha256, content)
        except OSError as error:
            raise StorageUnavailable("quota") from error

    async def read_file(self, sha256: str) -> bytes | None:
        """The bytes of a kept file as they are now; None where there is none."""
        try:
            return await asyncio.to_thread((self._folder / PHOTO_FOLDER / sha256).read_bytes)
        except FileNotFoundError:
            return None

    async def remove_file(self, sha256: str) -> None:
        """Let go of a kept file, if it is there."""
        (self._folder / PHOTO_FOLDER / sha256).unlink(missing_ok=True)

    async def list_files(self) -> dict[str, int]:
        """The kept files by their names, with the time of their last change."""
        folder = self._folder / PHOTO_FOLDER
        return {f.name: f.stat().st_mtime_ns // 1_000 for f in folder.iterdir()} if folder.is_dir() else {}

    def has_camera(self) -> bool:
        """The page of a station PC hands no pictures over yet."""
        return False

    async def take_photo(self) -> bytes | None:
        """Nobody can take a picture here."""
        return None

    async def open_files(self) -> str:
        """The path of the SQLite file; SQLite itself keeps a second process out."""
        return str(self._folder / STORE_FILE)

    def listen(self, on_keystrokes: Callable[[str], None]) -> None:
        """Hand what every scan of a gun typed to `on_keystrokes`."""
        if self._page is not None:
            self._page.listen(on_keystrokes)

    def has_scanning_camera(self) -> bool:
        """Whether one was named, or any could be opened: many a station PC has only a gun."""
        return self._camera is not None and (self._camera_name is not None or has_library())

    def show_camera(self, *, is_on: bool) -> None:
        """Looks through the machine's own camera; the page shows what it sees."""
        if self._camera is not None:
            self._camera.show(is_on=is_on)

    def watch(self, on_code: Callable[[str], None]) -> None:
        """Hand every code that the camera sees to `on_code`."""
        if self._camera is not None:
            self._camera.on_code = on_code

    def watch_unread(self, on_picture: Callable[[bytes], None]) -> None:
        """The camera is read here rung by rung; there is no photograph that a server could read better."""
        del on_picture

    def say_on_camera(self, word: str) -> None:
        """Nothing is asked of the server."""
        del word

    def reading_with(self) -> Phrase:
        """The libraries that read codes here, or what to install."""
        return reading_with() if has_library() or self._camera_name is not None else FAULTS["no_library"]

    def play(self, tone: str) -> None:
        """The page plays it."""
        if self._page is not None:
            self._page.tell({"kind": "play", "tone": tone})

    def download(self, name: str, content: bytes) -> None:
        """Give the person a file: the page offers it, and a copy lies beside the store."""
        (self._folder / Path(name).name).write_bytes(content)
        if self._page is not None:
            self._page.tell({"kind": "download", "name": name, "content": base64.b64encode(content).decode()})

    def share(self, name: str, content: bytes, media_type: str) -> None:
        """The page keeps it where its browser keeps what is downloaded; from there it is opened and printed."""
        if self._page is not None:
            encoded = base64.b64encode(content).decode()
            self._page.tell({"kind": "download", "name": name, "type": media_type, "content": encoded})

    async def label_fonts(self, *, has_rare: bool) -> LabelFonts | None:
        """The whole fonts, which the page is painted with too."""
        del has_rare
        return fonts_in(self._build / "fonts")

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
        """The page's start screen goes."""
        if self._page is not None:
            self._page.ready()

    def on_store_lost(self, tell: Callable[[], None]) -> None:
        """Call `tell` when another window of this process takes the store."""
        self._tell_lost = tell

    def lose_store(self) -> None:
        """Another window takes the store now."""
        self.show_camera(is_on=False)
        if self._tell_lost is not None:
            self._tell_lost()

    async def is_persistent(self) -> bool:
        """A disk keeps what it is given."""
        return True

    def take_over(self) -> None:
        """The window that opens the store last has it anyway."""

    async def request_persistence(self) -> bool:
        """A disk keeps what it is given."""
        return True

    def _write_file(self, sha256: str, content: bytes) -> None:
        path = self._folder / PHOTO_FOLDER / sha256
        path.parent.mkdir(exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        if hasattr(os, "O_DIRECTORY"):  # elsewhere a folder cannot be flushed, and need not be
            descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        if sha256_hex(path.read_bytes()) != sha256:
            raise OSError(f"{path} is not what was written")

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


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that this machine trusts; reading them takes longer than a request does."""
    import httpx2  # noqa: PLC0415 - as above

    return httpx2.create_ssl_context()


def open_native_platform(environment: Mapping[str, str] = os.environ, page: PageLink | None = None) -> NativePlatform:
    """The platform of this process: MUMEN_SERVER_URL is the server, MUMEN_DEVICE_DIR where its files are.

    MUMEN_BUILD_DIR is what the page was built into, MUMEN_CAMERA the camera (see `__main__`).
    """
    folder = Path(environment.get("MUMEN_DEVICE_DIR", str(FOLDER_DEFAULT)))
    build = Path(environment.get("MUMEN_BUILD_DIR", str(BUILD_FOLDER_DEFAULT)))
    server = environment.get("MUMEN_SERVER_URL", SERVER_DEFAULT)
    return NativePlatform(folder, server, page, build, environment.get("MUMEN_CAMERA") or None)
