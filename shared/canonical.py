"""Canonical bytes and hashes: what is hashed on one side hashes the same on the other."""

import hashlib
import json

CHECKSUM_MODULUS = 2**64


def canonical_json(value: object) -> bytes:
    """The one byte form of a JSON value: keys sorted, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sha256_hex(content: bytes) -> str:
    """SHA-256 as 64 lower-case hex digits."""
    return hashlib.sha256(content).hexdigest()


def row_checksum(entity: str, row_id: str, rev: int, row_hash: str) -> int:
    """One row's share of its scope's checksum; a scope's checksum is the sum modulo 2**64 of its rows' shares."""
    digest = hashlib.sha256(f"{entity}|{row_id}|{rev}|{row_hash}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def checksum_hex(total: int) -> str:
    """A scope's checksum as it travels: 16 hex digits."""
    return f"{total % CHECKSUM_MODULUS:016x}"
