"""The queue of what devices could not decide: a team leader looks at the piece, presses a button, and it goes on."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.rules.permissions import Right
from shared.schemas.commands import ResolveConflict
from shared.schemas.identifiers import SHORT_TEXT_MAX, Id
from shared.schemas.quality import ConflictState, Resolution
from shared.schemas.sync import VerdictStatus
from shared.words import Phrase
from sync_server.office.errors import OfficeFault
from sync_server.office.forms import read_form, text_of
from sync_server.office.page import page
from sync_server.office.submit import submit
from sync_server.office.viewer import viewer_of
from sync_server.office.words import refusal_text
from sync_server.queries.conflicts import count_conflicts, find_conflicts
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
NOT_DECIDED = Phrase("这件没有改动", "Nothing was changed")
UNKNOWN_CHOICE = (
    NOT_DECIDED,
    Phrase("请回到“待处理”，再选一次。", "Go back to the list and choose again."),
)


@router.get("/conflicts")
async def show_conflicts(request: Request, state: ConflictState = ConflictState.OPEN) -> Response:
    """What a person has to decide; what may still resolve itself; what was decided lately."""
    viewer, services = await viewer_of(request, Right.SEE_CONFLICTS), services_of(request)
    lines, counts = await services.read(lambda session: (find_conflicts(session, state), count_conflicts(session)))
    context = {
        "lines": lines,
        "counts": counts,
        "chosen": state,
        "may_decide": viewer.may(Right.RESOLVE_CONFLICT),
        "note_max": SHORT_TEXT_MAX,
        "keys": {line.conflict.id: services.mint.new_id() for line in lines},
    }
    return page(request, "conflicts.html", viewer, context)


@router.post("/conflicts/{conflict_id}/resolve")
async def resolve(request: Request, conflict_id: Id) -> Response:
    """Decides one, once however often the button is pressed."""
    viewer = await viewer_of(request, Right.RESOLVE_CONFLICT)
    sent = await read_form(request, viewer)
    chosen, note = text_of(sent, "resolution"), text_of(sent, "note")[:SHORT_TEXT_MAX]
    if chosen not in set(Resolution):
        raise OfficeFault(422, *UNKNOWN_CHOICE)
    command = ResolveConflict(conflict_id=conflict_id, resolution=Resolution(chosen), note=note)
    verdict = await submit(request, viewer, command, text_of(sent, "key"))
    if verdict.status is VerdictStatus.REJECTED:
        raise OfficeFault(409, NOT_DECIDED, refusal_text(verdict.code))
    return RedirectResponse("/conflicts", 303)
