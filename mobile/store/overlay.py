"""What the device believes: the mirror, with the commands that the server has not shown back yet replayed on top.

Nothing that is replayed is stored, so there is nothing to roll back when the server thinks otherwise.
"""

from collections.abc import Sequence
from typing import TypeVar, cast

from pydantic import ValidationError

from mobile.store import outbox
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from shared.label_code import CodeKind
from shared.rules.decide import decide
from shared.rules.decision import Accepted, Context, Mint
from shared.rules.facts import gather
from shared.schemas.door import Label, Piece
from shared.schemas.entities import Entity
from shared.schemas.quality import Conflict
from shared.schemas.sync import Envelope
from shared.schemas.upcast import read_command

E = TypeVar("E", bound=Entity)


class OverlayRows:
    """A `RowSource` for the rules: pieces, their conflicts and labels come with the pending commands applied."""

    def __init__(self, store: Store, mirror: MirrorRows, mint: Mint) -> None:
        """Make one for each scan: a row is read once and remembered, a piece with what was replayed on it."""
        self._store = store
        self._mirror = mirror
        self._mint = mint
        self._pieces: dict[str, Piece | None] = {}
        self._others: dict[tuple[type[Entity], str], Entity | None] = {}

    def get(self, kind: type[E], row_id: str) -> E | None:
        """The row as this device believes it to be."""
        if kind is Piece:
            return cast("E | None", self._piece(row_id))
        if (kind, row_id) not in self._others:
            self._others[kind, row_id] = row = self._mirror.get(kind, row_id)
            if isinstance(row, Conflict):
                self._piece(row.piece_id)  # what is pending on it may have decided this
            elif isinstance(row, Label) and row.kind == CodeKind.PIECE:
                self._piece(row.target_id)  # copies that are pending count already
        return cast("E | None", self._others[kind, row_id])

    def children(self, kind: type[E], parent_id: str) -> Sequence[E]:
        """The rows of this parent; pieces among them as `get` gives them."""
        rows = self._mirror.children(kind, parent_id)
        return [found for row in rows if (found := self.get(kind, row.id))]

    def _piece(self, piece_id: str) -> Piece | None:
        if piece_id not in self._pieces:
            self._pieces[piece_id] = self._mirror.get(Piece, piece_id)
            for envelope in outbox.overlaid(self._store, piece_id):
                self._replay(piece_id, envelope)
        return self._pieces[piece_id]

    def _replay(self, piece_id: str, envelope: Envelope) -> None:
        try:
            command = read_command(envelope.command)
        except ValidationError:  # an older app's command, which only the server still reads
            return
        context = context_of(envelope, self._mint)
        decision = decide(gather(command, context, self), command, context)
        if isinstance(decision, Accepted):
            for row in decision.change.puts:
                if isinstance(row, Piece) and row.id == piece_id:
                    self._pieces[piece_id] = row
                elif isinstance(row, Conflict | Label):
                    self._others[type(row), row.id] = row


def context_of(envelope: Envelope, mint: Mint) -> Context:
    """The circumstances under which an envelope was recorded, as the rules want them."""
    return Context(
        event_time_us=envelope.event_time_us,
        event_offset_min=envelope.event_offset_min,
        record_time_us=envelope.event_time_us,
        mint=mint,
        worker_id=envelope.worker_id,
        station_id=envelope.station_id,
        was_offline=envelope.was_offline,
    )
