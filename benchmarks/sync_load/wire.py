"""Devices without an app: what they will send is numbered, chained and signed beforehand.

So it is the server that is measured, as by those drivers of the peers that talk to their servers at wire level.
"""

import asyncio
import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from benchmarks.sync_load.factory import FIRST_OPERATION, Floor, Scan, now_us
from shared.canonical import canonical_json, sha256_hex
from shared.schemas.commands import CompleteOperation
from shared.schemas.sync import (
    ENROL_PATH,
    FIRST_PREVIOUS_HASH,
    HEADER_DEVICE,
    HEADER_INCARNATION,
    HEADER_NONCE,
    HEADER_SIGNATURE,
    PUSH_PATH,
    WIRE_SCHEMA,
    signed_message,
)

Json = dict[str, Any]


class Connection:
    """One connection that is kept; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Use these two ends."""
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connects to a server on this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=2**20))

    async def ask(self, request: bytes) -> bytes:
        """The body of the answer, which must be a 200 with a length."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        body = await self._reader.readexactly(length)
        assert head.startswith(b"HTTP/1.1 200"), (head, body[:500])
        return body

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@dataclass
class WireDevice:
    """An enrolled device: who it is, and the chain of what it has recorded."""

    floor: Floor
    key: ec.EllipticCurvePrivateKey
    incarnation: str
    device_id: str
    nonce: str
    commands: list[Json] = field(default_factory=list[Json])
    _last_hash: str = FIRST_PREVIOUS_HASH

    def record(self, scans: Sequence[Scan]) -> None:
        """Scans of these pieces at the first station, as an app puts them into its outbox."""
        for scan in scans:
            command = CompleteOperation(
                piece_id=scan.piece_id, label_code=scan.label_code, operation_number=FIRST_OPERATION
            )
            envelope: Json = {
                "n": len(self.commands) + 1,
                "command": command.model_dump(mode="json"),
                "seen_rev": 1,
                "station_id": self.floor.station_id,
                "worker_id": self.floor.operator.id,
                "event_time_us": now_us(),
                "event_offset_min": 480,
                "monotonic_us": len(self.commands),
                "was_offline": True,
                "prev_hash": self._last_hash,
            }
            self._last_hash = sha256_hex(canonical_json(envelope))
            self.commands.append(envelope)

    def pushes(self, batch: int) -> list[bytes]:
        """Requests that deliver everything recorded, this many commands in each."""
        starts = range(0, len(self.commands), batch)
        return [self.request(PUSH_PATH, self._push_body(self.commands[start : start + batch])) for start in starts]

    def _push_body(self, commands: list[Json]) -> Json:
        return {"schema_version": WIRE_SCHEMA, "incarnation": self.incarnation, "commands": commands}

    def request(self, path: str, body: Json) -> bytes:
        """A whole request as it goes over the wire, signed over the nonce of the enrolment."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        message = signed_message("POST", path, sha256_hex(content), self.device_id, self.incarnation, self.nonce)
        proof = {
            HEADER_DEVICE: self.device_id,
            HEADER_INCARNATION: self.incarnation,
            HEADER_NONCE: self.nonce,
            HEADER_SIGNATURE: _signature(self.key, message),
        }
        return _http(path, content, proof)


async def enrol(port: int, floor: Floor, codes: Sequence[str]) -> list[WireDevice]:
    """One device for each code, each with a key of its own."""
    connection = await Connection.open(port)
    devices: list[WireDevice] = []
    for code in codes:
        key = ec.generate_private_key(ec.SECP256R1())
        der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        asked = {"code": code, "incarnation": f"wire-{code}", "public_key": base64.b64encode(der).decode()}
        known = json.loads(await connection.ask(_http(ENROL_PATH, json.dumps(asked).encode(), {})))
        devices.append(WireDevice(floor, key, asked["incarnation"], known["device_id"], known["nonce"]))
    connection.close()
    return devices


def _http(path: str, content: bytes, headers: dict[str, str]) -> bytes:
    fixed = {"Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": str(len(content))}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in (fixed | headers).items()), "", ""]
    return "\r\n".join(lines).encode() + content


def _signature(key: ec.EllipticCurvePrivateKey, message: bytes) -> str:
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
