"""Devices: letting them in by an invitation that is good once, what they stand for, and shutting them out."""

from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Rejected
from shared.rules.facts import Facts
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import AssignDevice, BindDevice, EnrolDevice, InviteDevice, ReleaseQuarantine, RevokeDevice
from shared.schemas.people import Device, DeviceState, Enrolment

_ASK_THE_OFFICE = (NextStep.NEW_CODE_FROM_OFFICE,)


def invite_device(facts: Facts, command: InviteDevice) -> Decision:
    """A new invitation; its id is new by construction, so a second one of the same id is refused."""
    if facts.enrolment is not None:
        return Rejected(RefusalCode.ENROLMENT_USED, next_steps=_ASK_THE_OFFICE)
    enrolment = Enrolment(
        id=command.enrolment_id,
        site_id=command.site_id,
        device_name=command.device_name,
        token_hash=command.token_hash,
        expires_at_us=command.expires_at_us,
    )
    event = EventDraft(EventKind.DEVICE_INVITED, enrolment.id, {"device_name": enrolment.device_name})
    return Accepted(Change((enrolment,), (event,)))


def enrol_device(facts: Facts, command: EnrolDevice, context: Context) -> Decision:
    """The device of this invitation comes into being, unless the code is used up or too old."""
    enrolment = facts.enrolment
    if enrolment is None:
        return Rejected(RefusalCode.ENROLMENT_UNKNOWN, next_steps=_ASK_THE_OFFICE)
    if enrolment.used_at_us is not None:
        return Rejected(RefusalCode.ENROLMENT_USED, next_steps=_ASK_THE_OFFICE)
    if context.record_time_us > enrolment.expires_at_us:
        facts_for_people = {"expired_at_us": enrolment.expires_at_us}
        return Rejected(RefusalCode.ENROLMENT_EXPIRED, facts_for_people, _ASK_THE_OFFICE)
    device = Device(
        id=command.device_id,
        site_id=enrolment.site_id,
        name=enrolment.device_name,
        incarnation=command.incarnation,
        public_key=command.public_key,
        enrolled_at_us=context.record_time_us,
    )
    known = {one.id for one in facts.former_devices}
    former = tuple(
        device.model_copy(update={"id": one.device_id, "incarnation": one.incarnation})
        for one in command.former
        if one.device_id not in known
    )
    used = enrolment.model_copy(update={"used_at_us": context.record_time_us, "device_id": device.id})
    event = EventDraft(EventKind.DEVICE_ENROLLED, device.id, {"device_name": device.name})
    return Accepted(Change((device, *former, used), (event,)))


def bind_device(facts: Facts, command: BindDevice) -> Decision:
    """The device says where it stands; the server computes from that what it may hold."""
    device = facts.device
    if device is None:
        return Rejected(RefusalCode.DEVICE_UNKNOWN, next_steps=_ASK_THE_OFFICE)
    if command.station_id is not None and facts.station is None:
        return Rejected(RefusalCode.STATION_UNKNOWN, {"station_id": command.station_id})
    if device.station_id == command.station_id:
        return Accepted(Change(), Flag.ALREADY)
    bound = device.model_copy(update={"station_id": command.station_id})
    detail = {"station_id": command.station_id}
    return Accepted(Change((bound,), (EventDraft(EventKind.DEVICE_BOUND, device.id, detail),)))


def assign_device(facts: Facts, command: AssignDevice) -> Decision:
    """The office says whose phone it is: a driver's holds his customers' addresses, so no device may say it itself."""
    device = facts.device
    if device is None:
        return Rejected(RefusalCode.DEVICE_UNKNOWN, {"device_id": command.device_id})
    if command.person_id is not None and (facts.person is None or not facts.person.is_active):
        return Rejected(RefusalCode.PERSON_UNKNOWN, {"person_id": command.person_id}, (NextStep.RELOAD,))
    if device.person_id == command.person_id:
        return Accepted(Change(), Flag.ALREADY)
    assigned = device.model_copy(update={"person_id": command.person_id})
    detail = {"device_name": device.name, "assigned_person_id": command.person_id}
    return Accepted(Change((assigned,), (EventDraft(EventKind.DEVICE_ASSIGNED, device.id, detail),)))


def revoke_device(facts: Facts, command: RevokeDevice) -> Decision:
    """The device is shut out; what it scanned before is not lost (`ReleaseQuarantine`)."""
    device = facts.device
    if device is None:
        return Rejected(RefusalCode.DEVICE_UNKNOWN, {"device_id": command.device_id})
    if device.state is DeviceState.REVOKED:
        return Accepted(Change(), Flag.ALREADY)
    revoked = device.model_copy(update={"state": DeviceState.REVOKED})
    event = EventDraft(EventKind.DEVICE_REVOKED, device.id, {"device_name": device.name, "reason": command.reason})
    return Accepted(Change((revoked,), (event,)))


def release_quarantine(facts: Facts, command: ReleaseQuarantine) -> Decision:
    """Somebody vouches for what lies in quarantine; whoever stores this processes it in its order."""
    if facts.device is None:
        return Rejected(RefusalCode.DEVICE_UNKNOWN, {"device_id": command.device_id})
    detail = {"incarnation": command.incarnation}
    return Accepted(Change(events=(EventDraft(EventKind.QUARANTINE_RELEASED, facts.device.id, detail),)))
