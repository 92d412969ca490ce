"""The conflicts that a leader can decide on this device: the server's rows, and what was decided here since."""

from mobile.outcome import OpenConflict
from mobile.store import outbox
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from shared.conflict_cards import ConflictCard, card_of
from shared.schemas.quality import Conflict, ConflictState


class Conflicts:
    """Reads the cards anew only when the mirror has changed: each scan on a leader's tablet asks how many there are."""

    def __init__(self, store: Store, mirror: MirrorRows) -> None:
        """Over this store; nothing is read yet."""
        self._store, self._mirror = store, mirror
        self._version: int | None = None
        self._cards: list[ConflictCard] = []

    def all(self) -> list[OpenConflict]:
        """What a person has to decide, then what may still resolve itself; the oldest first."""
        if self._version != self._mirror.version:
            unsettled = sorted(self._mirror.unsettled_conflicts(), key=_turn)
            self._cards = [card for one in unsettled if (card := card_of(one, self._mirror)) is not None]
            self._version = self._mirror.version
        decided = outbox.decided(self._store, {card.piece.id for card in self._cards}) if self._cards else {}
        return [OpenConflict(card, *decided.get(card.conflict.id, (None, False))) for card in self._cards]


def _turn(conflict: Conflict) -> tuple[bool, int, str]:
    return conflict.state is ConflictState.WAITING, conflict.opened_at_us, conflict.id
