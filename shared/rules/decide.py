"""The one decision, the same for a device without a network and for the server: which rule decides which command."""

from typing import assert_never

from shared.rules import (
    calls,
    cards,
    conflicts,
    devices,
    inspection,
    labels,
    master_data,
    orders,
    photos,
    printing,
    production,
    racks,
    rework,
    trips,
)
from shared.rules.decision import Context, Decision, Rejected
from shared.rules.facts import Facts
from shared.rules.permissions import ON_DEVICES, Right, may
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import (
    AnswerPrintDoubt,
    AnswerVerdict,
    AssignDevice,
    AttachPhoto,
    BindDevice,
    BindPiece,
    CallLeader,
    CancelOrder,
    CancelPrinting,
    CloseCall,
    CloseTrip,
    Command,
    CompleteOperation,
    ConfirmPhoto,
    EndPrinting,
    EnrolDevice,
    EscalateConflict,
    IdentifyPiece,
    InviteDevice,
    IssueLabels,
    PlaceOrder,
    PrintLabels,
    PutMasterData,
    PutRack,
    PutTrip,
    RecordInspection,
    ReleaseOrder,
    ReleaseQuarantine,
    ReportScan,
    ReprintLabel,
    ResolveConflict,
    RetireOrder,
    ReviseOrder,
    RevokeDevice,
    RevokeLabel,
    ReworkPiece,
    StartOperation,
    UnbindPiece,
)


def decide(facts: Facts, command: Command, context: Context) -> Decision:
    """What becomes of this command, given these facts. Pure; ids and codes come from `context.mint`."""
    refusal = _not_permitted(facts, command, context)
    if refusal is not None:
        return refusal
    match command:
        case CompleteOperation():
            return production.complete_operation(facts, command, context)
        case StartOperation():
            return production.start_operation(facts, command, context)
        case RecordInspection():
            return inspection.record_inspection(facts, command, context)
        case ReportScan():
            return production.report_scan(facts, command)
        case PlaceOrder():
            return orders.place_order(facts, command, context)
        case ReviseOrder():
            return orders.revise_order(facts, command, context)
        case ReleaseOrder():
            return orders.release_order(facts, command, context)
        case CancelOrder():
            return orders.cancel_order(facts, command, context)
        case PutMasterData():
            return master_data.put_master_data(command)
        case InviteDevice():
            return devices.invite_device(facts, command)
        case EnrolDevice():
            return devices.enrol_device(facts, command, context)
        case ReworkPiece():
            return rework.rework_piece(facts, command, context)
        case ResolveConflict():
            return conflicts.resolve_conflict(facts, command, context)
        case EscalateConflict():
            return conflicts.escalate_conflict(facts, command)
        case AnswerVerdict():
            return calls.answer_verdict(facts, command, context)
        case CloseCall():
            return calls.close_call(facts, command, context)
        case CallLeader():
            return calls.call_leader(facts, command, context)
        case IdentifyPiece():
            return labels.identify_piece(facts, command)
        case AttachPhoto():
            return photos.attach_photo(facts, command, context)
        case ConfirmPhoto():
            return photos.confirm_photo(facts, command)
        case BindDevice():
            return devices.bind_device(facts, command)
        case AssignDevice():
            return devices.assign_device(facts, command)
        case ReprintLabel():
            return labels.reprint_label(facts, command, context)
        case RevokeLabel():
            return labels.revoke_label(facts, command, context)
        case IssueLabels():
            return cards.issue_labels(facts, command, context)
        case PrintLabels():
            return printing.print_labels(facts, command, context)
        case CancelPrinting():
            return printing.cancel_printing(facts, command)
        case AnswerPrintDoubt():
            return printing.answer_print_doubt(facts, command)
        case EndPrinting():
            return printing.end_printing(facts, command, context)
        case RevokeDevice():
            return devices.revoke_device(facts, command)
        case ReleaseQuarantine():
            return devices.release_quarantine(facts, command)
        case PutTrip():
            return trips.put_trip(facts, command)
        case CloseTrip():
            return trips.close_trip(facts, command)
        case PutRack():
            return racks.put_rack(facts, command, context)
        case BindPiece():
            return racks.bind_piece(facts, command, context)
        case UnbindPiece():
            return racks.unbind_piece(facts, command, context)
        case RetireOrder():
            return orders.retire_order(facts, command, context)
        case _:
            assert_never(command)


def _not_permitted(facts: Facts, command: Command, context: Context) -> Rejected | None:
    right, is_from_device = Right(command.type), context.device_id is not None
    is_about_itself = isinstance(command, BindDevice | AnswerVerdict) and is_from_device
    if context.is_trusted or (is_about_itself and context.worker_id is None):
        return None
    if facts.worker is None or not facts.worker.is_active:
        return Rejected(RefusalCode.WORKER_UNKNOWN, next_steps=(NextStep.SIGN_IN_AGAIN, NextStep.CALL_LEADER))
    if not may(facts.worker.roles, right) or (is_from_device and right not in ON_DEVICES):
        return Rejected(RefusalCode.NOT_PERMITTED, {"worker_id": facts.worker.id}, (NextStep.CALL_LEADER,))
    return None
