"""The label printers of the factory: entered, tried, and taken out of use."""

import asyncio
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.datastructures import FormData

from shared.rules.permissions import Right
from shared.rules.refusals import RefusalCode
from shared.schemas.commands import PrintLabels, PutMasterData
from shared.schemas.identifiers import SHORT_TEXT_MAX, Id
from shared.schemas.printing import LabelSize, Printer, PrinterLanguage, PrintHead
from shared.words import Phrase
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.forms import read_form, text_of
from sync_server.office.shell.page import page
from sync_server.office.shell.submit import submit_or_fault
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.office.shell.words import refusal_text
from sync_server.printing.addresses import check_address
from sync_server.printing.lines import WrongAddress
from sync_server.printing.overview import list_printers
from sync_server.printing.system_printers import check_known
from sync_server.services import services_of
from sync_server.storage.rows import SessionRows

router = APIRouter(include_in_schema=False)
NO_PRINTER = (
    Phrase("没有这台打印机", "No such printer"),
    Phrase("请回到“打印”页。", "Go back to the printing page."),
)
NOT_SAVED = Phrase("没有保存", "Nothing was saved")
NOT_DONE = Phrase("没有做", "Nothing was done")
NO_NAME = Phrase("请给打印机起个名字，例如“开料标签机”。", "Give the printer a name, for example 'cutting labels'.")
NAME_TAKEN = Phrase(
    "已经有一台叫“{name}”的打印机在用：请换一个名字，或停用那一台。",
    "A printer called '{name}' is in use already: choose another name, or take that one out of use.",
)
NO_ADDRESS = Phrase("请写打印机的地址，例如 192.168.1.50。", "Say where the printer is, for example 192.168.1.50.")


@router.get("/printers/new")
async def new_printer(request: Request) -> Response:
    """An empty form."""
    viewer = await viewer_of(request, Right.PUT_MASTER_DATA)
    printer_id = services_of(request).mint.new_id()
    return _form(request, viewer, _blank(printer_id, viewer.person.site_id), is_new=True)


@router.get("/printers/{printer_id}")
async def show_printer(request: Request, printer_id: Id) -> Response:
    """The printer as it stands, to change."""
    viewer = await viewer_of(request, Right.PUT_MASTER_DATA)
    printer = await _known(request, printer_id)
    if printer is None:
        raise OfficeFault(404, *NO_PRINTER)
    return _form(request, viewer, printer, is_new=False)


@router.post("/printers/{printer_id}")
async def save_printer(request: Request, printer_id: Id) -> Response:
    """Enters it, or changes it."""
    viewer = await viewer_of(request, Right.PUT_MASTER_DATA)
    sent = await read_form(request, viewer)
    known = await _known(request, printer_id)
    typed = _typed(sent, known or _blank(printer_id, viewer.person.site_id))
    others = await services_of(request).read(list_printers)
    problems = _problems(typed, [other for other in others if other.id != printer_id])
    if not problems and typed.is_active:  # a printer may be taken out of use whatever has become of it
        problems = await asyncio.to_thread(_problems_here, typed)
    if problems:
        return _form(request, viewer, typed, is_new=known is None, problems=problems)
    await submit_or_fault(request, viewer, PutMasterData(printers=[typed]), text_of(sent, "key"), NOT_SAVED)
    return RedirectResponse("/printing", 303)


@router.post("/printers/{printer_id}/try")
async def try_printer(request: Request, printer_id: Id) -> Response:
    """Prints one label that means nothing."""
    viewer = await viewer_of(request, Right.PRINT_LABELS)
    sent = await read_form(request, viewer)
    try:
        command = PrintLabels(job_id=text_of(sent, "job_id"), printer_id=printer_id)
    except ValidationError as error:
        raise OfficeFault(422, NOT_DONE, refusal_text(RefusalCode.PRINTER_UNKNOWN)) from error
    await submit_or_fault(request, viewer, command, text_of(sent, "job_id"), NOT_DONE)
    return RedirectResponse("/printing", 303)


def _blank(printer_id: str, site_id: str) -> Printer:
    return Printer.model_construct(id=printer_id, site_id=site_id, name="", address="")


def _typed(sent: FormData, before: Printer) -> Printer:
    """What the form says; a choice that the form does not offer leaves the one before."""

    def chosen(name: str, kind: type[PrinterLanguage | LabelSize | PrintHead], former: str) -> str:
        value = text_of(sent, name)
        return value if value in set(kind) else former

    return before.model_copy(
        update={
            "name": text_of(sent, "name")[:SHORT_TEXT_MAX],
            "address": _half_width(text_of(sent, "address"))[:SHORT_TEXT_MAX],
            "language": PrinterLanguage(chosen("language", PrinterLanguage, before.language)),
            "print_head": PrintHead(chosen("print_head", PrintHead, before.print_head)),
            "label_size": LabelSize(chosen("label_size", LabelSize, before.label_size)),
            "is_active": text_of(sent, "is_active") != "no",
        }
    )


def _half_width(address: str) -> str:
    """With the colon and the dots of a Chinese input method as those of an address."""
    return unicodedata.normalize("NFKC", address).replace("。", ".")


def _problems(printer: Printer, others: Sequence[Printer]) -> dict[str, Phrase]:
    """What is wrong, by the name of its field; `others` are the printers in use beside it."""
    problems: dict[str, Phrase] = {}
    if not printer.name:
        problems["name"] = NO_NAME
    elif printer.is_active and _bare(printer.name) in {_bare(other.name) for other in others}:
        problems["name"] = NAME_TAKEN.filled(name=printer.name)
    if not printer.address:
        return problems | {"address": NO_ADDRESS}
    try:
        check_address(printer.address)
    except WrongAddress as fault:
        problems["address"] = Phrase(fault.message, fault.message_en)
    return problems


def _problems_here(printer: Printer) -> dict[str, Phrase]:
    """The same for what only this machine knows; it is asked, which takes its time."""
    try:
        check_known(check_address(printer.address))
    except WrongAddress as fault:
        return {"address": Phrase(fault.message, fault.message_en)}
    return {}


def _bare(name: str) -> str:
    """The name as people tell it from others: whatever its width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


async def _known(request: Request, printer_id: str) -> Printer | None:
    return await services_of(request).read(lambda session: SessionRows(session).get(Printer, printer_id))


def _form(
    request: Request,
    viewer: Viewer,
    printer: Printer,
    *,
    is_new: bool,
    problems: Mapping[str, Phrase] = MappingProxyType({}),
) -> Response:
    context = {
        "printer": printer,
        "is_new": is_new,
        "problems": problems,
        "key": services_of(request).mint.new_id(),
        "languages": list(PrinterLanguage),
        "heads": list(PrintHead),
        "sizes": list(LabelSize),
    }
    return page(request, "labels/printer.html", viewer, context, 422 if problems else 200)
