"""What a leader can decide or see to on this device: the server's rows, and what was done about them here since."""

from mobile.outcome import OpenCall, OpenConflict
from mobile.store import outbox
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from shared.call_cards import CallCard, call_card
from shared.conflict_cards import ConflictCard, card_of
from shared.schemas.quality import Conflict, ConflictState, LeaderCall


class Decisions:
    """Reads the cards anew only when the mirror has changed: each scan on a leader's tablet asks how many there are."""

    def __init__(self, store: Store, mirror: MirrorRows) -> None:
        """Over this store; nothing is read yet."""
        self._store, self._mirror = store, mirror
        self._version: int | None = None
        self._conflicts: list[ConflictCard] = []
        self._calls: list[CallCard] = []

    def conflicts(self) -> list[OpenConflict]:
        """What a person has to decide, then what may still resolve itself; the oldest first."""
        self._read()
        decided = outbox.decided(self._store, {card.piece.id for card in self._conflicts}) if self._conflicts else {}
        return [OpenConflict(card, *decided.get(card.conflict.id, (None, False))) for card in self._conflicts]

    def calls(self) -> list[OpenCall]:
        """Who calls for a leader, the oldest first."""
        self._read()
        closed = outbox.closed(self._store, [card.call.id for card in self._calls]) if self._calls else {}
        return [OpenCall(card, card.call.id in closed, closed.get(card.call.id, False)) for card in self._calls]

    def _read(self) -> None:
        if self._version == self._mirror.version:
            return
        unsettled = sorted(self._mirror.unsettled_conflicts(), key=_turn)
        self._conflicts = [card for one in unsettled if (card := card_of(one, self._mirror)) is not None]
        waiting = sorted(self._mirror.all(LeaderCall), key=lambda call: (call.called_at_us, call.id))
        self._calls = [call_card(call, self._mirror) for call in waiting]
        self._version = self._mirror.version


def _turn(conflict: Conflict) -> tuple[bool, int, str]:
    return conflict.state is ConflictState.WAITING, conflict.opened_at_us, conflict.id
