"""Labels of what is not a piece, as tables: who gets a code, and what goes to a printer."""

import pytest

from shared.rules.decision import Decision, Rejected
from shared.schemas.commands import CardKind, IssueLabels, PrintLabels
from shared.schemas.door import Door, Label
from shared.schemas.people import Person
from tests.shared.rules.bench import NOBODY_KNOWN, Bench, Table, check
from tests.shared.rules.test_printing import JOB, OTHER_JOB, PRINTER, ready, with_printer


def issue(bench: Bench, kind: CardKind, *targets: str, by: str = "陈静") -> Decision:
    return bench.decide(IssueLabels(kind=kind, target_ids=list(targets)), by=by)


def doors(bench: Bench) -> list[str]:
    return [door.id for door in bench.rows.all(Door)]


def station(bench: Bench) -> str:
    return next(iter(bench.factory.stations.values())).id


def packages(bench: Bench) -> Bench:
    """An order whose doors have a code for their packages."""
    return ready(bench).has(issue(bench, CardKind.PACKAGE, *doors(bench)))


def codes(bench: Bench, kind: CardKind) -> list[str]:
    return [label.id for label in bench.rows.all(Label) if label.kind == kind]


def to_print(bench: Bench, *label_codes: str, reason: str = "", job_id: str = JOB, by: str = "陈静") -> Decision:
    command = PrintLabels(job_id=job_id, printer_id=PRINTER, label_codes=list(label_codes), reason=reason)
    return bench.decide(command, by=by)


def again(bench: Bench, reason: str) -> Decision:
    printed = packages(bench).has(to_print(bench, *codes(bench, CardKind.PACKAGE)))
    return to_print(printed, *codes(bench, CardKind.PACKAGE), reason=reason, job_id=OTHER_JOB)


ISSUE: Table = {
    "packages of an order": (lambda b: issue(ready(b), CardKind.PACKAGE, *doors(b)), "ok: labels_made"),
    "packages that have theirs": (lambda b: issue(packages(b), CardKind.PACKAGE, *doors(b)), "already"),
    "of an unknown door": (
        lambda b: issue(b, CardKind.PACKAGE, NOBODY_KNOWN),
        "rejected order_unknown: reload",
    ),
    "a station's card": (lambda b: issue(b, CardKind.STATION, station(b)), "ok: labels_made"),
    "of an unknown station": (
        lambda b: issue(b, CardKind.STATION, NOBODY_KNOWN),
        "rejected station_unknown: reload",
    ),
    "a badge": (lambda b: issue(b, CardKind.WORKER, b.factory.people["张伟"].id), "ok: labels_made"),
    "of nobody": (lambda b: issue(b, CardKind.WORKER, NOBODY_KNOWN), "rejected person_unknown: reload"),
    "a location": (lambda b: issue(b, CardKind.LOCATION, NOBODY_KNOWN), "ok: labels_made"),
    "by somebody on the floor": (
        lambda b: issue(b, CardKind.STATION, station(b), by="张伟"),
        "rejected not_permitted: call_leader",
    ),
}
PRINT: Table = {
    "labels of packages": (lambda b: to_print(packages(b), *codes(b, CardKind.PACKAGE)), "ok: labels_printed"),
    "once more": (lambda b: again(b, ""), "rejected labels_printed: reload"),
    "once more, with a reason": (
        lambda b: again(b, "bad_print"),
        "ok: labels_printed label_reprinted label_reprinted",
    ),
    "a piece's, without its order": (
        lambda b: to_print(ready(b), b.code),
        "rejected label_unknown: reload",
    ),
    "one that there is not": (
        lambda b: to_print(with_printer(b), "P17K3M9QX2RT4WCC"),
        "rejected label_unknown: reload",
    ),
}


@pytest.mark.parametrize("case", ISSUE)
def test_issue_labels(case: str) -> None:
    check(case, ISSUE)


@pytest.mark.parametrize("case", PRINT)
def test_print_cards(case: str) -> None:
    check(case, PRINT)


def test_a_badge_is_the_code_that_its_person_has_and_somebody_without_one_gets_it() -> None:
    bench = Bench()
    person = bench.factory.people["张伟"]
    bench.has(issue(bench, CardKind.WORKER, person.id))
    (code,) = codes(bench, CardKind.WORKER)
    known = bench.rows.get(Person, person.id)
    assert known is not None
    assert known.badge_code == code


def test_cards_count_what_went_to_a_printer_from_nothing() -> None:
    bench = packages(Bench())
    assert {label.copies for label in bench.rows.all(Label) if label.kind == CardKind.PACKAGE} == {0}
    bench.has(to_print(bench, *codes(bench, CardKind.PACKAGE)))
    assert {label.copies for label in bench.rows.all(Label) if label.kind == CardKind.PACKAGE} == {1}


@pytest.mark.parametrize(
    ("kind", "said"), [(CardKind.WORKER, "not_permitted"), (CardKind.SHIPMENT, "ok"), (CardKind.PACKAGE, "ok")]
)
def test_a_badge_is_more_than_a_clerk_may_print(kind: CardKind, said: str) -> None:
    bench = ready(Bench())
    target = bench.factory.people["张伟"].id if kind is CardKind.WORKER else doors(bench)[0]
    decided = issue(bench, kind, target, by="吴刚")
    assert (decided.code if isinstance(decided, Rejected) else "ok") == said
    if kind is CardKind.WORKER:
        badges = with_printer(bench).has(issue(bench, kind, target))
        printed = to_print(badges, *codes(badges, kind), by="吴刚")
        assert isinstance(printed, Rejected)
        assert printed.code == said
