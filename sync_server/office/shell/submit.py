"""Commands in the name of whoever filled in a form."""

from typing import Any

from fastapi import Request
from sqlmodel import SQLModel

from shared.canonical import canonical_json, sha256_hex
from shared.schemas.sync import Verdict, VerdictStatus
from shared.words import Phrase
from sync_server import intake
from sync_server.moment import Moment
from sync_server.office.shell.errors import OfficeFault
from sync_server.office.shell.viewer import Viewer
from sync_server.office.shell.words import refusal_text
from sync_server.services import services_of
from sync_server.submission import Submission


async def submit(request: Request, viewer: Viewer, command: SQLModel, key: str) -> Verdict:
    """The verdict of a command in this person's name; the same key with the same content is one command."""
    services = services_of(request)
    moment = services.moment()
    submission = submission_of(viewer, command, key, moment)
    return await services.write(lambda session: intake.submit(session, submission, moment))


async def submit_or_fault(request: Request, viewer: Viewer, command: SQLModel, key: str, title: Phrase) -> None:
    """The same for what is done or is not: raises `OfficeFault` under this title, with the refusal's reason."""
    verdict = await submit(request, viewer, command, key)
    if verdict.status is VerdictStatus.REJECTED:
        raise OfficeFault(409, title, refusal_text(verdict.code))


def submission_of(viewer: Viewer, command: SQLModel, key: str, moment: Moment) -> Submission:
    """The command in this person's name.

    A form that somebody goes back to, changes and sends once more says something else: that is another command.
    """
    body: dict[str, Any] = command.model_dump(mode="json")
    return Submission(
        origin=f"user:{viewer.person.id}",
        key=f"{key}/{sha256_hex(canonical_json(body))[:16]}",
        body=body,
        command=body,
        event_time_us=moment.record_time_us,
        event_offset_min=viewer.utc_offset_min,
        person_id=viewer.person.id,
    )
