"""The label of one piece: as it stands, and printed again."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlalchemy.orm import Session

from labels.content import PieceLabel
from labels.templates import ROLL_60X40
from shared.label_code import pretty
from shared.rules.permissions import Right
from shared.rules.refusals import RefusalCode
from shared.schemas.commands import ReprintLabel
from shared.schemas.door import Door, Label, Piece
from shared.schemas.identifiers import SHORT_TEXT_MAX, Id
from shared.schemas.sync import VerdictStatus
from shared.words import Phrase
from sync_server.office.floor.pieces import NO_PIECE
from sync_server.office.labels.label_sheets import printed
from sync_server.office.shell.errors import OfficeFault, WayOn
from sync_server.office.shell.forms import number_of, read_form, text_of
from sync_server.office.shell.submit import submit
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.office.shell.words import refusal_text
from sync_server.queries.labels import labels_of
from sync_server.queries.orders import view_order
from sync_server.queries.pieces import view_piece
from sync_server.services import services_of
from sync_server.storage.rows import SessionRows

router = APIRouter(include_in_schema=False)
NOT_DONE = Phrase("没有做", "Nothing was done")
NO_REASON = Phrase("请选一个原因。", "Choose a reason.")
BACK_TO_PIECE = Phrase("回到这件", "Back to the piece")
COPY_THE_NEW = Phrase(
    "页面打开以后，这个码作废了{when}。现在的码是 {code}：回到这件，补打新的。",
    "This code was revoked since the page was opened{when}. The piece has the code {code} now: go back to it and print "
    "that one.",
)
NO_LABEL = (
    Phrase("没有标签可打", "No label to print"),
    Phrase("这件已取消或报废，不再做了。", "This piece was cancelled or scrapped: it is not made any more."),
)


@router.get("/pieces/{piece_id}/label.pdf")
async def piece_label(request: Request, piece_id: Id) -> Response:
    """The label as it stands, on a page of its own size."""
    await viewer_of(request, Right.SEE_LABELS)
    label = await label_of(request, piece_id)
    named = {"Content-Disposition": f'inline; filename="label-{label.code}.pdf"'}
    return await printed(request, [label], label.order_number, named, ROLL_60X40)


@router.post("/pieces/{piece_id}/reprint")
async def reprint(request: Request, piece_id: Id) -> Response:
    """Counts one more copy and gives it to a printer where one was chosen.

    Once however often the form is sent, and not at all where somebody made a copy since the page was opened.
    """
    viewer = await viewer_of(request, Right.REPRINT_LABEL)
    sent = await read_form(request, viewer)
    reason, printer_id = text_of(sent, "reason")[:SHORT_TEXT_MAX], text_of(sent, "printer_id") or None
    back = WayOn(f"/pieces/{piece_id}", BACK_TO_PIECE)
    if not reason:
        raise OfficeFault(422, NOT_DONE, NO_REASON, back)
    # The code that the page showed, not the one that is live by now: two people may press the button.
    code, seen = text_of(sent, "label_code"), number_of(sent, "copies", -1)
    try:
        command = ReprintLabel(
            label_code=code,
            reason=reason,
            printer_id=printer_id,
            job_id=text_of(sent, "key") if printer_id else None,
            copies_before=seen if seen >= 0 else None,
        )
    except ValidationError as error:
        is_printer = any("printer_id" in wrong["loc"] for wrong in error.errors())
        unknown = RefusalCode.PRINTER_UNKNOWN if is_printer else RefusalCode.LABEL_UNKNOWN
        raise OfficeFault(422, NOT_DONE, refusal_text(unknown), back) from error
    known = await services_of(request).read(lambda session: SessionRows(session).get(Label, code))
    verdict = await submit(request, viewer, command, text_of(sent, "key"))
    if verdict.status is VerdictStatus.REJECTED:
        raise OfficeFault(409, NOT_DONE, await _why_not(request, viewer, piece_id, code, verdict.code), back)
    # A form that is sent again is answered as it was at first: that it counted before shows in the label alone.
    was_counted = known is not None and seen not in {-1, known.copies}
    already = "?already=1" if was_counted or verdict.status is VerdictStatus.OK_ALREADY else ""
    return RedirectResponse(f"/pieces/{piece_id}/label{already}", 303)


async def _why_not(request: Request, viewer: Viewer, piece_id: str, code: str, refusal: str) -> Phrase:
    """Why no copy was made; of a code that is dead, when it ended and which one counts now."""
    detail = await services_of(request).read(lambda session: view_piece(session, piece_id))
    ended = detail.end_of(code) if detail else None
    if detail is None or ended is None:
        return refusal_text(refusal)
    when = f" · {viewer.when(ended.at_us)}" if ended.at_us else ""
    return COPY_THE_NEW.filled(code=pretty(detail.line.code), when=when)


async def label_of(request: Request, piece_id: str) -> PieceLabel:
    """The piece's label as it stands. Raises `OfficeFault` where there is none."""

    def found(session: Session) -> PieceLabel | None:
        rows = SessionRows(session)
        piece = rows.get(Piece, piece_id)
        door = rows.get(Door, piece.door_id) if piece else None
        if piece is None or door is None:
            raise OfficeFault(404, *NO_PIECE)
        view = view_order(session, door.order_id, has_customers=False)
        assert view is not None, "a door always belongs to an order"
        of_piece = {line.piece.id: line.code for block in view.doors for line in block.pieces}
        return next((label for label in labels_of(view) if label.code == of_piece[piece_id]), None)

    label = await services_of(request).read(found)
    if label is None:
        raise OfficeFault(409, *NO_LABEL)
    return label
