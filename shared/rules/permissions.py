"""The one table of rights: which role may issue which command or read what. It serves device, office and API."""

from collections.abc import Iterable
from enum import StrEnum

from shared.schemas.people import Role


class Right(StrEnum):
    """A command's type, or the name of something to read (`see_*`).

    `see_customers` covers everything that says who ordered: name, phone, address, and the remarks on the order.
    """

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
    REWORK_PIECE = "rework_piece"
    RESOLVE_CONFLICT = "resolve_conflict"
    ESCALATE_CONFLICT = "escalate_conflict"
    ANSWER_VERDICT = "answer_verdict"
    CLOSE_CALL = "close_call"
    CALL_LEADER = "call_leader"
    IDENTIFY_PIECE = "identify_piece"
    ATTACH_PHOTO = "attach_photo"
    CONFIRM_PHOTO = "confirm_photo"
    BIND_DEVICE = "bind_device"
    ASSIGN_DEVICE = "assign_device"
    REPRINT_LABEL = "reprint_label"
    REVOKE_LABEL = "revoke_label"
    ISSUE_LABELS = "issue_labels"
    PRINT_LABELS = "print_labels"
    CANCEL_PRINTING = "cancel_printing"
    ANSWER_PRINT_DOUBT = "answer_print_doubt"
    END_PRINTING = "end_printing"
    REVOKE_DEVICE = "revoke_device"
    RELEASE_QUARANTINE = "release_quarantine"
    PUT_TRIP = "put_trip"
    CLOSE_TRIP = "close_trip"
    PUT_RACK = "put_rack"
    BIND_PIECE = "bind_piece"
    UNBIND_PIECE = "unbind_piece"
    RETIRE_ORDER = "retire_order"
    SEE_OFFICE = "see_office"
    SEE_CUSTOMERS = "see_customers"
    SEE_LABELS = "see_labels"
    SEE_DEVICES = "see_devices"
    SEE_CONFLICTS = "see_conflicts"
    IMPORT_OUTBOX = "import_outbox"


_ANYBODY = frozenset(
    {Right.REPORT_SCAN, Right.ANSWER_VERDICT, Right.CALL_LEADER, Right.ATTACH_PHOTO, Right.BIND_DEVICE}
)
_PRINTING = frozenset(
    {
        Right.SEE_LABELS,
        Right.ISSUE_LABELS,
        Right.PRINT_LABELS,
        Right.CANCEL_PRINTING,
        Right.ANSWER_PRINT_DOUBT,
        Right.REPRINT_LABEL,
    }
)
_FLOOR = _ANYBODY | {
    Right.COMPLETE_OPERATION,
    Right.START_OPERATION,
    Right.IDENTIFY_PIECE,
    Right.BIND_PIECE,
    Right.UNBIND_PIECE,
}
_LEADER = _PRINTING | frozenset(
    {
        Right.RECORD_INSPECTION,
        Right.REWORK_PIECE,
        Right.RESOLVE_CONFLICT,
        Right.CLOSE_CALL,
        Right.REVOKE_LABEL,
        Right.RELEASE_QUARANTINE,
        Right.SEE_OFFICE,
        Right.SEE_DEVICES,
        Right.SEE_CONFLICTS,
        Right.IMPORT_OUTBOX,
        Right.PUT_RACK,
    }
)
_SYSTEM = frozenset(
    {
        Right.ENROL_DEVICE,
        Right.ESCALATE_CONFLICT,
        Right.CONFIRM_PHOTO,
        Right.RETIRE_ORDER,
        Right.END_PRINTING,
    }
)
"""What only the server itself does."""

_READ = frozenset({Right.SEE_OFFICE, Right.SEE_CUSTOMERS})
_ORDERS = _READ | _PRINTING | {Right.PLACE_ORDER, Right.REVISE_ORDER}
_PLANS = _PRINTING | frozenset(
    {
        Right.RELEASE_ORDER,
        Right.REVOKE_LABEL,
        Right.SEE_DEVICES,
        Right.SEE_CONFLICTS,
        Right.PUT_TRIP,
        Right.CLOSE_TRIP,
        Right.PUT_RACK,
        Right.UNBIND_PIECE,
    }
)

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OPERATOR: _FLOOR,
    Role.INSPECTOR: _FLOOR | {Right.RECORD_INSPECTION},
    Role.STOREKEEPER: _FLOOR,
    Role.LOADER: _FLOOR,
    Role.DRIVER: _ANYBODY,
    Role.INSTALLER: _ANYBODY,
    Role.TEAM_LEADER: _FLOOR | _LEADER,
    Role.CLERK: _ORDERS,
    Role.DESIGNER: _ORDERS,
    Role.REVIEWER: _ORDERS | {Right.RELEASE_ORDER, Right.CANCEL_ORDER},
    Role.PLANNER: _READ | _PLANS,
    Role.PURCHASER: frozenset({Right.SEE_OFFICE}),
    Role.FINANCE: _READ,
    Role.MANAGER: frozenset(Right) - _SYSTEM,
    Role.DEALER: frozenset[Right](),
    Role.ADMIN: frozenset(Right) - _SYSTEM,
}


ON_DEVICES = _FLOOR | {Right.RECORD_INSPECTION, Right.RESOLVE_CONFLICT, Right.CLOSE_CALL, Right.REPRINT_LABEL}
"""What may come from a device. Who is signed in there is the device's own word, so nothing of the office is."""


def is_leader(roles: Iterable[Role]) -> bool:
    """Whether who has these roles is called for a leader, and confirms what others cannot alone."""
    held = frozenset(roles)
    return may(held, Right.CLOSE_CALL) and may(held, Right.REPRINT_LABEL)


def may(roles: Iterable[Role], right: Right) -> bool:
    """Whether any of these roles carries the right."""
    return any(right in RIGHTS[role] for role in roles)
