"""What is being printed: how far it has got, what the printer lacks, and the question whether a label came out."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import SQLModel

from shared.rules.permissions import Right
from shared.schemas.commands import AnswerPrintDoubt, CancelPrinting
from shared.schemas.identifiers import Id
from shared.schemas.printing import JOB_LABELS_MAX, Printer
from shared.words import Phrase
from sync_server.office.shell.forms import number_of, read_form, text_of
from sync_server.office.shell.page import page
from sync_server.office.shell.submit import submit_or_fault
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.printing.addresses import check_address
from sync_server.printing.lines import WrongAddress
from sync_server.printing.overview import list_jobs, list_printers
from sync_server.printing.system_printers import missing_now
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
NOT_DONE = Phrase("没有做", "Nothing was done")


@router.get("/printing")
async def show_printing(request: Request) -> Response:
    """The jobs and the printers."""
    return await _page(request, "labels/printing.html", await viewer_of(request, Right.SEE_LABELS))


@router.get("/printing/jobs")
async def show_jobs(request: Request) -> Response:
    """The jobs alone, for a page that looks again every other second."""
    return await _page(request, "labels/print_jobs.html", await viewer_of(request, Right.SEE_LABELS))


@router.post("/printing/{job_id}/cancel")
async def cancel(request: Request, job_id: Id) -> Response:
    """What has not come out yet stays away."""
    viewer = await viewer_of(request, Right.CANCEL_PRINTING)
    await read_form(request, viewer)
    return await _submitted(request, viewer, CancelPrinting(job_id=job_id), f"cancel_printing/{job_id}")


@router.post("/printing/{job_id}/answer")
async def answer(request: Request, job_id: Id) -> Response:
    """Whether the label in doubt came out."""
    viewer = await viewer_of(request, Right.ANSWER_PRINT_DOUBT)
    sent = await read_form(request, viewer)
    number, before = number_of(sent, "number", 0), number_of(sent, "answered_before", 0)
    if not 1 <= number <= JOB_LABELS_MAX:
        return RedirectResponse("/printing", 303)
    command = AnswerPrintDoubt(
        job_id=job_id, number=number, answered_before=before, has_come_out=text_of(sent, "has_come_out") == "yes"
    )
    return await _submitted(request, viewer, command, f"answer_print_doubt/{job_id}/{before}")


async def _submitted(request: Request, viewer: Viewer, command: SQLModel, key: str) -> Response:
    await submit_or_fault(request, viewer, command, key, NOT_DONE)
    return RedirectResponse("/printing", 303)


async def _page(request: Request, template: str, viewer: Viewer) -> Response:
    services = services_of(request)
    jobs, printers = await services.read(
        lambda session: (list_jobs(session), list_printers(session, is_active_only=False))
    )
    context = {
        "jobs": jobs,
        "printers": printers,
        "missing": {printer.id: lack for printer in printers if printer.is_active and (lack := _missing(printer))},
        "keys": {printer.id: services.mint.new_id() for printer in printers},
        "may_cancel": viewer.may(Right.CANCEL_PRINTING),
        "may_answer": viewer.may(Right.ANSWER_PRINT_DOUBT),
        "may_edit": viewer.may(Right.PUT_MASTER_DATA),
        "may_print": viewer.may(Right.PRINT_LABELS),
    }
    return page(request, template, viewer, context)


def _missing(printer: Printer) -> Phrase | None:
    """What the server lacks for this printer just now."""
    try:
        return missing_now(check_address(printer.address))
    except WrongAddress as fault:
        return Phrase(fault.message, fault.message_en)
