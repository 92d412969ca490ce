"""What a backup says of itself."""

from pydantic import BaseModel, ConfigDict

FORMAT = 1
MANIFEST = "mumen-backup.json"
PHOTOS = "photos"

NOT_KEPT = frozenset({"office_session", "sign_in_attempt", "server_meta", "upload", "printer_lease"})
"""Tables that no backup holds: people sign in again, uploads begin again, and the server's secret is made anew."""


class TableSum(BaseModel):
    """What a table's file must amount to."""

    model_config = ConfigDict(frozen=True)
    rows: int
    sha256: str


class PhotoSum(BaseModel):
    """The photographs in the file, and those whose bytes were not on the disk, by their hashes."""

    model_config = ConfigDict(frozen=True)
    count: int = 0
    missing: list[str] = []


class Manifest(BaseModel):
    """What is in the file. An unknown field is a newer program's, and `format` says so."""

    model_config = ConfigDict(frozen=True)
    format: int = FORMAT
    revision: str
    server_epoch: int
    record_time_us: int
    tables: dict[str, TableSum]
    photos: PhotoSum

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return sum(table.rows for table in self.tables.values())


def member_of(table: str) -> str:
    """The name of a table's file."""
    return f"tables/{table}.jsonl"


def photo_member(sha256: str) -> str:
    """The name of a photograph's file, in a backup as in the data folder."""
    return f"{PHOTOS}/{sha256[:2]}/{sha256}"
