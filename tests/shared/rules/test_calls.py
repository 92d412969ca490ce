"""What somebody does about a verdict, and who is called for a leader until when."""

import pytest

from shared.label_code import CodeKind, make
from shared.rules.decision import Accepted
from shared.rules.refusals import RefusalCode
from shared.schemas.commands import AnswerVerdict, CallLeader, CloseCall, VerdictAnswer
from shared.schemas.people import Device
from shared.schemas.quality import Conflict, ConflictKind, ConflictState, LeaderCall
from tests.factory import START_US
from tests.shared.rules.bench import NOBODY_KNOWN, Bench, Table, check

TABLET = "00000000-0000-7000-8000-0000000000b1"
CALL = "00000000-0000-7000-8000-0000000000ca"
UNKNOWN = make(CodeKind.PIECE, 1)


def answer(bench: Bench, **changed: object) -> AnswerVerdict:
    given: dict[str, object] = {
        "incarnation": "i1", "answered_n": 3, "answer": VerdictAnswer.CALL_LEADER, "piece_id": bench.piece.id,
        "code": "piece_on_hold",
    }  # fmt: skip
    return AnswerVerdict.model_validate(given | changed)


def calling(bench: Bench, **changed: object) -> Bench:
    device = Device(
        id=TABLET, site_id=bench.factory.site.id, name="平板", incarnation="i1", public_key="", enrolled_at_us=START_US
    )
    bench.knows(device)
    return bench.has(bench.decide(answer(bench, **changed), by="张伟", at="PACK", device_id=TABLET))


def calls(bench: Bench) -> list[LeaderCall]:
    return bench.rows.all(LeaderCall)


def call(bench: Bench, closed_at_us: int | None = None) -> Bench:
    closed_by = bench.person_id("周敏") if closed_at_us else None
    return bench.knows(
        LeaderCall(id=CALL, piece_id=bench.piece.id, called_at_us=1, closed_by=closed_by, closed_at_us=closed_at_us)
    )


ANSWER: Table = {
    "by an older app": (
        lambda b: b.decide(AnswerVerdict(incarnation="i", answered_n=3), by="张伟"),
        "ok: verdict_answered",
    ),
    "by somebody at a tablet": (
        lambda b: b.decide(answer(b), by="张伟", device_id=TABLET),
        "ok: verdict_answered",
    ),
}
CLOSE: Table = {
    "an unknown one": (
        lambda b: b.decide(CloseCall(call_id=NOBODY_KNOWN)),
        "rejected call_unknown: carry_on",
    ),
    "one that waits": (lambda b: call(b).decide(CloseCall(call_id=CALL)), "ok: call_closed"),
    "one that is done": (lambda b: call(b, 7).decide(CloseCall(call_id=CALL)), "already"),
    "one's own": (
        lambda b: call(b).decide(CloseCall(call_id=CALL), by="张伟"),
        "rejected not_permitted: call_leader",
    ),
}


@pytest.mark.parametrize("case", ANSWER)
def test_that_a_verdict_was_read_is_history(case: str) -> None:
    check(case, ANSWER)


@pytest.mark.parametrize("case", CLOSE)
def test_a_call_is_closed_as_the_table_says(case: str) -> None:
    check(case, CLOSE)


@pytest.mark.parametrize("said", list(VerdictAnswer))
def test_only_a_call_waits_for_a_leader(said: VerdictAnswer) -> None:
    bench = calling(Bench(), answer=said)
    assert len(calls(bench)) == (1 if said is VerdictAnswer.CALL_LEADER else 0)


def test_a_call_names_who_where_why_and_what_about() -> None:
    bench = Bench()
    (found,) = calls(calling(bench))
    assert (found.site_id, found.piece_id, found.code) == (bench.factory.site.id, bench.piece.id, "piece_on_hold")
    assert (found.called_by, found.station_id) == (bench.person_id("张伟"), bench.station("PACK").id)
    assert (found.origin, found.key, found.called_at_us) == (f"device:{TABLET}/i1", "3", START_US)


def test_a_piece_that_the_device_does_not_know_is_found_by_its_label() -> None:
    bench = Bench()
    (found,) = calls(calling(bench, piece_id=None, label_code=bench.code))
    assert found.piece_id == bench.piece.id


def test_a_label_that_nobody_knows_can_be_called_about() -> None:
    bench = Bench()
    (found,) = calls(calling(bench, piece_id=None, label_code=UNKNOWN))
    assert (found.piece_id, found.label_code, found.site_id) == ("", UNKNOWN, bench.factory.site.id)


@pytest.mark.parametrize(
    ("state", "key", "told", "count"),
    [
        (ConflictState.WAITING, "3", RefusalCode.EARLIER_OPERATION_MISSING, 1),
        (ConflictState.RESOLVED, "3", RefusalCode.EARLIER_OPERATION_MISSING, 0),
        (ConflictState.RESOLVED, "4", RefusalCode.EARLIER_OPERATION_MISSING, 1),
        (ConflictState.RESOLVED, "3", RefusalCode.SENT_BACK, 1),  # the decision itself is what they call about
    ],
)
def test_nobody_is_called_about_a_scan_that_was_held_and_has_been_decided_meanwhile(
    state: ConflictState, key: str, told: RefusalCode, count: int
) -> None:
    bench = Bench()
    conflict = Conflict(
        id=CALL, kind=ConflictKind.OUT_OF_ORDER, state=state, piece_id=bench.piece.id, operation_number=20,
        origin=f"device:{TABLET}/i1", key=key, code=RefusalCode.EARLIER_OPERATION_MISSING, opened_at_us=START_US,
    )  # fmt: skip
    assert len(calls(calling(bench.knows(conflict), code=told))) == count


def test_whoever_closes_a_call_second_is_told_who_was_first() -> None:
    bench = call(Bench())
    bench.has(bench.decide(CloseCall(call_id=CALL)))
    (done,) = calls(bench)
    assert (done.closed_by, done.closed_at_us) == (bench.person_id("陈静"), START_US)
    bench.has(bench.decide(CloseCall(call_id=CALL), by="陈静"))
    assert calls(bench) == [done]


CALL_LEADER: Table = {
    "about a piece": (
        lambda b: b.decide(CallLeader(code="no_label", piece_id=b.piece.id), by="张伟"),
        "ok: leader_called",
    ),
    "about nothing that is known": (lambda b: b.decide(CallLeader(code="no_label"), by="张伟"), "ok: leader_called"),
    "by somebody without work here": (
        lambda b: b.decide(CallLeader(code="no_label"), by="吴刚"),
        "rejected not_permitted: call_leader",
    ),
}


@pytest.mark.parametrize("case", CALL_LEADER)
def test_somebody_calls_without_having_scanned(case: str) -> None:
    check(case, CALL_LEADER)


def test_such_a_call_says_who_where_and_what_about() -> None:
    bench = Bench()
    decision = bench.decide(
        CallLeader(code="no_label", piece_id=bench.piece.id, label_code=bench.code), by="张伟", at="CUT"
    )
    assert isinstance(decision, Accepted)
    (call,) = decision.change.puts
    assert isinstance(call, LeaderCall)
    assert (call.code, call.piece_id, call.label_code) == ("no_label", bench.piece.id, bench.code)
    assert (call.called_by, call.station_id) == (bench.person_id("张伟"), bench.station("CUT").id)
