"""Racks: entering and editing them, what is on each, taking it off, and their labels."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from labels.templates import CARDS_A4_2X5, ROLL_100X70
from shared.rules.permissions import Right
from shared.schemas.commands import PutRack, UnbindPiece
from shared.schemas.identifiers import SHORT_TEXT_MAX, Id
from shared.schemas.rack import Rack
from shared.schemas.sync import VerdictStatus
from shared.words import Phrase
from sync_server.office.labels.label_sheets import printed
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.forms import half_width, read_form, text_of
from sync_server.office.shell.language import NOTHING
from sync_server.office.shell.page import page
from sync_server.office.shell.submit import submit
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.office.shell.words import refusal_text
from sync_server.queries.racks import RackView, card_of, list_racks, rack_labels, view_rack
from sync_server.services import services_of
from sync_server.storage.rows import SessionRows

router = APIRouter(include_in_schema=False)
CODE_MAX = 20
NO_RACK = (Phrase("没有这个架", "No such rack"), Phrase("请回到“架”页。", "Go back to the page of racks."))
NO_RACKS = (Phrase("没有标签可打", "No labels to print"), Phrase("请先添加架。", "Add a rack first."))
NO_CODE = Phrase("请写架号，例如 R-07，和架上漆的一样。", "Say what is painted on it, for example R-07.")


@router.get("/racks")
async def show_racks(request: Request) -> Response:
    """All of them, with how many pieces are on each and since when."""
    viewer = await viewer_of(request)
    racks = await services_of(request).read(lambda session: list_racks(session, viewer.person.site_id))
    context = {
        "racks": racks,
        "may_edit": viewer.may(Right.PUT_RACK),
        "has_labels": viewer.may(Right.SEE_LABELS) and any(line.rack.is_active for line in racks),
    }
    return page(request, "floor/racks.html", viewer, context)


@router.get("/racks/labels.pdf")
async def print_labels(request: Request) -> Response:
    """The labels of all racks that are in use, on sheets."""
    viewer = await viewer_of(request, Right.SEE_LABELS)
    cards = await services_of(request).read(lambda session: rack_labels(session, viewer.person.site_id))
    if not cards:
        raise OfficeFault(409, *NO_RACKS)
    return await printed(request, cards, "架 Racks", {}, CARDS_A4_2X5)


@router.get("/racks/new")
async def new_rack(request: Request) -> Response:
    """An empty form."""
    viewer = await viewer_of(request, Right.PUT_RACK)
    return _form(request, viewer, _blank(services_of(request).mint.new_id(), viewer), is_new=True)


@router.get("/racks/{rack_id}")
async def show_rack(request: Request, rack_id: Id) -> Response:
    """What is on it."""
    viewer = await viewer_of(request)
    view = await _view(request, rack_id)
    context = {
        "view": view,
        "keys": {one.line.piece.id: services_of(request).mint.new_id() for one in view.pieces},
        "key": services_of(request).mint.new_id(),
        "may_edit": viewer.may(Right.PUT_RACK),
        "may_take_off": viewer.may(Right.UNBIND_PIECE),
        "has_label": viewer.may(Right.SEE_LABELS),
    }
    return page(request, "floor/rack.html", viewer, context)


@router.get("/racks/{rack_id}/edit")
async def edit_rack(request: Request, rack_id: Id) -> Response:
    """The rack as it stands, to change."""
    viewer = await viewer_of(request, Right.PUT_RACK)
    return _form(request, viewer, (await _view(request, rack_id)).rack, is_new=False)


@router.post("/racks/{rack_id}")
async def save_rack(request: Request, rack_id: Id) -> Response:
    """Enters it, or changes it."""
    viewer = await viewer_of(request, Right.PUT_RACK)
    sent = await read_form(request, viewer)
    known = await services_of(request).read(lambda session: SessionRows(session).get(Rack, rack_id))
    typed = _typed(sent, known or _blank(rack_id, viewer))
    if not typed.code:
        return _form(request, viewer, typed, is_new=known is None, complaint=NO_CODE)
    verdict = await submit(request, viewer, PutRack(rack=typed), text_of(sent, "key"))
    if verdict.status is VerdictStatus.REJECTED:
        return _form(request, viewer, typed, is_new=known is None, complaint=refusal_text(verdict.code))
    return RedirectResponse(f"/racks/{rack_id}", 303)


@router.post("/racks/{rack_id}/take-off")
async def take_off(request: Request, rack_id: Id) -> Response:
    """Takes off what the form names: one piece, or all that its reader saw. What has moved meanwhile stays there."""
    viewer = await viewer_of(request, Right.UNBIND_PIECE)
    sent = await read_form(request, viewer)
    view = await _view(request, rack_id)
    named = {value for value in sent.getlist("label_code") if isinstance(value, str)}
    for one in view.pieces:
        if one.line.code in named:
            command = UnbindPiece(label_code=one.line.code, rack_id=rack_id)
            await submit(request, viewer, command, text_of(sent, "key"))
    return RedirectResponse(f"/racks/{rack_id}", 303)


@router.get("/racks/{rack_id}/label.pdf")
async def print_label(request: Request, rack_id: Id) -> Response:
    """Its label, on a page of its own size."""
    await viewer_of(request, Right.SEE_LABELS)
    view = await _view(request, rack_id)
    return await printed(request, [card_of(view.rack, view.code)], view.rack.code, {}, ROLL_100X70)


async def _view(request: Request, rack_id: str) -> RackView:
    """The rack. Raises `OfficeFault` 404."""
    view = await services_of(request).read(lambda session: view_rack(session, rack_id))
    if view is None:
        raise OfficeFault(404, *NO_RACK)
    return view


def _blank(rack_id: str, viewer: Viewer) -> Rack:
    return Rack.model_construct(id=rack_id, site_id=viewer.person.site_id, code="")


def _typed(sent: FormData, before: Rack) -> Rack:
    return before.model_copy(
        update={
            "code": half_width(text_of(sent, "code"))[:CODE_MAX].upper(),
            "name": text_of(sent, "name")[:SHORT_TEXT_MAX],
            "is_active": text_of(sent, "is_active") != "no",
        }
    )


def _form(request: Request, viewer: Viewer, rack: Rack, *, is_new: bool, complaint: Phrase = NOTHING) -> Response:
    key = services_of(request).mint.new_id()
    context = {"rack": rack, "is_new": is_new, "complaint": complaint, "key": key}
    return page(request, "floor/rack_form.html", viewer, context, 422 if complaint else 200)
