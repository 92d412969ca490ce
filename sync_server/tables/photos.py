"""Tables of photographs' bytes: what is on its way, and what lies here by its hash. The bytes themselves are files."""

from sqlalchemy import Index
from sqlmodel import Field

from sync_server.tables.base import ServerTable


class BlobRow(ServerTable, table=True):
    """Bytes that lie here, by their SHA-256; `stored_at_us` is empty while they are only expected."""

    sha256: str = Field(primary_key=True)
    byte_count: int = 0
    media_type: str = ""
    stored_at_us: int | None = None


class UploadRow(ServerTable, table=True):
    """An upload by tus 1.0; a complete one stays until it expires, for its last answer may have been lost."""

    __table_args__ = (Index("upload_expires", "expires_at_us"), Index("upload_device", "device_id"))
    id: str = Field(primary_key=True)
    device_id: str
    sha256: str
    media_type: str
    byte_count: int
    described_as: str
    """`Upload-Metadata` as it came; tus wants it back in the same words."""
    offset: int = 0
    expires_at_us: int
