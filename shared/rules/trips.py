"""A truck's way on one day: planning it puts its pieces on the driver's phone, closing it takes them off."""

from shared.rules.decision import Accepted, Change, Decision, EventDraft, EventKind, Flag, Rejected
from shared.rules.facts import Facts
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import CloseTrip, PutTrip
from shared.schemas.people import Role
from shared.schemas.shipment import Trip, TripState


def put_trip(facts: Facts, command: PutTrip) -> Decision:
    """The trip as planned; its pieces know it, and those that were taken out of it no longer do."""
    trip, before = command.trip, facts.trip
    driver = facts.person
    if driver is None or not driver.is_active or Role.DRIVER not in driver.roles:
        return Rejected(RefusalCode.PERSON_UNKNOWN, {"person_id": trip.driver_id}, (NextStep.RELOAD,))
    if before is not None and before.state is TripState.CLOSED:
        return Rejected(RefusalCode.TRIP_UNKNOWN, {"trip_id": trip.id}, (NextStep.RELOAD,))
    wanted = pieces_of(trip)
    moved = [
        piece.model_copy(update={"trip_id": trip.id if piece.id in wanted else None})
        for piece in facts.pieces
        if (piece.trip_id == trip.id) != (piece.id in wanted)
    ]
    event = EventDraft(EventKind.TRIP_PUT, trip.id, {"number": trip.number, "pieces": len(wanted)})
    return Accepted(Change((trip.model_copy(update={"state": TripState.PLANNED}), *moved), (event,)))


def close_trip(facts: Facts, command: CloseTrip) -> Decision:
    """The trip is over: what it carried is on no rack of ours any more."""
    trip = facts.trip
    if trip is None:
        return Rejected(RefusalCode.TRIP_UNKNOWN, {"trip_id": command.trip_id}, (NextStep.RELOAD,))
    if trip.state is TripState.CLOSED:
        return Accepted(Change(), Flag.ALREADY)
    off = [
        piece.model_copy(update={"trip_id": None, "rack_id": None})
        for piece in facts.pieces
        if piece.trip_id == trip.id
    ]
    event = EventDraft(EventKind.TRIP_CLOSED, trip.id, {"number": trip.number})
    return Accepted(Change((trip.model_copy(update={"state": TripState.CLOSED}), *off), (event,)))


def pieces_of(trip: Trip) -> frozenset[str]:
    """The pieces of all its stops."""
    return frozenset(piece_id for stop in trip.stops for piece_id in stop.piece_ids)
