"""What a device of the simulated world stands on: its key, files and clock, and requests that the scheduler answers."""

import base64
import random
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import cache
from hashlib import pbkdf2_hmac
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mobile.platform import HttpAnswer, StorageUnavailable
from mumen.simulator.disks import Disk

ORIGIN = "http://server"


@dataclass
class Ask:
    """Awaited by the device: a request that is on its way; the scheduler answers it, or says that nobody does."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str]
    is_app_too_old: bool = False
    """Whether the app that asks is older than the server's rows."""

    def __await__(self) -> Generator["Ask", HttpAnswer, HttpAnswer]:
        """Hands itself to the scheduler and comes back with the answer."""
        answer = yield self
        return answer


@cache
def _key(number: int) -> ec.EllipticCurvePrivateKey:
    """Device keys are made once for all worlds: they are slow to make, and no behaviour depends on them."""
    return ec.derive_private_key(number + 1_000, ec.SECP256R1())


class SimPlatform:
    """Implements `mobile.platform.Platform`."""

    def __init__(self, number: int, disk: Disk, clock: Callable[[], int], chance: random.Random) -> None:
        """Over this disk, with this device's own idea of the time."""
        self._key = _key(number)
        self.disk = disk
        self._clock = clock
        self._chance = chance
        self.is_app_too_old = False
        self.files: dict[str, tuple[bytes, int]] = {}
        """Kept files with the time of their last change: as durable as the disk."""

    async def public_key(self) -> str:
        """See `Platform`."""
        der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    async def sign(self, message: bytes) -> str:
        """See `Platform`."""
        r, s = decode_dss_signature(self._key.sign(message, ec.ECDSA(hashes.SHA256())))
        return base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()

    async def pbkdf2_hex(self, secret: str, salt_hex: str, iterations: int) -> str:
        """See `Platform`."""
        return pbkdf2_hmac("sha256", secret.encode(), bytes.fromhex(salt_hex), iterations).hex()

    async def request(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
        """The request goes onto the simulated wire."""
        return await Ask(method, url.removeprefix(ORIGIN), body, headers, self.is_app_too_old)

    async def keep_file(self, sha256: str, content: bytes) -> None:
        """On the same disk as the store."""
        if self.disk.is_full:
            raise StorageUnavailable("quota")
        self.files[sha256] = (content, self._clock())

    async def read_file(self, sha256: str) -> bytes | None:
        """See `Platform`."""
        return self.files[sha256][0] if sha256 in self.files else None

    async def remove_file(self, sha256: str) -> None:
        """See `Platform`."""
        self.files.pop(sha256, None)

    def has_network(self) -> bool:
        """A network card that always says yes."""
        return True

    def random_bits(self, bits: int) -> int:
        """See `Platform`."""
        return self._chance.getrandbits(bits)

    def now_us(self) -> int:
        """This device's own clock."""
        return self._clock()

    def origin(self) -> str:
        """See `Platform`."""
        return ORIGIN

    async def list_files(self) -> dict[str, int]:
        """See `Platform`."""
        return {name: changed_us for name, (_, changed_us) in self.files.items()}

    async def request_persistence(self) -> bool:
        """See `Platform`."""
        return True

    def __getattr__(self, name: str) -> Any:
        """What a device without a screen never does."""
        raise AssertionError(f"the simulated device has no {name}")
