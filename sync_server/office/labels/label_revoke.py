"""Revoking a piece's label: a page that says what becomes of it, asks why, and lets people turn back."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlalchemy.orm import Session

from shared.rules.permissions import Right
from shared.rules.progress import GONE
from shared.rules.refusals import RefusalCode
from shared.schemas.commands import PrintLabels, RevokeLabel
from shared.schemas.door import Door, Label, LabelState, Piece
from shared.schemas.identifiers import SHORT_TEXT_MAX, Id
from shared.schemas.sync import VerdictStatus
from shared.words import Phrase
from sync_server.office.floor.pieces import NO_PIECE
from sync_server.office.labels.piece_labels import BACK_TO_PIECE, NO_LABEL, NO_REASON, NOT_DONE
from sync_server.office.shell.errors import OfficeFault, WayOn
from sync_server.office.shell.forms import read_form, text_of
from sync_server.office.shell.language import NOTHING
from sync_server.office.shell.page import page
from sync_server.office.shell.submit import submit
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.office.shell.words import refusal_text
from sync_server.printing.overview import list_printers
from sync_server.queries.pieces import view_piece
from sync_server.services import services_of
from sync_server.storage.rows import SessionRows

router = APIRouter(include_in_schema=False)


@router.get("/pieces/{piece_id}/revoke-label")
async def ask(request: Request, piece_id: Id) -> Response:
    """Which code would be dead, and why."""
    return await _page(request, await viewer_of(request, Right.REVOKE_LABEL), piece_id)


@router.post("/pieces/{piece_id}/revoke-label")
async def revoke(request: Request, piece_id: Id) -> Response:
    """The code in the form is dead; the piece has a new one, which goes to the printer that was chosen.

    Once however often the form is sent.
    """
    viewer = await viewer_of(request, Right.REVOKE_LABEL)
    sent = await read_form(request, viewer)
    key, reason = text_of(sent, "key"), text_of(sent, "reason")[:SHORT_TEXT_MAX]
    if not reason:
        return await _page(request, viewer, piece_id, NO_REASON, 422)
    back = WayOn(f"/pieces/{piece_id}", BACK_TO_PIECE)
    # The code that the page showed, not the one that is live by now: two people may press the button.
    try:
        command = RevokeLabel(label_code=text_of(sent, "label_code"), reason=reason)
    except ValidationError as error:
        raise OfficeFault(422, NOT_DONE, refusal_text(RefusalCode.LABEL_UNKNOWN), back) from error
    known = await services_of(request).read(lambda session: SessionRows(session).get(Label, command.label_code))
    verdict = await submit(request, viewer, command, key)
    if verdict.status is VerdictStatus.REJECTED:
        raise OfficeFault(409, NOT_DONE, refusal_text(verdict.code), back)
    told = {"already": "1"} if known is not None and known.state is LabelState.REVOKED else {}
    if verdict.status is VerdictStatus.OK and (printer_id := text_of(sent, "printer_id")):
        trouble = await _print_new(request, viewer, piece_id, command.label_code, printer_id, key)
        told |= {"trouble": trouble} if trouble else {}
    return RedirectResponse(f"/pieces/{piece_id}/label?{urlencode(told)}".removesuffix("?"), 303)


async def _print_new(
    request: Request, viewer: Viewer, piece_id: str, old_code: str, printer_id: str, job_id: str
) -> str:
    """Gives the code that came in place of this one to the printer; why not, or nothing."""

    def found(session: Session) -> tuple[str, str]:
        rows = SessionRows(session)
        label, piece = rows.get(Label, old_code), rows.get(Piece, piece_id)
        door = rows.get(Door, piece.door_id) if piece else None
        if label is None or label.replaced_by is None or door is None:
            raise OfficeFault(404, *NO_PIECE)
        return door.order_id, label.replaced_by

    order_id, code = await services_of(request).read(found)
    try:
        command = PrintLabels(job_id=job_id, printer_id=printer_id, order_id=order_id, label_codes=[code])
    except ValidationError:
        return RefusalCode.PRINTER_UNKNOWN
    verdict = await submit(request, viewer, command, job_id)
    return verdict.code if verdict.status is VerdictStatus.REJECTED else ""


async def _page(
    request: Request, viewer: Viewer, piece_id: str, complaint: Phrase = NOTHING, status: int = 200
) -> Response:
    services = services_of(request)
    detail, printers = await services.read(lambda session: (view_piece(session, piece_id), list_printers(session)))
    if detail is None:
        raise OfficeFault(404, *NO_PIECE)
    if detail.line.piece.state in GONE or not detail.line.code:
        raise OfficeFault(409, *NO_LABEL)
    context = {"detail": detail, "printers": printers, "key": services.mint.new_id(), "complaint": complaint}
    return page(request, "labels/label_revoke.html", viewer, context, status)
