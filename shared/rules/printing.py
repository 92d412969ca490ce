"""What goes to a label printer: which labels, which copy of each, and what people say to a job that is under way."""

from collections.abc import Iterable

from pydantic import JsonValue

from shared.label_code import SELF_TEST_CODE
from shared.rules.cards import cards_to_print
from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Rejected
from shared.rules.facts import Facts
from shared.rules.progress import GONE
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import AnswerPrintDoubt, CancelPrinting, EndPrinting, PrintLabels
from shared.schemas.door import Label, LabelState
from shared.schemas.order import Order, OrderState
from shared.schemas.printing import JOB_LABELS_MAX, DoubtAnswer, Printer, PrintItem, PrintJob


def print_labels(facts: Facts, command: PrintLabels, context: Context) -> Decision:
    """The labels of an order, others by their codes, or one that only tries the printer.

    What was printed before is a copy, with a reason.
    """
    if facts.print_job is not None:
        return Accepted(Change(), Flag.ALREADY)
    printer = facts.printer
    if printer is None or not printer.is_active:
        return printer_unknown(command.printer_id)
    if command.order_id is None and not command.label_codes:
        return _queued(printer, _job(command.job_id, printer, (PrintItem(label_code=SELF_TEST_CODE),), context))
    if command.order_id is None:
        cards = cards_to_print(facts, command, context)
        return cards if isinstance(cards, Rejected) else _cards(command, printer, cards, context)
    order = facts.order
    if order is None:
        return Rejected(RefusalCode.ORDER_UNKNOWN, {"order_id": command.order_id})
    if order.state is OrderState.CANCELLED:
        return Rejected(RefusalCode.ORDER_CANCELLED, {"order_id": order.id})
    labels = _wanted(facts, command.label_codes)
    if isinstance(labels, Rejected):
        return labels
    return _order_labels(facts, command, order, printer, labels, context)


def queue_copy(
    job_id: str, label: Label, order_id: str | None, printer: Printer, context: Context
) -> tuple[PrintJob, EventDraft]:
    """A job for one more copy of this label."""
    item = PrintItem(label_code=label.id, copy_number=label.copies)
    job = _job(job_id, printer, (item,), context, order_id)
    return job, _printed_event(job, printer)


def cancel_printing(facts: Facts, command: CancelPrinting) -> Decision:
    """What has not come out yet stays away; the label that is in the printer may still come."""
    job = facts.print_job
    if job is None:
        return Rejected(RefusalCode.PRINT_JOB_UNKNOWN, {"job_id": command.job_id}, (NextStep.RELOAD,))
    if job.is_cancelled or job.ended_at_us is not None:
        return Accepted(Change(), Flag.ALREADY)
    event = EventDraft(EventKind.PRINTING_CANCELLED, job.order_id or job.id)
    return Accepted(Change((job.model_copy(update={"is_cancelled": True}),), (event,)))


def answer_print_doubt(facts: Facts, command: AnswerPrintDoubt) -> Decision:
    """Somebody looked at the printer: the first answer to a question counts."""
    job = facts.print_job
    if job is None:
        return Rejected(RefusalCode.PRINT_JOB_UNKNOWN, {"job_id": command.job_id}, (NextStep.RELOAD,))
    if job.ended_at_us is not None or len(job.answers) != command.answered_before:
        return Accepted(Change(), Flag.ALREADY)
    answer = DoubtAnswer(number=command.number, has_come_out=command.has_come_out)
    return Accepted(Change((job.model_copy(update={"answers": [*job.answers, answer]}),)))


def end_printing(facts: Facts, command: EndPrinting, context: Context) -> Decision:
    """The spool is done with a job, or has left off for good."""
    job = facts.print_job
    if job is None:
        return Rejected(RefusalCode.PRINT_JOB_UNKNOWN, {"job_id": command.job_id})
    if job.ended_at_us is not None:
        return Accepted(Change(), Flag.ALREADY)
    ended = {"ended_at_us": context.record_time_us, "printed": min(command.printed, len(job.items))}
    return Accepted(Change((job.model_copy(update=ended),)))


def printer_unknown(printer_id: str) -> Rejected:
    """There is no such printer, or it is not used any more."""
    return Rejected(RefusalCode.PRINTER_UNKNOWN, {"printer_id": printer_id}, (NextStep.RELOAD,))


def printed_codes(jobs: Iterable[PrintJob]) -> set[str]:
    """What has come out or is about to: all of a job that is under way, and what came out of one that has ended."""
    return {
        item.label_code for job in jobs for item in (job.items if job.ended_at_us is None else job.items[: job.printed])
    }


def _order_labels(
    facts: Facts, command: PrintLabels, order: Order, printer: Printer, labels: list[Label], context: Context
) -> Decision:
    printed = printed_codes(facts.print_jobs)
    again = [label for label in labels if label.id in printed]
    if again and not command.reason:
        return Rejected(RefusalCode.LABELS_PRINTED, {"count": len(again), "of": len(labels)}, (NextStep.RELOAD,))
    copied = {label.id: label.model_copy(update={"copies": label.copies + 1}) for label in again}
    items = [PrintItem(label_code=label.id, copy_number=max(1, copied.get(label.id, label).copies)) for label in labels]
    job = _job(command.job_id, printer, items, context, order.id)
    events = [_printed_event(job, printer), *(_reprinted(label, command.reason) for label in copied.values())]
    return Accepted(Change((job, *copied.values()), tuple(events)), facts={"count": len(items)})


def _cards(command: PrintLabels, printer: Printer, cards: list[Label], context: Context) -> Decision:
    items = [PrintItem(label_code=card.id, copy_number=card.copies) for card in cards]
    job = _job(command.job_id, printer, items, context)
    events = [_printed_event(job, printer), *(_reprinted(card, command.reason) for card in cards if card.copies > 1)]
    return Accepted(Change((job, *cards), tuple(events)), facts={"count": len(items)})


def _reprinted(label: Label, reason: str) -> EventDraft:
    detail: dict[str, JsonValue] = {"label_code": label.id, "copy_number": label.copies, "reason": reason}
    return EventDraft(EventKind.LABEL_REPRINTED, label.target_id, detail)


def _wanted(facts: Facts, codes: list[str]) -> list[Label] | Rejected:
    """The live labels of what is still made, door by door; only those named, where some are."""
    place = {door.id: door.number for door in facts.doors}
    pieces = sorted(
        (piece for piece in facts.pieces if piece.state not in GONE),
        key=lambda piece: (place[piece.door_id], piece.number),
    )
    live = {label.target_id: label for label in facts.labels if label.state is LabelState.LIVE}
    labels = [live[piece.id] for piece in pieces if piece.id in live]
    missing = sorted(set(codes) - {label.id for label in labels})
    if missing:
        return Rejected(RefusalCode.LABEL_UNKNOWN, {"label_code": missing[0]}, (NextStep.RELOAD,))
    chosen = [label for label in labels if not codes or label.id in codes]
    if not chosen:
        return Rejected(RefusalCode.NOTHING_TO_PRINT, next_steps=(NextStep.RELOAD,))
    if len(chosen) > JOB_LABELS_MAX:
        return Rejected(RefusalCode.TOO_MANY_LABELS, {"count": len(chosen), "most": JOB_LABELS_MAX})
    return chosen


def _job(
    job_id: str, printer: Printer, items: Iterable[PrintItem], context: Context, order_id: str | None = None
) -> PrintJob:
    return PrintJob(
        id=job_id,
        site_id=printer.site_id,
        printer_id=printer.id,
        order_id=order_id,
        items=list(items),
        created_at_us=context.record_time_us,
        created_by=context.worker_id,
    )


def _queued(printer: Printer, job: PrintJob) -> Accepted:
    return Accepted(Change((job,), (_printed_event(job, printer),)))


def _printed_event(job: PrintJob, printer: Printer) -> EventDraft:
    detail = {"job_id": job.id, "printer": printer.name, "count": len(job.items)}
    return EventDraft(EventKind.LABELS_PRINTED, job.order_id or printer.id, detail)
