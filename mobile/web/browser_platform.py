"""The app in a browser: Python in a worker, with OPFS, WebCrypto and the page behind `static/device.js`."""

import importlib
import json
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from labels.fonts import LabelFonts
from mobile.platform import HttpAnswer, Offline, StorageUnavailable
from shared.words import Phrase

APP_FILES = Path("/app")
"""In memory, not in the store."""
DRAWING_ARCHIVE = "drawing.zip"
COMMON_FONT, RARE_FONT = "assets/fonts/common.ttf", "fonts/all.ttf"
BOLD_FONT = "assets/fonts/common-semibold.ttf"
FOLDER = "/store"
STORE_FILE = "mumen.db"
FILES = (STORE_FILE, f"{STORE_FILE}-wal", f"{STORE_FILE}-journal")
TIMEOUT_MS = 20_000
READER = "zxing-wasm"


class BrowserPlatform:
    """Implements `mobile.platform.Platform`; the JavaScript objects behind it have no types here."""

    def __init__(self, device: Any, ffi: Any, files: Any, origin: str, query: str, *, is_taking_over: bool) -> None:
        """Stand on `device.js`, Pyodide's foreign-function module and its file system.

        `is_taking_over`: the page has begun anew in order to take the store from another window.
        """
        self._device = device
        self._ffi = ffi
        self._files = files
        self._origin = origin
        self._query = query
        self._is_taking_over = is_taking_over
        self._tell_lost: Callable[[], None] | None = None
        self._fetched: dict[str, Path] = {}

    async def public_key(self) -> str:
        """The device's P-256 key as SubjectPublicKeyInfo (DER) in base64; made once, it cannot leave the browser."""
        return str(await self._device.publicKey())

    async def sign(self, message: bytes) -> str:
        """ECDSA with SHA-256 over the message: r and s, 32 bytes each, in base64."""
        return str(await self._device.sign(self._ffi.to_js(message)))

    async def pbkdf2_hex(self, secret: str, salt_hex: str, iterations: int) -> str:
        """PBKDF2-HMAC-SHA-256 of 32 bytes, in hex."""
        salt = self._ffi.to_js(bytes.fromhex(salt_hex))
        return str(await self._device.pbkdf2(self._ffi.to_js(secret.encode()), salt, iterations))

    async def request(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
        """Send a request and wait for the answer. Raises `Offline`."""
        answer = await self._device.send(method, url, self._ffi.to_js(body), json.dumps(headers), TIMEOUT_MS)
        if not answer:
            raise Offline
        return HttpAnswer(int(answer[0]), answer[1].to_bytes(), json.loads(answer[2]))

    def has_network(self) -> bool:
        """False where the browser knows that it has no network at all."""
        return bool(self._device.hasNetwork())

    async def keep_file(self, sha256: str, content: bytes) -> None:
        """Keep a file in OPFS, beside the store's: flushed, closed, read back. Raises `StorageUnavailable`."""
        if not await self._device.keepFile(sha256, self._ffi.to_js(content)):
            raise StorageUnavailable("quota")

    async def read_file(self, sha256: str) -> bytes | None:
        """The bytes of a kept file as they are now; None where there is none."""
        found = await self._device.readFile(sha256)
        return found[0].to_bytes() if found else None

    async def remove_file(self, sha256: str) -> None:
        """Let go of a kept file, if it is there."""
        await self._device.removeFile(sha256)

    async def list_files(self) -> dict[str, int]:
        """The kept files by their names, with the time of their last change."""
        listed: dict[str, int] = json.loads(str(await self._device.listFiles()))
        return {name: changed_ms * 1_000 for name, changed_ms in listed.items()}

    def has_camera(self) -> bool:
        """Every browser can take a picture or pick one."""
        return True

    async def take_photo(self) -> bytes | None:
        """The page opens the camera, scales the picture down and hands it over."""
        taken = await self._device.takePhoto()
        return taken[0].to_bytes() if taken else None

    async def open_files(self) -> str:
        """The path of the SQLite file over OPFS. Raises `StorageUnavailable`."""
        lost = self._ffi.create_proxy(self._lost)
        names = self._ffi.to_js(list(FILES))
        problem = await self._device.openFiles(self._files, FOLDER, names, self._is_taking_over, lost)
        if problem:
            raise StorageUnavailable(str(problem))
        return f"{FOLDER}/{STORE_FILE}"

    def listen(self, on_keystrokes: Callable[[str], None]) -> None:
        """Hand what every scan of a gun typed to `on_keystrokes`."""
        self._device.listen(self._ffi.create_proxy(on_keystrokes))

    def has_scanning_camera(self) -> bool:
        """Where no live picture may be had, the page reads a photograph."""
        return True

    def show_camera(self, *, is_on: bool) -> None:
        """The page opens or closes it."""
        self._device.showCamera(is_on)

    def watch(self, on_code: Callable[[str], None]) -> None:
        """Hand every code that the camera sees to `on_code`."""
        self._device.watch(self._ffi.create_proxy(on_code))

    def watch_unread(self, on_picture: Callable[[bytes], None]) -> None:
        """Hand photographs to `on_picture` in which the page has read no code."""

        def hand_over(content: Any) -> None:
            on_picture(content.to_bytes())

        self._device.watchUnread(self._ffi.create_proxy(hand_over))

    def say_on_camera(self, word: str) -> None:
        """The page has the words."""
        self._device.sayOnCamera(word)

    def reading_with(self) -> Phrase:
        """The page's worker brings its own."""
        return Phrase(READER, READER)

    def play(self, tone: str) -> None:
        """Sound and vibration for a tone."""
        self._device.play(tone)

    def download(self, name: str, content: bytes) -> None:
        """Give the person a file."""
        self._device.download(name, self._ffi.to_js(content))

    def share(self, name: str, content: bytes, media_type: str) -> None:
        """The page shares it where it may, and else keeps it."""
        self._device.share(name, self._ffi.to_js(content), media_type)

    async def label_fonts(self, *, has_rare: bool) -> LabelFonts | None:
        """The app's own fonts as files, and the archive of what draws with them on Python's path.

        No start waits for any of it, because it is fetched here; the service worker has it already.
        """
        names = (DRAWING_ARCHIVE, RARE_FONT if has_rare else COMMON_FONT, BOLD_FONT)
        for name in names:
            if not (name in self._fetched or await self._fetch(name)):
                return None
        archive, regular, bold = (self._fetched[name] for name in names)
        if str(archive) not in sys.path:
            sys.path.append(str(archive))  # last: it holds nothing that a start needs
        return LabelFonts(regular, bold)

    async def _fetch(self, name: str) -> bool:
        """Puts a file of the app into Python's memory; whether it could be had."""
        found = await self._device.appFile(name)
        if not found:
            return False
        self._fetched[name] = _kept(Path(name).name, found[0].to_bytes())
        return True

    def random_bits(self, bits: int) -> int:
        """An integer of that many random bits."""
        return secrets.randbits(bits)

    def now_us(self) -> int:
        """UTC microseconds, as this device believes."""
        return time.time_ns() // 1_000

    def origin(self) -> str:
        """Where this page came from."""
        return self._origin

    def take_over(self) -> None:
        """The next `open_files` takes the store from the window that has it."""
        self._is_taking_over = True

    async def request_persistence(self) -> bool:
        """Ask that nothing kept here is cleared away by itself."""
        return bool(await self._device.persist())

    def start_query(self) -> str:
        """The query of the page's address."""
        return self._query

    def on_store_lost(self, tell: Callable[[], None]) -> None:
        """Call `tell` when another window takes the store away."""
        self._tell_lost = tell

    async def is_persistent(self) -> bool:
        """Whether the browser has promised to keep the store."""
        return bool(await self._device.persisted())

    def ready(self) -> None:
        """The first screen is painted: the page's own start screen goes."""
        self._device.ready()

    def _lost(self) -> None:
        if self._tell_lost is not None:
            self._tell_lost()


def _kept(name: str, content: bytes) -> Path:
    APP_FILES.mkdir(exist_ok=True)
    path = APP_FILES / name
    path.write_bytes(content)
    return path


async def open_browser_platform() -> BrowserPlatform:
    """The platform of this worker."""
    # These modules exist in Pyodide only.
    js: Any = importlib.import_module("js")
    ffi: Any = importlib.import_module("pyodide.ffi")
    code: Any = importlib.import_module("pyodide.code")
    pyodide_js: Any = importlib.import_module("pyodide_js")
    url = js.URL.new("device.js", js.location.href).href
    flet_js: Any = importlib.import_module("flet_js")
    query = str(js.URL.new(flet_js.documentUrl).search).removeprefix("?")
    device = await code.run_js("(url) => import(url)")(url)
    is_taking_over = bool(flet_js.isTakeOver)
    return BrowserPlatform(device, ffi, pyodide_js.FS, str(js.location.origin), query, is_taking_over=is_taking_over)
