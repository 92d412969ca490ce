"""What became of a label that was reprinted or revoked: what is on record, and when it comes out of which printer."""

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from shared.rules.permissions import Right
from shared.rules.refusals import RefusalCode
from shared.schemas.identifiers import Id
from sync_server.office.floor.pieces import NO_PIECE
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.language import NOTHING
from sync_server.office.shell.page import page
from sync_server.office.shell.viewer import viewer_of
from sync_server.office.shell.words import refusal_text
from sync_server.printing.overview import WaitingJob, view_job
from sync_server.queries.label_acts import LabelStory, label_story
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)


@router.get("/pieces/{piece_id}/label")
async def show_answer(request: Request, piece_id: Id, already: str = "", trouble: str = "") -> Response:
    """The last act of this piece's label; `already` says that the form which led here changed nothing.

    `trouble` is why a new code was not given to the printer.
    """
    return await _page(
        request,
        "labels/label_answer.html",
        piece_id,
        already=bool(already),
        trouble=refusal_text(trouble) if trouble in set(RefusalCode) else NOTHING,
    )


@router.get("/pieces/{piece_id}/label/job")
async def show_job(request: Request, piece_id: Id) -> Response:
    """Its print job alone, for a page that looks again every other second."""
    return await _page(request, "labels/label_job.html", piece_id)


async def _page(request: Request, template: str, piece_id: str, **more: object) -> Response:
    viewer = await viewer_of(request, Right.SEE_LABELS)

    def found(session: Session) -> tuple[LabelStory, WaitingJob | None]:
        story = label_story(session, piece_id)
        if story is None:
            raise OfficeFault(404, *NO_PIECE)
        return story, view_job(session, story.job_id) if story.job_id else None

    story, waiting = await services_of(request).read(found)
    return page(request, template, viewer, {"story": story, "waiting": waiting, **more})
