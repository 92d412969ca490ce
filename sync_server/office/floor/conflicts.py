"""The queue of what devices could not decide, and of who calls for a leader: somebody looks, presses a button, done."""

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.call_cards import CallCard
from shared.conflict_cards import ConflictCard
from shared.rules.permissions import Right
from shared.schemas.commands import CloseCall, ResolveConflict
from shared.schemas.identifiers import SHORT_TEXT_MAX, Id
from shared.schemas.quality import ConflictState, Resolution
from shared.words import Phrase
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.forms import read_form, text_of
from sync_server.office.shell.page import page
from sync_server.office.shell.submit import submit_or_fault
from sync_server.office.shell.viewer import viewer_of
from sync_server.queries.calls import count_calls, find_calls
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
    lines, counts, calls, waiting = await services.read(
        lambda session: (
            find_conflicts(session, state),
            count_conflicts(session),
            find_calls(session) if state is ConflictState.OPEN else [],
            count_calls(session),
        )
    )
    counts[ConflictState.OPEN] += waiting
    context = {
        "calls": calls,
        "lines": lines,
        "counts": counts,
        "chosen": state,
        "may_decide": viewer.may(Right.RESOLVE_CONFLICT),
        "may_close": viewer.may(Right.CLOSE_CALL),
        "note_max": SHORT_TEXT_MAX,
        "keys": {one: services.mint.new_id() for one in _ids(lines, calls)},
    }
    return page(request, "floor/conflicts.html", viewer, context)


@router.post("/conflicts/{conflict_id}/resolve")
async def resolve(request: Request, conflict_id: Id) -> Response:
    """Decides one, once however often the button is pressed."""
    viewer = await viewer_of(request, Right.RESOLVE_CONFLICT)
    sent = await read_form(request, viewer)
    chosen, note = text_of(sent, "resolution"), text_of(sent, "note")[:SHORT_TEXT_MAX]
    if chosen not in set(Resolution):
        raise OfficeFault(422, *UNKNOWN_CHOICE)
    command = ResolveConflict(conflict_id=conflict_id, resolution=Resolution(chosen), note=note)
    await submit_or_fault(request, viewer, command, text_of(sent, "key"), NOT_DECIDED)
    return RedirectResponse("/conflicts", 303)


@router.post("/calls/{call_id}/close")
async def close_call(request: Request, call_id: Id) -> Response:
    """Somebody has seen to it."""
    viewer = await viewer_of(request, Right.CLOSE_CALL)
    sent = await read_form(request, viewer)
    await submit_or_fault(request, viewer, CloseCall(call_id=call_id), text_of(sent, "key"), NOT_DECIDED)
    return RedirectResponse("/conflicts", 303)


def _ids(lines: Iterable[ConflictCard], calls: Iterable[CallCard]) -> list[str]:
    return [*(line.conflict.id for line in lines), *(one.call.id for one in calls)]
