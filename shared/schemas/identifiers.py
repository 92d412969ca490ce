"""Ids, units and named limits that every other schema is built from.

Lengths end in `_tenth_mm`, weights in `_g`, money in `_fen`, times in `_us` (UTC microseconds); all are integers.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""A UUIDv7 in its canonical text form."""

CodeText = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9][0-9A-HJKMNP-TV-Z]{14}$")]
"""A well-formed Mumen code, as `shared.label_code.parse` returns it."""

HexDigest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
IncarnationText = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,64}$")]
"""What a device calls itself since its last enrolment: it stands in headers and in keys."""

SHORT_TEXT_MAX = 120
ShortText = Annotated[str, StringConstraints(max_length=SHORT_TEXT_MAX, strip_whitespace=True)]
LongText = Annotated[str, StringConstraints(max_length=2_000, strip_whitespace=True)]
TimeUs = Annotated[int, Field(ge=0, le=2**62)]
OffsetMin = Annotated[int, Field(ge=-14 * 60, le=14 * 60)]
Whole = Annotated[int, Field(ge=-(10**9), le=10**9)]
"""A number as somebody typed it: a draft may hold 0 or -1; the rules say what is wrong with it."""

DEFAULT_OFFSET_MIN = 8 * 60
"""China's one time zone, in minutes east of UTC: what counts where no site says otherwise."""

DAY_US = 86_400_000_000
OUTBOX_BATCH_MAX = 500
OUTBOX_BATCH_BYTES_MAX = 256_000
TRANSACTION_COMMANDS_MAX = 100
PULL_ROWS_MAX = 2_000
ORDER_LINES_MAX = 200
TRIP_STOPS_MAX = 100
STOP_PIECES_MAX = 2_000
PHOTOS_A_COMMAND_MAX = 12
PHOTO_BYTES_MAX = 8_000_000
PHOTO_CHUNK_BYTES = 256_000
PHOTO_MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
"""Pictures that cannot carry a script."""

LINE_QUANTITY_MAX = 500
ENROLMENT_VALID_US = 10 * 60 * 1_000_000


def uuid7(now_us: int, random_74_bits: int) -> str:
    """A UUIDv7 (RFC 9562) of this instant; the caller brings clock and randomness."""
    milliseconds = (now_us // 1000) & ((1 << 48) - 1)
    rand_a = (random_74_bits >> 62) & 0xFFF
    rand_b = random_74_bits & ((1 << 62) - 1)
    value = (milliseconds << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | rand_b
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
