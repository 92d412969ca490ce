"""Tables of what the factory consists of, and of its people and devices."""

from sqlalchemy import Column, Index
from sqlmodel import Field

from shared.schemas.people import Device, Enrolment, Person, PinHash, Role
from shared.schemas.production import (
    Counter,
    DoorModel,
    ModelPart,
    RouteOperation,
    RouteVersion,
    Site,
    SizeLimit,
    Station,
    WorkCalendar,
    WorkCenter,
)
from shared.schemas.rack import Rack
from sync_server.tables.base import JsonOf, ServerTable


class SiteRow(Site, ServerTable, table=True):
    """A factory site, its calendar within the row."""

    id: str = Field(primary_key=True)
    calendar: WorkCalendar = Field(sa_column=Column(JsonOf(WorkCalendar), nullable=False))


class WorkCenterRow(WorkCenter, ServerTable, table=True):
    """A work center."""

    id: str = Field(primary_key=True)
    site_id: str = Field(index=True)


class StationRow(Station, ServerTable, table=True):
    """A station."""

    id: str = Field(primary_key=True)
    work_center_id: str = Field(index=True)


class RackRow(Rack, ServerTable, table=True):
    """A rack. Two clerks who enter the same one at the same time enter one."""

    __table_args__ = (Index("rack_code", "site_id", "code", unique=True),)
    id: str = Field(primary_key=True)


class RouteVersionRow(RouteVersion, ServerTable, table=True):
    """A version of a route, its operations within the row."""

    id: str = Field(primary_key=True)
    operations: list[RouteOperation] = Field(sa_column=Column(JsonOf(list[RouteOperation]), nullable=False))


class DoorModelRow(DoorModel, ServerTable, table=True):
    """A model of the catalogue, its limits and parts within the row."""

    id: str = Field(primary_key=True)
    colours: list[str] = Field(sa_column=Column(JsonOf(list[str]), nullable=False))
    height: SizeLimit = Field(sa_column=Column(JsonOf(SizeLimit), nullable=False))
    width: SizeLimit = Field(sa_column=Column(JsonOf(SizeLimit), nullable=False))
    thickness: SizeLimit = Field(sa_column=Column(JsonOf(SizeLimit), nullable=False))
    parts: list[ModelPart] = Field(sa_column=Column(JsonOf(list[ModelPart]), nullable=False))


class CounterRow(Counter, ServerTable, table=True):
    """The last number given out in a series."""

    id: str = Field(primary_key=True)


class PersonRow(Person, ServerTable, table=True):
    """A person, with the floor's PIN and the office's password."""

    id: str = Field(primary_key=True)
    site_id: str = Field(index=True)
    number: str = Field(unique=True)
    roles: list[Role] = Field(sa_column=Column(JsonOf(list[Role]), nullable=False))
    pin: PinHash | None = Field(default=None, sa_column=Column(JsonOf(PinHash | None), nullable=True))


class DeviceRow(Device, ServerTable, table=True):
    """A device that was let in."""

    id: str = Field(primary_key=True)
    last_n: int = 0
    """The highest command number processed; dense, so the next one is `last_n + 1`."""
    last_hash: str = ""
    """The hash of that command, which the next one names; `?` where it could not be read."""
    last_contact_us: int | None = None
    rebuilds: int = 0
    """How often the device found that a scope of its copy did not fit and built it anew."""


class EnrolmentRow(Enrolment, ServerTable, table=True):
    """An invitation for a device."""

    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
