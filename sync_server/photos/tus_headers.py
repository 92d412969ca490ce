"""What a request says in the headers of tus 1.0, read strictly: a `RequestFault` where it says it wrongly."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from shared.schemas import tus
from shared.schemas.identifiers import PHOTO_BYTES_MAX, PHOTO_CHUNK_BYTES, PHOTO_MEDIA_TYPES
from sync_server.errors import RequestFault, request_fault

ALGORITHMS = ("sha256", "sha1")
"""sha1 because tus asks for it; it guards a chunk against a bad wire, not against anybody."""

Headers = Mapping[str, str]
"""Looked up without regard to case, as Starlette's are."""


@dataclass(frozen=True)
class Described:
    """What a new upload is going to be."""

    byte_count: int
    sha256: str
    media_type: str
    text: str
    """`Upload-Metadata` as it came."""


def capabilities() -> dict[str, str]:
    """The answer to OPTIONS."""
    return {
        tus.HEADER_RESUMABLE: tus.TUS_VERSION,
        tus.HEADER_VERSIONS: tus.TUS_VERSION,
        tus.HEADER_EXTENSIONS: ",".join(tus.TUS_EXTENSIONS),
        tus.HEADER_SIZE_MAX: str(PHOTO_BYTES_MAX),
        tus.HEADER_ALGORITHMS: ",".join(ALGORITHMS),
    }


def expires_text(at_us: int) -> str:
    """A time as HTTP writes it."""
    return format_datetime(datetime.fromtimestamp(at_us // 1_000_000, UTC), usegmt=True)


def require_version(headers: Headers) -> None:
    """Raises 412 where the client does not speak our version."""
    if headers.get(tus.HEADER_RESUMABLE) != tus.TUS_VERSION:
        fault = request_fault(
            412, "tus_version", "上传协议版本不对,请更新应用。", "This server speaks tus 1.0.0; update the app."
        )
        raise RequestFault(fault.status, fault.fault, {tus.HEADER_VERSIONS: tus.TUS_VERSION})


def described(headers: Headers) -> Described:
    """What POST announces. Raises 413 for too much, 415 for what is no picture, 400 for what breaks the rules."""
    if tus.HEADER_DEFER_LENGTH in headers:
        raise _wrong("the length cannot be told later")
    byte_count = _number(headers, tus.HEADER_LENGTH)
    if byte_count > PHOTO_BYTES_MAX:
        raise request_fault(
            413, "photo_too_large", "照片太大,请重新拍一张。", "The photo is too large.", max=PHOTO_BYTES_MAX
        )
    if byte_count == 0:
        raise _wrong("a photo has at least one byte")
    text = headers.get(tus.HEADER_METADATA, "")
    values = tus.parse_metadata(text) if len(text) <= tus.METADATA_CHARACTERS_MAX else None
    sha256 = values.get(tus.META_SHA256, "") if values else ""
    if values is None or not is_sha256(sha256):
        raise _wrong(f"{tus.HEADER_METADATA} has to name the {tus.META_SHA256} in hex")
    media_type = values.get(tus.META_MEDIA_TYPE, "")
    if media_type not in PHOTO_MEDIA_TYPES:
        raise request_fault(
            415, "not_a_picture", "只能上传照片。", "Only pictures are taken.", media_types=list(PHOTO_MEDIA_TYPES)
        )
    return Described(byte_count, sha256, media_type, text)


def chunk_offset(headers: Headers, chunk: bytes) -> int:
    """Where PATCH wants its bytes. Raises 415, 413 and 400, and 460 where they do not fit their checksum."""
    if headers.get("Content-Type") != tus.CHUNK_TYPE:
        raise request_fault(415, "not_a_chunk", "上传格式不对,请更新应用。", f"PATCH carries {tus.CHUNK_TYPE}.")
    if len(chunk) > PHOTO_CHUNK_BYTES:
        raise request_fault(
            413, "chunk_too_large", "一次上传太多,请分块。", "Send smaller chunks.", max=PHOTO_CHUNK_BYTES
        )
    offset = _number(headers, tus.HEADER_OFFSET)
    if tus.HEADER_CHECKSUM in headers:
        _verify(headers[tus.HEADER_CHECKSUM], chunk)
    return offset


def is_sha256(text: str) -> bool:
    """Whether this is a hash as we write it."""
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None


def _verify(said: str, chunk: bytes) -> None:
    algorithm, _, encoded = said.partition(" ")
    if algorithm not in ALGORITHMS:
        raise _wrong(f"the checksums known here are {', '.join(ALGORITHMS)}")
    try:
        expected = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise _wrong("a checksum is in base64") from error
    if hashlib.new(algorithm, chunk, usedforsecurity=False).digest() != expected:
        raise request_fault(
            tus.CHECKSUM_MISMATCH,
            "chunk_differs",
            "传输中出错,正在重试。",
            "The chunk does not fit its checksum; send it again.",
        )


def _number(headers: Headers, name: str) -> int:
    text = headers.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise _wrong(f"{name} has to be a number of bytes")
    return int(text)


def _wrong(reason: str) -> RequestFault:
    return request_fault(
        400, "tus_wrong", "上传请求不对,请更新应用。", "The request breaks the rules of tus.", reason=reason
    )
