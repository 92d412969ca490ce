"""Two clerks ask for a thing's first label at the same moment: it gets one, and both are told so."""

import threading
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from shared.schemas.commands import CardKind, IssueLabels
from shared.schemas.door import Label
from shared.schemas.sync import Verdict, VerdictStatus
from sync_server import intake
from sync_server.submission import Submission
from tests.factory import OFFSET_MIN
from tests.sync_server.server import Server

CLERKS = ("陈静", "李强")
WAIT_S = 20


def test_a_door_gets_one_code_however_many_ask(server: Server) -> None:
    door_id = server.released()[0].door_id
    body = IssueLabels(kind=CardKind.PACKAGE, target_ids=[door_id]).model_dump(mode="json")
    both_write = threading.Barrier(len(CLERKS))
    has_waited: set[int] = set()

    def wait_for_the_other(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Neither has seen what the other is about to write."""
        if statement.startswith("INSERT INTO label") and threading.get_ident() not in has_waited:
            has_waited.add(threading.get_ident())
            both_write.wait(WAIT_S)

    if not server.database.is_sqlite:  # which has one writer: the other one waits for it anyway
        event.listen(server.database.engine, "before_cursor_execute", wait_for_the_other)

    def ask(session: Session, clerk: str) -> Verdict:
        submission = Submission(
            origin=f"user:{clerk}",
            key=server.factory.mint.new_id(),
            body=body,
            command=body,
            event_time_us=server.factory.clock.now,
            event_offset_min=OFFSET_MIN,
            person_id=server.factory.people["陈静"].id,
            is_trusted=False,
        )
        return intake.submit(session, submission, server.moment())

    asked = [server.database.write(lambda session, clerk=clerk: ask(session, clerk)) for clerk in CLERKS]
    said = {future.result(WAIT_S).status for future in asked}
    assert said == {VerdictStatus.OK, VerdictStatus.OK_ALREADY}
    labels = [label for label in server.children(Label, door_id) if label.kind == CardKind.PACKAGE]
    assert len(labels) == 1
