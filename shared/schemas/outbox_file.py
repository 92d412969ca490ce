"""The file in which a device hands its unsent outbox to the office: pushes, each signed as for the network."""

from pydantic import BaseModel, Field

OUTBOX_FILE_FORMAT = "mumen-outbox"
"""What the file says that it is, and how its name begins."""

OUTBOX_FILE_VERSION = 1


class SignedPush(BaseModel):
    """One push: the headers of its signature, and the body's bytes in base64."""

    headers: dict[str, str]
    body: str


class OutboxFileHead(BaseModel):
    """What a file of every version says first."""

    format: str
    version: int


class OutboxFile(OutboxFileHead):
    """What waits under every enrolment of a device, in the order of its numbers."""

    format: str = OUTBOX_FILE_FORMAT
    version: int = OUTBOX_FILE_VERSION
    device_id: str | None = None
    device_name: str = ""
    public_key: str = ""
    requests: list[SignedPush] = Field(default_factory=list[SignedPush])
