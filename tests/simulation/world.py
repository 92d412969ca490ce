"""Devices on their real engine, store and wire, a real server, and between them a network and clocks that we hold."""

import asyncio
import base64
import os
import random
import shutil
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.testclient import TestClient

from labels.fonts import LabelFonts
from mobile.device_engine import DeviceEngine
from mobile.outcome import SignInStatus
from mobile.platform import HttpAnswer, Offline, StorageUnavailable
from mobile.store.database import Store
from shared.canonical import sha256_hex
from shared.label_code import CodeKind, make
from shared.schemas.commands import InviteDevice, PutMasterData
from shared.schemas.people import PinHash
from shared.schemas.sync import VerdictStatus
from shared.words import Phrase
from sync_server.app import create_app
from sync_server.services import Services
from sync_server.storage.blobs import BlobStore
from sync_server.storage.meta import ServerIdentity
from tests.factory import TestClock
from tests.sync_server.server import EPOCH, Server

PIN = "2468"
ITERATIONS = 10
T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """One asynchronous call from a test."""
    return asyncio.run(work)


@dataclass
class Network:
    """Loses requests and answers as told; `is_up` is the plug."""

    client: TestClient
    chance: random.Random
    is_up: bool = True
    has_cable: bool = True
    """What the device's own network card says."""
    loses: float = 0.0

    def request(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
        """One request; an answer that is lost was still acted on."""
        if not self.is_up or self.chance.random() < self.loses / 2:
            raise Offline
        answer = self.client.request(method, url.removeprefix("http://server"), content=body, headers=headers)
        if self.chance.random() < self.loses / 2:
            raise Offline
        return HttpAnswer(answer.status_code, answer.content, {k.lower(): v for k, v in answer.headers.items()})


@dataclass
class SimPlatform:
    """A device's surroundings without a device."""

    network: Network
    clock: Callable[[], int]
    chance: random.Random
    path: Path
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    downloads: dict[str, bytes] = field(default_factory=dict[str, bytes])
    played: list[str] = field(default_factory=list[str])
    """The tones that were heard."""
    files: dict[str, tuple[bytes, int]] = field(default_factory=dict[str, tuple[bytes, int]])
    """Kept files with the time of their last change; they outlive a restart, as those of a disk do."""
    has_room: bool = True
    fonts: LabelFonts | None = None
    whole_fonts: LabelFonts | None = None
    """What labels are drawn with, where a test draws any; a browser has common characters first."""

    async def public_key(self) -> str:
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    async def sign(self, message: bytes) -> str:
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()

    async def pbkdf2_hex(self, secret: str, salt_hex: str, iterations: int) -> str:
        return pbkdf2_hmac("sha256", secret.encode(), bytes.fromhex(salt_hex), iterations).hex()

    async def request(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
        return self.network.request(method, url, body, headers)

    async def keep_file(self, sha256: str, content: bytes) -> None:
        if not self.has_room:
            raise StorageUnavailable("quota")
        self.files[sha256] = (content, self.clock())

    async def read_file(self, sha256: str) -> bytes | None:
        return self.files[sha256][0] if sha256 in self.files else None

    async def remove_file(self, sha256: str) -> None:
        self.files.pop(sha256, None)

    async def list_files(self) -> dict[str, int]:
        return {name: changed_us for name, (_, changed_us) in self.files.items()}

    def has_camera(self) -> bool:
        return False

    async def take_photo(self) -> bytes | None:
        return None

    def has_network(self) -> bool:
        return self.network.has_cable

    async def open_files(self) -> str:
        return str(self.path)

    def listen(self, on_keystrokes: Callable[[str], None]) -> None:
        del on_keystrokes

    def has_scanning_camera(self) -> bool:
        return False

    def show_camera(self, *, is_on: bool) -> None:
        del is_on

    def watch(self, on_code: Callable[[str], None]) -> None:
        del on_code

    def watch_unread(self, on_picture: Callable[[bytes], None]) -> None:
        del on_picture

    def say_on_camera(self, word: str) -> None:
        del word

    def reading_with(self) -> Phrase:
        return Phrase("", "")

    def play(self, tone: str) -> None:
        self.played.append(tone)

    def download(self, name: str, content: bytes) -> None:
        self.downloads[name] = content

    def share(self, name: str, content: bytes, media_type: str) -> None:
        assert media_type
        self.downloads[name] = content

    async def label_fonts(self, *, has_rare: bool) -> LabelFonts | None:
        return self.whole_fonts if has_rare else self.fonts

    def random_bits(self, bits: int) -> int:
        return self.chance.getrandbits(bits)

    def now_us(self) -> int:
        return self.clock()

    def origin(self) -> str:
        return "http://server"

    def start_query(self) -> str:
        return ""

    def ready(self) -> None:
        return

    def on_store_lost(self, tell: Callable[[], None]) -> None:
        del tell

    async def is_persistent(self) -> bool:
        return True

    def take_over(self) -> None:
        return

    async def request_persistence(self) -> bool:
        return True


@dataclass
class Tablet:
    """One device: its plug can be pulled, and it starts again from what had been written by then."""

    platform: SimPlatform
    engine: DeviceEngine
    restarts: int = 0

    def restart(self) -> None:
        """Pull its plug: the next start finds the files as they lie there, with nothing closed and no checkpoint."""
        left = self.platform.path
        self.restarts += 1
        self.platform.path = left.with_name(f"{left.stem.partition('+')[0]}+{self.restarts}.db")
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{left}{suffix}", f"{self.platform.path}{suffix}")
        self.engine.close()  # gives back a file that nobody opens again
        self.engine = DeviceEngine(self.platform, Store(str(self.platform.path)), self.platform.clock)

    def sign_in(self, name: str, pin: str = PIN) -> SignInStatus:
        """Somebody types a PIN."""
        person = next(person for person in self.engine.people.workers() if person.name == name)
        return run(self.engine.people.sign_in(person.id, pin)).status

    def work_at(self, station: str, name: str) -> None:
        """Pick the station of this work center and sign in."""
        picked = next(s for s in self.engine.stations() if s.code == f"S-{station}")
        self.engine.pick_station(picked.id)
        assert self.sign_in(name) is SignInStatus.OK


@contextmanager
def full_disk(tablet: Tablet) -> Generator[None, None, None]:
    """Nothing can be written meanwhile: SQLite refuses it with the error that a full disk gives."""
    connection = tablet.engine._store.connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    connection.exec_driver_sql("PRAGMA query_only = ON")
    yield
    connection.exec_driver_sql("PRAGMA query_only = OFF")


@dataclass
class World:
    """A factory with its server and its tablets."""

    server: Server
    folder: Path
    chance: random.Random

    def __post_init__(self) -> None:
        salt = "00" * 16
        digest = pbkdf2_hmac("sha256", PIN.encode(), bytes.fromhex(salt), ITERATIONS).hex()
        pin = PinHash(salt=salt, digest=digest, iterations=ITERATIONS)
        people = [p.model_copy(update={"pin": pin}) for p in self.server.factory.people.values()]
        self.server.system(PutMasterData(people=people))
        self.tablets: list[Tablet] = []
        self.start_server(ServerIdentity(EPOCH, os.urandom(32)))

    def start_server(self, identity: ServerIdentity) -> None:
        """The server's process begins (again), whom every tablet finds under the old address."""
        self.services = Services(
            database=self.server.database,
            identity=identity,
            now_us=self.clock,
            mint=self.server.factory.mint,
            public_url="http://server",
            blobs=BlobStore(self.folder / "photos"),
        )
        self.client = TestClient(create_app(self.services))
        for tablet in self.tablets:
            tablet.platform.network.client = self.client

    @property
    def clock(self) -> TestClock:
        """The server's clock; a tablet's differs from it by its skew."""
        return self.server.factory.clock

    def tablet(self, *, is_enrolled: bool = True, skew_us: int = 0) -> Tablet:
        """A new tablet with a network and a clock of its own."""
        network = Network(self.client, self.chance)
        path = self.folder / f"tablet-{len(self.tablets)}.db"
        platform = SimPlatform(network, lambda: self.clock.now + skew_us, self.chance, path)
        tablet = Tablet(platform, DeviceEngine(platform, Store(str(path)), platform.clock))
        self.tablets.append(tablet)
        if is_enrolled:
            assert run(tablet.engine.enrol(self.invite())) is None
        return tablet

    def invite(self) -> str:
        """A fresh one-time code."""
        code = make(CodeKind.ENROLMENT, self.chance.getrandbits(60))
        invite = InviteDevice(
            enrolment_id=self.server.factory.mint.new_id(),
            site_id=self.server.factory.site.id,
            device_name="开料平板",
            token_hash=sha256_hex(code.encode()),
            expires_at_us=self.clock.now + 600_000_000,
        )
        assert self.server.office(invite).status is VerdictStatus.OK
        return code

    def close(self) -> None:
        """Give the files back."""
        for tablet in self.tablets:
            tablet.engine.close()
