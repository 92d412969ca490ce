"""A device shows its one-time code and its public key, and is let in."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.canonical import sha256_hex
from shared.label_code import CodeKind, LabelCode, parse
from shared.rules.refusals import RefusalCode
from shared.schemas.commands import EnrolDevice
from shared.schemas.people import Device
from shared.schemas.production import Site
from shared.schemas.sync import EnrolAnswer, EnrolRequest, VerdictStatus
from sync_server import intake
from sync_server.devices.signatures import is_public_key, make_nonce
from sync_server.errors import RequestFault, request_fault
from sync_server.services import Services
from sync_server.storage.rows import SessionRows
from sync_server.submission import Submission
from sync_server.tables import EnrolmentRow

SENTENCES = {
    RefusalCode.ENROLMENT_UNKNOWN: (
        "登记码不对,请核对或向办公室要新的登记码。",
        "Unknown code; ask the office for a new one.",
    ),
    RefusalCode.ENROLMENT_EXPIRED: (
        "登记码已过期,请向办公室要新的登记码。",
        "The code has expired; ask for a new one.",
    ),
    RefusalCode.ENROLMENT_USED: ("登记码已用过,请向办公室要新的登记码。", "The code was used; ask for a new one."),
}


def code_of(asked: EnrolRequest) -> str:
    """The one-time code in its canonical form. Raises a `RequestFault` where it or the key is none."""
    code = parse(asked.code)
    if not isinstance(code, LabelCode) or code.kind is not CodeKind.ENROLMENT:
        raise _refused(RefusalCode.ENROLMENT_UNKNOWN)
    if not is_public_key(asked.public_key):
        raise request_fault(422, "key_wrong", "设备密钥不对,请重试。", "Not a P-256 public key.")
    return code.text


def enrol_device(session: Session, services: Services, asked: EnrolRequest, code: str) -> EnrolAnswer:
    """Lets the device in, in one transaction; the same device again gets the same answer.

    Raises `RequestFault`: 404 for a code that is unknown or used up, 410 for one that has expired.
    """
    query = select(EnrolmentRow).where(col(EnrolmentRow.token_hash) == sha256_hex(code.encode()))
    enrolment = session.execute(query).scalar_one_or_none()
    if enrolment is None:
        raise _refused(RefusalCode.ENROLMENT_UNKNOWN)
    rows = SessionRows(session)
    known = rows.get(Device, enrolment.device_id) if enrolment.device_id else None
    if known is not None and (known.public_key, known.incarnation) == (asked.public_key, asked.incarnation):
        return _answer(rows, services, known)  # the same device, whose answer was lost
    moment = services.moment()
    command = EnrolDevice(
        enrolment_id=enrolment.id,
        device_id=moment.mint.new_id(),
        incarnation=asked.incarnation,
        public_key=asked.public_key,
        former=asked.former,
    ).model_dump(mode="json")
    submission = Submission(
        origin=f"enrolment:{enrolment.id}",
        key=sha256_hex(f"{asked.public_key}/{asked.incarnation}/{command['device_id']}".encode()),
        body=command,
        command=command,
        event_time_us=moment.record_time_us,
        event_offset_min=0,
        is_trusted=True,
    )
    verdict = intake.submit(session, submission, moment)
    if verdict.status is VerdictStatus.REJECTED:
        raise _refused(RefusalCode(verdict.code))
    device = rows.get(Device, str(command["device_id"]))
    assert device is not None, "an accepted enrolment always makes its device"
    return _answer(rows, services, device)


def _answer(rows: SessionRows, services: Services, device: Device) -> EnrolAnswer:
    site = rows.get(Site, device.site_id)
    return EnrolAnswer(
        device_id=device.id,
        device_name=device.name,
        site_id=device.site_id,
        site_name=site.name if site else "",
        server_epoch=services.identity.epoch,
        nonce=make_nonce(services.identity.nonce_secret, device.id, services.now_us()),
    )


def _refused(code: RefusalCode) -> RequestFault:
    message, message_en = SENTENCES[code]
    return request_fault(410 if code is RefusalCode.ENROLMENT_EXPIRED else 404, code, message, message_en)
