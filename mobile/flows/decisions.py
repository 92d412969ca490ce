"""What waits for a leader, on a tablet: decided or seen to, and said at the station."""

from collections.abc import Callable

from mobile.engine import Engine
from mobile.flows.frame import Frame
from mobile.outcome import Outcome
from mobile.views.to_decide import ToDecideActions, to_decide_view
from shared.schemas.quality import Resolution


class DecisionList:
    """Owns whether the last decision found room."""

    def __init__(self, frame: Frame, engine: Engine, on_decided: Callable[[Outcome], None]) -> None:
        """Nothing is decided yet; `on_decided` gets the answer to each decision."""
        self._frame, self._engine, self._on_decided = frame, engine, on_decided
        self._has_unkept = False

    def open(self) -> None:
        """Shows what there is to decide."""
        self._has_unkept = False
        self._frame.go(self._paint)

    def _paint(self) -> None:
        engine, frame = self._engine, self._frame
        to_decide, under = engine.to_decide(), frame.who_and_where()
        frame.watch(engine.to_decide, to_decide)
        actions = ToDecideActions(on_choose=self._choose, on_seen_to=self._see_to, on_back=frame.go_home)
        chips, look, clock = frame.chip_row(), frame.stage.look, frame.clock.say
        frame.stage.show(to_decide_view(under, chips, to_decide, look, clock, actions, has_unkept=self._has_unkept))

    def _choose(self, conflict_id: str, resolution: Resolution) -> None:
        self._tell(self._engine.decide_conflict(conflict_id, resolution))

    def _see_to(self, call_id: str) -> None:
        self._tell(self._engine.close_call(call_id))

    def _tell(self, outcome: Outcome) -> None:
        self._on_decided(outcome)
        self._has_unkept = not outcome.is_recorded
        self._frame.go(self._paint)
        self._frame.heard(outcome.tone)
