"""A rack on the screen: its code brings it up, and while pieces are put on or taken off every scan goes to it."""

from collections import Counter

from mobile import strings
from mobile.engine import Engine
from mobile.flows.frame import Frame
from mobile.outcome import Outcome, RackContents, RackReport, Tone
from mobile.sentences import detail, steps
from mobile.strings import Phrase
from mobile.views.rack import RackActions, RackMode, RackShown, Said, rack_view

_SCANNING = frozenset({RackMode.PUT_ON, RackMode.TAKE_OFF})
_COUNTED = frozenset({"bound", "taken_off", "not_known_here"})
"""What counts as put on or taken off; what is not known here yet is recorded, and the server does it."""

_DONE = frozenset({"completed", "started", "late", "taken_off"})
_NOTHING_TO_SAY = _DONE - {"late"}


class RackVisit:
    """Owns which rack is up, what scans mean to it, and what was said last."""

    def __init__(self, frame: Frame, engine: Engine) -> None:
        """No rack is up."""
        self._frame, self._engine = frame, engine
        self._rack_id: str = ""
        self._mode = RackMode.LOOK
        self._count = 0
        self._said: Said | None = None
        self._asked: RackContents | None = None
        """What was asked for just now, for the screen that is painted next."""

    def takes(self, text: str) -> bool:
        """Whether the code is dealt with here: a rack's own, or any while pieces are put on or taken off."""
        rack_id = self._engine.racks.named_by(text)
        if rack_id is not None:
            self._show(rack_id)
            return True
        if not (self._frame.is_up(self._paint) and self._is_scanning):
            return False
        put_on = self._mode is RackMode.PUT_ON
        outcome = (self._engine.racks.bind if put_on else self._engine.racks.take_off)(self._rack_id, text)
        self._count += outcome.code in _COUNTED
        self._tell(self._said_of(outcome))
        return True

    def tells_gaps(self, text: str) -> bool:
        """Whether it is said here, where pieces are put on or taken off, that a gun read with gaps."""
        is_here = self._frame.is_up(self._paint) and self._is_scanning
        if is_here:
            self._tell(self._said_of(self._engine.on_gaps(text)))
        return is_here

    @property
    def _is_scanning(self) -> bool:
        """Whether pieces are being put on or taken off."""
        return self._mode in _SCANNING

    def _paint(self) -> None:
        """Puts the rack on the screen as it is known by now."""
        engine, frame = self._engine, self._frame
        asked, self._asked = self._asked, None
        is_working = engine.station is not None and engine.people.worker is not None
        contents = (asked or engine.racks.contents(self._rack_id)) if is_working else None
        if contents is None:
            frame.go_home()
            return
        actions = RackActions(
            on_work=self._work,
            on_mode=self._turn_to,
            on_emptied=self._emptied,
            on_back=frame.go_home,
            on_camera=frame.camera,
        )
        shown = RackShown(contents, self._mode, self._count, self._said)
        frame.watch(lambda: engine.racks.contents(self._rack_id), contents)
        if self._is_scanning:
            frame.keep_camera()
        frame.stage.show(rack_view(shown, frame.who_and_where(), frame.chip_row(), frame.stage.look, actions))

    def _show(self, rack_id: str) -> None:
        """The rack's code: shows it, or ends putting on and taking off; an empty rack waits for pieces at once."""
        is_same = self._frame.is_up(self._paint) and rack_id == self._rack_id
        has_ended = is_same and self._is_scanning
        contents = self._engine.racks.contents(rack_id)
        is_empty = contents is not None and not contents.items and contents.rack.is_active
        self._rack_id, self._count, self._said, self._asked = rack_id, 0, None, contents
        self._mode = RackMode.PUT_ON if is_empty and not has_ended else RackMode.LOOK
        if is_same and not has_ended and not is_empty:
            self._said = Said(Tone.INFO, (strings.RACK_AGAIN,))
        self._frame.go(self._paint)
        self._frame.heard(Tone.INFO)

    def _turn_to(self, mode: RackMode) -> None:
        self._mode, self._count, self._said = mode, 0, None
        self._frame.go(self._paint)

    def _work(self) -> None:
        report = self._engine.racks.work_on_all(self._rack_id)
        is_start = any(outcome.code == "started" for outcome in report.outcomes)
        self._tell(self._said_of_all(report, strings.BEGUN if is_start else strings.REPORTED))

    def _emptied(self) -> None:
        self._mode = RackMode.LOOK
        self._tell(self._said_of_all(self._engine.racks.empty(self._rack_id), strings.ARE_OFF))

    def _tell(self, said: Said) -> None:
        self._said = said
        self._frame.go(self._paint)
        self._frame.heard(said.tone)

    def _said_of(self, outcome: Outcome) -> Said:
        changed_us = outcome.about_us
        when = self._frame.clock.say(changed_us) if changed_us is not None else ""
        phrases = [strings.verdict(outcome.code), *detail(outcome, when)[:1]]
        to_do = steps(outcome) if outcome.tone is Tone.STOP else None
        return Said(outcome.tone, [*phrases, to_do] if to_do else phrases)

    def _said_of_all(self, report: RackReport, word: Phrase) -> Said:
        """How many went well, and how many did not for which reason."""
        done = sum(outcome.code in _DONE for outcome in report.outcomes)
        others = Counter(outcome.code for outcome in report.outcomes if outcome.code not in _NOTHING_TO_SAY)
        because = [
            strings.NOT_REPORTED.filled(word=strings.verdict(code), count=count) for code, count in others.items()
        ]
        return Said(report.tone, (word.filled(done=done, of=len(report.outcomes)), *because))
