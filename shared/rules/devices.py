"""Letting devices in: an invitation that is good once, and the enrolment that uses it."""

from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Rejected
from shared.rules.facts import Facts
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import EnrolDevice, InviteDevice
from shared.schemas.people import Device, Enrolment

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
    used = enrolment.model_copy(update={"used_at_us": context.record_time_us, "device_id": device.id})
    event = EventDraft(EventKind.DEVICE_ENROLLED, device.id, {"device_name": device.name})
    return Accepted(Change((device, used), (event,)))
