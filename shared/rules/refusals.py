"""Every reason for which a command is refused or held, and every next step that a refusal can offer.

The codes are stable: sentences for them stand in `mobile/strings.py` and in the office's words.
"""

from enum import StrEnum


class RefusalCode(StrEnum):
    """Why a command was not applied."""

    NOT_PERMITTED = "not_permitted"
    WORKER_UNKNOWN = "worker_unknown"
    STATION_UNKNOWN = "station_unknown"
    LABEL_UNKNOWN = "label_unknown"
    LABEL_REVOKED = "label_revoked"
    LABEL_REPLACED = "label_replaced"
    LABEL_NOT_A_PIECE = "label_not_a_piece"
    PIECE_UNKNOWN = "piece_unknown"
    PIECE_CANCELLED = "piece_cancelled"
    PIECE_SCRAPPED = "piece_scrapped"
    PIECE_ON_HOLD = "piece_on_hold"
    NOT_AT_THIS_STATION = "not_at_this_station"
    OPERATION_UNKNOWN = "operation_unknown"
    EARLIER_OPERATION_MISSING = "earlier_operation_missing"
    INSPECTION_MISSING = "inspection_missing"
    INSPECTION_NEEDS_RESULT = "inspection_needs_result"
    OLD_LOOP = "old_loop"
    SENT_BACK = "sent_back"
    CONTRADICTED = "contradicted"
    CONFLICT_UNKNOWN = "conflict_unknown"
    CONFLICT_RESOLVED = "conflict_resolved"
    CALL_UNKNOWN = "call_unknown"
    RESOLUTION_NOT_POSSIBLE = "resolution_not_possible"
    PHOTO_UNKNOWN = "photo_unknown"
    DEVICE_UNKNOWN = "device_unknown"
    DEVICE_REVOKED = "device_revoked"
    QUARANTINED = "quarantined"
    TRIP_UNKNOWN = "trip_unknown"
    RACK_UNKNOWN = "rack_unknown"
    RACK_CODE_TAKEN = "rack_code_taken"
    RACK_CHANGED_MEANWHILE = "rack_changed_meanwhile"
    NOT_ON_THIS_RACK = "not_on_this_rack"
    PERSON_UNKNOWN = "person_unknown"
    ORDER_UNKNOWN = "order_unknown"
    ORDER_EXISTS = "order_exists"
    ORDER_INCOMPLETE = "order_incomplete"
    ORDER_NOT_A_DRAFT = "order_not_a_draft"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_CHANGED_MEANWHILE = "order_changed_meanwhile"
    PRINTER_UNKNOWN = "printer_unknown"
    PRINT_JOB_UNKNOWN = "print_job_unknown"
    LABELS_PRINTED = "labels_printed"
    NOTHING_TO_PRINT = "nothing_to_print"
    TOO_MANY_LABELS = "too_many_labels"
    ENROLMENT_UNKNOWN = "enrolment_unknown"
    ENROLMENT_EXPIRED = "enrolment_expired"
    ENROLMENT_USED = "enrolment_used"


LABEL_REFUSALS = frozenset(
    {
        RefusalCode.LABEL_UNKNOWN,
        RefusalCode.LABEL_REVOKED,
        RefusalCode.LABEL_REPLACED,
        RefusalCode.LABEL_NOT_A_PIECE,
    }
)
"""What is refused is the label, whatever it stands on."""


class NextStep(StrEnum):
    """What a person can do about it; a view turns each into a sentence or a button."""

    GO_TO_STATION = "go_to_station"
    CALL_LEADER = "call_leader"
    SCAN_AGAIN = "scan_again"
    PUT_ASIDE = "put_aside"
    USE_NEW_LABEL = "use_new_label"
    INSPECT = "inspect"
    SIGN_IN_AGAIN = "sign_in_again"
    PICK_STATION = "pick_station"
    COMPLETE_ORDER = "complete_order"
    RELOAD = "reload"
    NEW_CODE_FROM_OFFICE = "new_code_from_office"
    CARRY_ON = "carry_on"
