"""Devices: who is let in, where it stands, whose it is."""

from typing import Literal

from pydantic import Field
from sqlmodel import SQLModel

from shared.schemas.identifiers import HexDigest, Id, ShortText, TimeUs
from shared.schemas.sync import FORMER_MAX, FormerDevice


class InviteDevice(SQLModel):
    """The office lets one more device in, by a code that is good once until `expires_at_us`."""

    type: Literal["invite_device"] = "invite_device"
    version: Literal[1] = 1
    enrolment_id: Id
    site_id: Id
    device_name: ShortText
    token_hash: HexDigest
    expires_at_us: TimeUs


class EnrolDevice(SQLModel):
    """A device showed the one-time code and its public key."""

    type: Literal["enrol_device"] = "enrol_device"
    version: Literal[1] = 1
    enrolment_id: Id
    device_id: Id
    incarnation: ShortText
    public_key: str = Field(max_length=400)
    former: list[FormerDevice] = Field(default_factory=list[FormerDevice], max_length=FORMER_MAX)
    """Its earlier enrolments, of which the server may not know (any more)."""


class BindDevice(SQLModel):
    """This device stands at a station from now on, or at none. Whose phone it is, the office says (`AssignDevice`)."""

    type: Literal["bind_device"] = "bind_device"
    version: Literal[1] = 1
    station_id: Id | None = None


class AssignDevice(SQLModel):
    """A device is this person's own phone from now on, or nobody's; it follows what it may hold."""

    type: Literal["assign_device"] = "assign_device"
    version: Literal[1] = 1
    device_id: Id
    person_id: Id | None = None


class RevokeDevice(SQLModel):
    """A device is shut out: it pulls nothing any more, and what it still delivers goes into quarantine."""

    type: Literal["revoke_device"] = "revoke_device"
    version: Literal[1] = 1
    device_id: Id
    reason: ShortText = ""


class ReleaseQuarantine(SQLModel):
    """A team leader vouches for what a revoked or copied device delivered: it is processed now, in its order."""

    type: Literal["release_quarantine"] = "release_quarantine"
    version: Literal[1] = 1
    device_id: Id
    incarnation: ShortText
