"""The words of tus 1.0 (https://tus.io/protocols/resumable-upload), by which a photograph's bytes travel.

Offered are the core and the extensions creation, checksum, expiration and termination.
"""

import base64
import binascii
from collections.abc import Mapping

TUS_VERSION = "1.0.0"
TUS_EXTENSIONS = ("creation", "checksum", "expiration", "termination")

HEADER_RESUMABLE = "Tus-Resumable"
HEADER_VERSIONS = "Tus-Version"
HEADER_EXTENSIONS = "Tus-Extension"
HEADER_SIZE_MAX = "Tus-Max-Size"
HEADER_ALGORITHMS = "Tus-Checksum-Algorithm"
HEADER_OFFSET = "Upload-Offset"
HEADER_LENGTH = "Upload-Length"
HEADER_DEFER_LENGTH = "Upload-Defer-Length"
HEADER_METADATA = "Upload-Metadata"
HEADER_EXPIRES = "Upload-Expires"
HEADER_CHECKSUM = "Upload-Checksum"
HEADER_METHOD = "X-HTTP-Method-Override"

CHUNK_TYPE = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460
"""The status that tus adds to HTTP's."""

PHOTOS_PATH = "/v1/photos"
UPLOADS_PATH = "/v1/photos/uploads"
META_SHA256 = "sha256"
META_MEDIA_TYPE = "media_type"
METADATA_CHARACTERS_MAX = 1_000


def metadata_text(values: Mapping[str, str]) -> str:
    """The value of `Upload-Metadata`: `key base64,key base64`."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def parse_metadata(text: str) -> dict[str, str] | None:
    """What an `Upload-Metadata` says; None where it breaks the rules of tus, or a value is not text."""
    values: dict[str, str] = {}
    for pair in filter(None, (part.strip(" ") for part in text.split(","))):
        key, _, encoded = pair.partition(" ")
        try:
            value = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, ValueError):
            return None
        if key in values:
            return None
        values[key] = value
    return values
