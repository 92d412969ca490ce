"""A label's own life, as tables."""

import pytest

from shared.label_code import CodeKind, LabelCode, parse
from shared.rules.decision import Decision
from shared.schemas.commands import IdentifyPiece, ReprintLabel, RevokeLabel
from shared.schemas.door import Label, LabelState
from tests.shared.rules.bench import NOBODY_KNOWN, Bench, Table, check

OTHER = "D100000000000000"


def reprint(bench: Bench, code: str = "", by: str = "陈静", copies_before: int | None = None) -> Decision:
    command = ReprintLabel(label_code=code or bench.code, reason="掉了", copies_before=copies_before)
    return bench.decide(command, by=by)


def revoke(bench: Bench, code: str = "", by: str = "陈静") -> Decision:
    return bench.decide(RevokeLabel(label_code=code or bench.code, reason="贴错了件"), by=by)


REPRINT: Table = {
    "a live one": (reprint, "ok: label_reprinted"),
    "one that nobody has copied since": (
        lambda b: reprint(b.label_is(copies=2), copies_before=2),
        "ok: label_reprinted",
    ),
    "one that somebody has copied since": (lambda b: reprint(b.label_is(copies=2), copies_before=1), "already"),
    "an unknown one": (lambda b: reprint(b, OTHER), "rejected label_unknown: call_leader"),
    "a revoked one": (
        lambda b: reprint(b.label_is(state=LabelState.REVOKED)),
        "rejected label_revoked: call_leader",
    ),
    "a revoked one that another stands for": (
        lambda b: reprint(b.label_is(state=LabelState.REVOKED, replaced_by=OTHER)),
        "rejected label_revoked: use_new_label call_leader",
    ),
    "a replaced one": (
        lambda b: reprint(b.label_is(state=LabelState.REPLACED, replaced_by=OTHER)),
        "rejected label_replaced: use_new_label call_leader",
    ),
    "by somebody who may not": (lambda b: reprint(b, by="张伟"), "rejected not_permitted: call_leader"),
}
REVOKE: Table = {
    "a live one": (revoke, "ok: label_revoked"),
    "an unknown one": (lambda b: revoke(b, OTHER), "rejected label_unknown: call_leader"),
    "one that is revoked": (lambda b: revoke(b.label_is(state=LabelState.REVOKED)), "already"),
    "a replaced one": (
        lambda b: revoke(b.label_is(state=LabelState.REPLACED, replaced_by=OTHER)),
        "rejected label_replaced: use_new_label call_leader",
    ),
    "by somebody who may not": (lambda b: revoke(b, by="张伟"), "rejected not_permitted: call_leader"),
    "by a device, whoever it says is signed in": (
        lambda b: b.decide(RevokeLabel(label_code=b.code, reason="丢了"), device_id=OTHER),
        "rejected not_permitted: call_leader",
    ),
}


@pytest.mark.parametrize("case", REPRINT)
def test_printing_again_is_answered_as_the_table_says(case: str) -> None:
    check(case, REPRINT)


@pytest.mark.parametrize("case", REVOKE)
def test_revoking_is_answered_as_the_table_says(case: str) -> None:
    check(case, REVOKE)


def test_copies_are_counted() -> None:
    bench = Bench().label_is(copies=1)
    bench.has(reprint(bench))
    bench.has(reprint(bench))
    assert bench.row(Label, bench.code).copies == 3


def test_a_revoked_label_makes_way_for_a_new_code_of_the_same_thing() -> None:
    bench = Bench().label_is(copies=4)
    bench.has(revoke(bench))
    old = bench.row(Label, bench.code)
    (new,) = [label for label in bench.rows.all(Label) if label.id != bench.code]
    assert (old.state, old.replaced_by) == (LabelState.REVOKED, new.id)
    assert (new.state, new.target_id, new.copies, new.rev) == (LabelState.LIVE, old.target_id, 1, 0)
    read = parse(new.id)
    assert isinstance(read, LabelCode)
    assert read.kind is CodeKind.PIECE


def identify(bench: Bench, by: str, confirmed_by: str, **changed: object) -> Decision:
    leader = NOBODY_KNOWN if confirmed_by == "nobody" else bench.person_id(confirmed_by)
    given: dict[str, object] = {"piece_id": bench.piece.id, "label_code": bench.code, "confirmed_by": leader}
    return bench.decide(IdentifyPiece.model_validate(given | changed), by=by)


IDENTIFY: Table = {
    "confirmed by a leader": (lambda b: identify(b, "张伟", "陈静"), "ok: piece_identified"),
    "confirmed by the worker who asks": (
        lambda b: identify(b, "张伟", "张伟"),
        "rejected not_permitted: call_leader",
    ),
    "confirmed by another worker": (lambda b: identify(b, "张伟", "李强"), "rejected not_permitted: call_leader"),
    "confirmed by the leader who asks": (lambda b: identify(b, "陈静", "陈静"), "ok: piece_identified"),
    "confirmed by an office clerk who may print": (
        lambda b: identify(b, "张伟", "吴刚"),
        "rejected not_permitted: call_leader",
    ),
    "confirmed by nobody known": (
        lambda b: identify(b, "张伟", "nobody"),
        "rejected not_permitted: call_leader",
    ),
    "another piece's code": (
        lambda b: identify(b, "张伟", "陈静", piece_id=NOBODY_KNOWN),
        "rejected piece_unknown: call_leader",
    ),
    "a code that is not known": (
        lambda b: identify(b, "张伟", "陈静", label_code=b.factory.mint.new_code("D")),
        "rejected label_unknown: call_leader",
    ),
    "a label that was revoked": (
        lambda b: identify(b.label_is(state=LabelState.REVOKED), "张伟", "陈静"),
        "rejected label_revoked: call_leader",
    ),
}


@pytest.mark.parametrize("case", IDENTIFY)
def test_which_piece_it_is_takes_a_leader(case: str) -> None:
    check(case, IDENTIFY)
