"""Entering and editing what the factory consists of."""

from shared.rules.decision import Accepted, Change, Decision, EventDraft, EventKind
from shared.schemas.commands import PutMasterData


def put_master_data(command: PutMasterData) -> Decision:
    """Every row given replaces the row of its id."""
    puts = (
        *command.sites,
        *command.work_centers,
        *command.stations,
        *command.route_versions,
        *command.door_models,
        *command.people,
        *command.printers,
    )
    subject = puts[0].id if puts else ""
    return Accepted(Change(puts, (EventDraft(EventKind.MASTER_DATA_PUT, subject, {"rows": len(puts)}),)))
