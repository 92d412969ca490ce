"""What the app needs from what it runs on, a browser or a station PC; this module imports neither."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from labels.fonts import LabelFonts
from shared.words import Phrase


class Offline(Exception):  # noqa: N818 - a state of the world, not a mistake
    """The server could not be reached, or did not answer in time."""


class StorageUnavailable(Exception):  # noqa: N818 - the same
    """Nothing (more) can be kept here; `code` is `no_opfs`, `other_tab` or `quota`."""

    def __init__(self, code: str) -> None:
        """Say why, by its code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class HttpAnswer:
    """An answer of the server, whatever its status; header names are in lower case."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict[str, str])


class Platform(Protocol):
    """One device's keys, files, network, ears and voice."""

    async def public_key(self) -> str:
        """The device's P-256 key as SubjectPublicKeyInfo (DER) in base64; made once and kept."""
        ...

    async def sign(self, message: bytes) -> str:
        """ECDSA with SHA-256 over the message: r and s, 32 bytes each, in base64."""
        ...

    async def pbkdf2_hex(self, secret: str, salt_hex: str, iterations: int) -> str:
        """PBKDF2-HMAC-SHA-256 of 32 bytes, in hex."""
        ...

    async def request(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
        """Send a request and wait for the answer; that to HEAD has no body. Raises `Offline`."""
        ...

    async def keep_file(self, sha256: str, content: bytes) -> None:
        """Keep a file under the hash of its bytes: when this returns, it is on the disk and was read back.

        What is there whole already is left alone. Raises `StorageUnavailable`.
        """
        ...

    async def read_file(self, sha256: str) -> bytes | None:
        """The bytes of a kept file as they are now; None where there is none."""
        ...

    async def remove_file(self, sha256: str) -> None:
        """Let go of a kept file, if it is there."""
        ...

    async def list_files(self) -> dict[str, int]:
        """The kept files by their names, with the time (UTC microseconds) of their last change."""
        ...

    def has_camera(self) -> bool:
        """Whether `take_photo` can do anything here."""
        ...

    async def take_photo(self) -> bytes | None:
        """Let the person take a picture: JPEG, at most 1600 px long; empty where it cannot be read, None for no."""
        ...

    def has_network(self) -> bool:
        """False where the device knows that it has no network at all; True promises nothing about the server."""
        ...

    async def open_files(self) -> str:
        """The path of the SQLite file, ready to be opened. Raises `StorageUnavailable`."""
        ...

    def listen(self, on_keystrokes: Callable[[str], None]) -> None:
        """Hand what every scan of a gun typed to `on_keystrokes`, as the page reports it (JSON)."""
        ...

    def has_scanning_camera(self) -> bool:
        """Whether `show_camera` can do anything here."""
        ...

    def show_camera(self, *, is_on: bool) -> None:
        """Open or close the camera that looks for codes, over the lower part of the app."""
        ...

    def watch(self, on_code: Callable[[str], None]) -> None:
        """Hand every code that the camera sees to `on_code`: once for as long as it is in view."""
        ...

    def watch_unread(self, on_picture: Callable[[bytes], None]) -> None:
        """Hand photographs (JPEG, at most 1600 px long) to `on_picture` in which this device has read no code."""
        ...

    def say_on_camera(self, word: str) -> None:
        """What became of such a photograph, on the camera's panel: a `mobile.outcome.PictureWord`, or empty."""
        ...

    def reading_with(self) -> Phrase:
        """What reads codes in pictures here, by its names; or what to install."""
        ...

    def play(self, tone: str) -> None:
        """Sound and vibration for a tone: `ok`, `wait`, `stop`, `info` or `repeat`."""
        ...

    def download(self, name: str, content: bytes) -> None:
        """Give the person a file."""
        ...

    def share(self, name: str, content: bytes, media_type: str) -> None:
        """Let the person send a file on where the device offers that, or else keep it."""
        ...

    async def label_fonts(self, *, has_rare: bool) -> LabelFonts | None:
        """The fonts of labels, once what draws with them can be imported; None where one of both is not here yet.

        `has_rare` asks for fonts with every character; a tablet's first ones hold the common ones.
        """
        ...

    def random_bits(self, bits: int) -> int:
        """An integer of that many random bits."""
        ...

    def now_us(self) -> int:
        """UTC microseconds, as this device believes."""
        ...

    def origin(self) -> str:
        """The server's origin, such as `https://mumen.example`."""
        ...

    def start_query(self) -> str:
        """The query of the address that the app was opened with, such as `code=E1...`; empty where there is none."""
        ...

    def ready(self) -> None:
        """The first screen is painted."""
        ...

    def on_store_lost(self, tell: Callable[[], None]) -> None:
        """Call `tell` when another window takes the store away."""
        ...

    async def is_persistent(self) -> bool:
        """Whether what is kept here is safe from being cleared away."""
        ...

    def take_over(self) -> None:
        """Ask another window of this app to give up its files; `open_files` works soon after."""
        ...

    async def request_persistence(self) -> bool:
        """Ask that nothing kept here is cleared away by itself; whether it was granted."""
        ...
