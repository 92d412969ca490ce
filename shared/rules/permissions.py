"""The one table of rights: which role may issue which command or read what. It serves device, office and API."""

from collections.abc import Iterable
from enum import StrEnum

from shared.schemas.people import Role


class Right(StrEnum):
    """A command's type, or the name of something to read (`see_*`)."""

    COMPLETE_OPERATION = "complete_operation"
    START_OPERATION = "start_operation"
    RECORD_INSPECTION = "record_inspection"
    REPORT_SCAN = "report_scan"
    PLACE_ORDER = "place_order"
    REVISE_ORDER = "revise_order"
    RELEASE_ORDER = "release_order"
    CANCEL_ORDER = "cancel_order"
    PUT_MASTER_DATA = "put_master_data"
    INVITE_DEVICE = "invite_device"
    ENROL_DEVICE = "enrol_device"
    SEE_OFFICE = "see_office"
    SEE_CUSTOMERS = "see_customers"
    SEE_DEVICES = "see_devices"
    IMPORT_OUTBOX = "import_outbox"


_FLOOR = frozenset({Right.COMPLETE_OPERATION, Right.START_OPERATION, Right.REPORT_SCAN})
_READ = frozenset({Right.SEE_OFFICE, Right.SEE_CUSTOMERS})
_ORDERS = _READ | {Right.PLACE_ORDER, Right.REVISE_ORDER}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OPERATOR: _FLOOR,
    Role.INSPECTOR: _FLOOR | {Right.RECORD_INSPECTION},
    Role.STOREKEEPER: _FLOOR,
    Role.LOADER: _FLOOR,
    Role.DRIVER: frozenset({Right.REPORT_SCAN}),
    Role.INSTALLER: frozenset({Right.REPORT_SCAN}),
    Role.TEAM_LEADER: _FLOOR | {Right.RECORD_INSPECTION, Right.SEE_OFFICE, Right.SEE_DEVICES, Right.IMPORT_OUTBOX},
    Role.CLERK: _ORDERS,
    Role.DESIGNER: _ORDERS,
    Role.REVIEWER: _ORDERS | {Right.RELEASE_ORDER, Right.CANCEL_ORDER},
    Role.PLANNER: _READ | {Right.RELEASE_ORDER, Right.SEE_DEVICES},
    Role.PURCHASER: frozenset({Right.SEE_OFFICE}),
    Role.FINANCE: _READ,
    Role.MANAGER: frozenset(Right),
    Role.DEALER: frozenset[Right](),
    Role.ADMIN: frozenset(Right),
}


def may(roles: Iterable[Role], right: Right) -> bool:
    """Whether any of these roles carries the right."""
    return any(right in RIGHTS[role] for role in roles)
