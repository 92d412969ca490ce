"""A call for the leader as whoever sees to it reads it, on a tablet and in the office."""

from dataclasses import dataclass

from shared.rules.facts import RowSource
from shared.schemas.door import Door, Piece
from shared.schemas.people import Person
from shared.schemas.production import Station
from shared.schemas.quality import LeaderCall
from shared.words import CALL_REASONS, CALLED, CALLED_BECAUSE, REFUSALS, Phrase

_SOMEBODY = Phrase("有人", "Somebody")


@dataclass(frozen=True)
class CallCard:
    """A call with the names behind its ids; the piece and its door where they are known."""

    call: LeaderCall
    piece: Piece | None
    door: Door | None
    caller: str
    station: Phrase | None

    @property
    def said(self) -> Phrase:
        """Who calls, and what they were told."""
        name, code = self.caller or _SOMEBODY, self.call.code
        if not code:
            return CALLED.filled(name=name)
        return CALLED_BECAUSE.filled(name=name, why=REFUSALS.get(code) or CALL_REASONS.get(code) or Phrase(code, code))


def call_card(call: LeaderCall, rows: RowSource) -> CallCard:
    """The call's card."""
    piece = rows.get(Piece, call.piece_id) if call.piece_id else None
    person = rows.get(Person, call.called_by) if call.called_by else None
    station = rows.get(Station, call.station_id) if call.station_id else None
    return CallCard(
        call=call,
        piece=piece,
        door=rows.get(Door, piece.door_id) if piece else None,
        caller=person.name if person else "",
        station=Phrase(station.name, station.name_en or station.name) if station else None,
    )
