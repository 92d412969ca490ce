"""The file of a device that found no network: what it brought, in words."""

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from shared.rules.permissions import Right
from shared.words import Phrase
from sync_server.devices.outbox_import import Imported, ImportFault, ImportProblem, import_outbox
from sync_server.errors import RequestFault
from sync_server.office.devices.devices import devices_page
from sync_server.office.shell.forms import read_form
from sync_server.office.shell.language import NOTHING
from sync_server.office.shell.viewer import viewer_of
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
FILE_BYTES_MAX = 32_000_000
"""A file of some twenty thousand scans: what a tablet records in many weeks without a network."""

PROBLEMS = {
    ImportProblem.STRANGE_FILE: Phrase(
        "这不是设备导出的文件，请选择 mumen-outbox-….json。",
        "No device exported this file; choose mumen-outbox-….json.",
    ),
    ImportProblem.NEWER_FILE: Phrase(
        "这个文件来自更新的版本，请先更新服务器。", "A newer version wrote this file; update the server first."
    ),
    ImportProblem.WRONG_SIGNATURE: Phrase(
        "文件的签名不符，或服务器不认识这台设备。请让设备重新导出。",
        "The signature does not fit, or the server does not know this device. Let the device export again.",
    ),
    ImportProblem.REVOKED: Phrase("这台设备已停用。", "This device has been revoked."),
    ImportProblem.NO_RECORDS: Phrase(
        "文件里没有记录：设备已经全部上传过了。", "The file holds no records: the device has sent them all."
    ),
}
TAKEN_IN = Phrase(
    "“{name}”的 {count} 条记录已入账，其中 {refused} 条被拒绝或留待。{again}{quarantined}",
    "{count} records of '{name}' are in the books; {refused} of them were refused or held.{again}{quarantined}",
)
AGAIN = Phrase("其中 {known} 条以前就传到了，没有重复入账。", " {known} had arrived before and count once.")
QUARANTINED = Phrase(
    "另外 {count} 条没有入账，已隔离：同一序号以前来过不同的内容，这台设备可能被复制过。请班组长核对。",
    " {count} others are kept apart and not in the books: other records came under their numbers before, so this "
    "device may have been copied. A team leader decides.",
)
GAP = Phrase(
    "缺少第 {need} 条以前的记录，请让设备联网或重新导出。",
    "Records before number {need} are missing: connect the device, or let it export again.",
)
DATABASE_FAILED = Phrase("数据库出错，请稍后再试。", "The database failed; try again later.")
NOT_IMPORTED = Phrase("没有导入任何记录。{why}", "Nothing was imported. {why}")
STOPPED = Phrase(
    "文件里的 {total} 条记录，前 {done} 条已入账，其余 {rest} 条没有导入。{why}{quarantined}"
    "可以放心再次导入同一个文件：已入账的不会重复。",
    "Of {total} records the first {done} are in the books, the other {rest} were not imported. {why}{quarantined} "
    "It is safe to import the same file again: nothing counts twice.",
)


@router.post("/devices/import")
async def take_in(request: Request) -> Response:
    """The unsent outbox of a device, carried here as a file; what had arrived already counts once."""
    viewer, services = await viewer_of(request, Right.IMPORT_OUTBOX), services_of(request)
    form = await read_form(request, viewer, FILE_BYTES_MAX)
    sent = form.get("file")
    content = await sent.read() if isinstance(sent, UploadFile) else b""
    await form.close()
    try:
        imported = await import_outbox(services, content)
    except ImportFault as fault:
        complaint = NOT_IMPORTED.filled(why=PROBLEMS[fault.problem])
        return await devices_page(request, viewer, complaint=complaint, status=422)
    why = _why_stopped(imported)
    if why:
        return await devices_page(request, viewer, complaint=_stopped(imported, why), status=422)
    return await devices_page(request, viewer, done=_taken_in(imported))


def _taken_in(imported: Imported) -> Phrase:
    return TAKEN_IN.filled(
        name=imported.device_name,
        count=imported.booked,
        refused=imported.refused,
        again=AGAIN.filled(known=imported.known) if imported.known else NOTHING,
        quarantined=_quarantined(imported),
    )


def _quarantined(imported: Imported) -> Phrase:
    return QUARANTINED.filled(count=imported.quarantined) if imported.quarantined else NOTHING


def _why_stopped(imported: Imported) -> Phrase:
    if imported.need is not None:
        return GAP.filled(need=imported.need)
    match imported.stopped_by:
        case None:
            return NOTHING
        case RequestFault(fault=fault):
            return Phrase(fault.message, fault.message_en)
        case _:
            return DATABASE_FAILED


def _stopped(imported: Imported, why: Phrase) -> Phrase:
    kept = imported.booked + imported.quarantined
    if not kept:
        return NOT_IMPORTED.filled(why=why)
    return STOPPED.filled(
        total=imported.total,
        done=imported.booked,
        rest=imported.total - kept,
        why=why,
        quarantined=_quarantined(imported),
    )
