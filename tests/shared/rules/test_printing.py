"""What goes to a label printer, as tables."""

from unittest.mock import patch

import pytest

from shared.label_code import SELF_TEST_CODE
from shared.rules import printing as rule
from shared.rules.decision import Decision
from shared.rules.printing import printed_codes
from shared.schemas.commands import (
    AnswerPrintDoubt,
    CancelOrder,
    CancelPrinting,
    EndPrinting,
    PrintLabels,
    ReprintLabel,
    RevokeLabel,
)
from shared.schemas.door import Label, LabelState
from shared.schemas.order import Order
from shared.schemas.printing import DoubtAnswer, Printer, PrintItem, PrintJob
from tests.shared.rules.bench import NOBODY_KNOWN, Bench, Table, check
from tests.shared.rules.test_orders import placed, released

PRINTER = "00000000-0000-7000-8000-0000000000e1"
JOB, OTHER_JOB = "00000000-0000-7000-8000-0000000000f1", "00000000-0000-7000-8000-0000000000f2"


def with_printer(bench: Bench, **changed: object) -> Bench:
    printer = Printer(id=PRINTER, site_id=bench.factory.site.id, name="标签机 1", address="192.168.1.50")
    return bench.knows(printer.model_copy(update=changed))


def ready(bench: Bench) -> Bench:
    """A printer, and an order with labels."""
    return with_printer(released(bench, quantity=2))


def codes(bench: Bench) -> list[str]:
    return [label.id for label in bench.rows.all(Label) if label.state is LabelState.LIVE and label.id != bench.code]


def to_print(bench: Bench, *label_codes: str, reason: str = "", job_id: str = JOB) -> PrintLabels:
    order_id = bench.only(Order).id
    return PrintLabels(
        job_id=job_id, printer_id=PRINTER, order_id=order_id, label_codes=list(label_codes), reason=reason
    )


def printing(bench: Bench) -> Bench:
    return ready(bench).has(bench.decide(to_print(bench)))


def again(bench: Bench, reason: str) -> Decision:
    return printing(bench).decide(to_print(bench, reason=reason, job_id=OTHER_JOB))


def ended_after(bench: Bench, count: int) -> Bench:
    return printing(bench).has(bench.decide(EndPrinting(job_id=JOB, printed=count), by=None))


def answer(bench: Bench, before: int, *, by: str = "陈静") -> Decision:
    return bench.decide(AnswerPrintDoubt(job_id=JOB, number=3, answered_before=before, has_come_out=True), by=by)


PRINT: Table = {
    "all of an order": (lambda b: ready(b).decide(to_print(b)), "ok: labels_printed"),
    "some of them": (lambda b: ready(b).decide(to_print(b, codes(b)[0])), "ok: labels_printed"),
    "the same job once more": (lambda b: printing(b).decide(to_print(b)), "already"),
    "what was printed before": (lambda b: again(b, ""), "rejected labels_printed: reload"),
    "what was printed before, with a reason": (
        lambda b: again(b, "bad_print"),
        "ok: labels_printed label_reprinted label_reprinted label_reprinted label_reprinted",
    ),
    "what a job that was cut short has left": (
        lambda b: ended_after(b, 3).decide(to_print(b, b.only(PrintJob).items[3].label_code, job_id=OTHER_JOB)),
        "ok: labels_printed",
    ),
    "what it has not left": (
        lambda b: ended_after(b, 3).decide(to_print(b, b.only(PrintJob).items[2].label_code, job_id=OTHER_JOB)),
        "rejected labels_printed: reload",
    ),
    "another order's": (lambda b: ready(b).decide(to_print(b, b.code)), "rejected label_unknown: reload"),
    "a revoked one": (
        lambda b: (
            ready(b)
            .has(b.decide(RevokeLabel(label_code=(dead := codes(b)[0]), reason="lost")))
            .decide(to_print(b, dead))
        ),
        "rejected label_unknown: reload",
    ),
    "of a draft": (lambda b: with_printer(placed(b)).decide(to_print(b)), "rejected nothing_to_print: reload"),
    "of a cancelled order": (
        lambda b: ready(b).has(b.decide(CancelOrder(order_id=b.only(Order).id))).decide(to_print(b)),
        "rejected order_cancelled: call_leader",
    ),
    "of an unknown order": (
        lambda b: with_printer(b).decide(PrintLabels(job_id=JOB, printer_id=PRINTER, order_id=NOBODY_KNOWN)),
        "rejected order_unknown: call_leader",
    ),
    "more than a job may have": (lambda b: too_many(ready(b)), "rejected too_many_labels: call_leader"),
    "on no printer": (lambda b: released(b).decide(to_print(b)), "rejected printer_unknown: reload"),
    "on one that is not used any more": (
        lambda b: with_printer(released(b), is_active=False).decide(to_print(b)),
        "rejected printer_unknown: reload",
    ),
    "to try a printer": (
        lambda b: with_printer(b).decide(PrintLabels(job_id=JOB, printer_id=PRINTER)),
        "ok: labels_printed",
    ),
    "by somebody who may not": (
        lambda b: ready(b).decide(to_print(b), by="张伟"),
        "rejected not_permitted: call_leader",
    ),
}
COPY: Table = {
    "of a label, on a printer": (
        lambda b: with_printer(b).decide(a_copy(b)),
        "ok: label_reprinted labels_printed",
    ),
    "on no printer": (lambda b: b.decide(a_copy(b)), "rejected printer_unknown: reload"),
}
CANCEL: Table = {
    "a job under way": (
        lambda b: printing(b).decide(CancelPrinting(job_id=JOB)),
        "ok: printing_cancelled",
    ),
    "one that has ended": (lambda b: ended_after(b, 4).decide(CancelPrinting(job_id=JOB)), "already"),
    "an unknown one": (lambda b: b.decide(CancelPrinting(job_id=JOB)), "rejected print_job_unknown: reload"),
}
ANSWER: Table = {
    "the first answer": (lambda b: answer(printing(b), 0), "ok"),
    "a second answer to the same question": (lambda b: answer(printing(b).has(answer(b, 0)), 0), "already"),
    "the answer to the next question": (lambda b: answer(printing(b).has(answer(b, 0)), 1), "ok"),
    "about a job that has ended": (lambda b: answer(ended_after(b, 4), 0), "already"),
    "about an unknown job": (lambda b: answer(b, 0), "rejected print_job_unknown: reload"),
    "by somebody who may not": (lambda b: answer(printing(b), 0, by="张伟"), "rejected not_permitted: call_leader"),
}
END: Table = {
    "by the spool": (lambda b: printing(b).decide(EndPrinting(job_id=JOB, printed=4), by=None), "ok"),
    "twice": (lambda b: ended_after(b, 4).decide(EndPrinting(job_id=JOB, printed=1), by=None), "already"),
    "of an unknown job": (
        lambda b: b.decide(EndPrinting(job_id=JOB, printed=4), by=None),
        "rejected print_job_unknown: call_leader",
    ),
    "by a person": (
        lambda b: printing(b).decide(EndPrinting(job_id=JOB, printed=4)),
        "rejected not_permitted: call_leader",
    ),
}


def a_copy(bench: Bench) -> ReprintLabel:
    return ReprintLabel(label_code=bench.code, reason="came_off", printer_id=PRINTER, job_id=JOB)


def too_many(bench: Bench) -> Decision:
    with patch.object(rule, "JOB_LABELS_MAX", 3):
        return bench.decide(to_print(bench))


@pytest.mark.parametrize("case", PRINT)
def test_printing_is_answered_as_the_table_says(case: str) -> None:
    check(case, PRINT)


@pytest.mark.parametrize("case", COPY)
def test_a_copy_is_answered_as_the_table_says(case: str) -> None:
    check(case, COPY)


@pytest.mark.parametrize("case", CANCEL)
def test_cancelling_is_answered_as_the_table_says(case: str) -> None:
    check(case, CANCEL)


@pytest.mark.parametrize("case", ANSWER)
def test_an_answer_to_a_doubt_is_taken_as_the_table_says(case: str) -> None:
    check(case, ANSWER)


@pytest.mark.parametrize("case", END)
def test_an_end_is_taken_as_the_table_says(case: str) -> None:
    check(case, END)


def test_a_job_holds_the_labels_door_by_door_and_says_which_copy_each_is() -> None:
    bench = printing(Bench())
    job = bench.only(PrintJob)
    assert [item.copy_number for item in job.items] == [1, 1, 1, 1]
    assert sorted(item.label_code for item in job.items) == codes(bench)
    bench.has(bench.decide(to_print(bench, reason="bad_print", job_id=OTHER_JOB)))
    copied = bench.row(PrintJob, OTHER_JOB)
    assert [item.label_code for item in copied.items] == [item.label_code for item in job.items]
    assert [item.copy_number for item in copied.items] == [2, 2, 2, 2]
    assert [bench.row(Label, item.label_code).copies for item in copied.items] == [2, 2, 2, 2]


def test_a_copy_that_is_queued_is_the_one_that_was_counted() -> None:
    bench = with_printer(Bench()).label_is(copies=1)
    bench.has(bench.decide(a_copy(bench)))
    assert bench.only(PrintJob).items == [PrintItem(label_code=bench.code, copy_number=2)]
    assert bench.row(Label, bench.code).copies == 2


def test_a_label_that_tries_a_printer_is_nobodys() -> None:
    bench = with_printer(Bench())
    bench.has(bench.decide(PrintLabels(job_id=JOB, printer_id=PRINTER)))
    assert [item.label_code for item in bench.only(PrintJob).items] == [SELF_TEST_CODE]


def test_answers_and_the_end_are_kept_in_the_job() -> None:
    bench = printing(Bench())
    bench.has(answer(bench, 0))
    bench.has(bench.decide(EndPrinting(job_id=JOB, printed=9), by=None))
    job = bench.only(PrintJob)
    assert job.answers == [DoubtAnswer(number=3, has_come_out=True)]
    assert (job.printed, job.ended_at_us is not None) == (4, True)
    assert printed_codes([job]) == set(codes(bench))
