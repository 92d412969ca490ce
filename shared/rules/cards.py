"""Labels of packages, shipments, stations, badges, locations: they get a code when somebody wants to print one.

None of them travels to a device yet. `copies` counts what went to a label printer, from nothing.
"""

from shared.label_code import CodeKind
from shared.rules.decision import Accepted, Change, Context, Decision, EventDraft, EventKind, Flag, Rejected
from shared.rules.facts import Facts
from shared.rules.permissions import Right, may
from shared.rules.refusals import NextStep, RefusalCode
from shared.schemas.commands import CardKind, IssueLabels, PrintLabels
from shared.schemas.door import Door, Label, LabelState
from shared.schemas.entities import Entity
from shared.schemas.people import Person
from shared.schemas.production import Station

RIGHTS = {
    CardKind.PACKAGE: Right.ISSUE_LABELS,
    CardKind.SHIPMENT: Right.SEE_CUSTOMERS,
    CardKind.STATION: Right.ISSUE_LABELS,
    CardKind.WORKER: Right.PUT_MASTER_DATA,
    CardKind.LOCATION: Right.ISSUE_LABELS,
}
"""What somebody needs beside the right to print: a shipment's label says who lives where, a badge who one is."""

_UNKNOWN = {
    CardKind.PACKAGE: RefusalCode.ORDER_UNKNOWN,
    CardKind.SHIPMENT: RefusalCode.ORDER_UNKNOWN,
    CardKind.STATION: RefusalCode.STATION_UNKNOWN,
    CardKind.WORKER: RefusalCode.PERSON_UNKNOWN,
}


def issue_labels(facts: Facts, command: IssueLabels, context: Context) -> Decision:
    """Each of these has one live label afterwards; what had one keeps it. A location is whatever it is stuck on."""
    if not _may(facts, command.kind, context):
        return _not_permitted(facts)
    known = {target.id: target for target in facts.targets}
    have = {label.target_id for label in facts.labels if label.kind == command.kind and label.state is LabelState.LIVE}
    made: list[Entity] = []
    for target_id in dict.fromkeys(command.target_ids):
        target = known.get(target_id)
        if target is None and command.kind is not CardKind.LOCATION:
            return Rejected(_UNKNOWN[command.kind], {"target_id": target_id}, (NextStep.RELOAD,))
        if target_id not in have:
            made += _made(command.kind, target_id, target, facts, context)
    if not made:
        return Accepted(Change(), Flag.ALREADY)
    count = sum(isinstance(row, Label) for row in made)
    event = EventDraft(EventKind.LABELS_MADE, command.target_ids[0], {"labels": count, "kind": command.kind})
    return Accepted(Change(tuple(made), (event,)), facts={"count": count})


def cards_to_print(facts: Facts, command: PrintLabels, context: Context) -> list[Label] | Rejected:
    """These labels in this order, each counted. One that went to a printer before is a copy, with a reason."""
    live = {label.id: label for label in facts.labels if label.state is LabelState.LIVE and label.kind in set(CardKind)}
    missing = next((code for code in command.label_codes if code not in live), None)
    if missing is not None:
        return Rejected(RefusalCode.LABEL_UNKNOWN, {"label_code": missing}, (NextStep.RELOAD,))
    labels = [live[code] for code in dict.fromkeys(command.label_codes)]
    if not all(_may(facts, CardKind(label.kind), context) for label in labels):
        return _not_permitted(facts)
    again = [label for label in labels if label.copies]
    if again and not command.reason:
        return Rejected(RefusalCode.LABELS_PRINTED, {"count": len(again), "of": len(labels)}, (NextStep.RELOAD,))
    return [label.model_copy(update={"copies": label.copies + 1}) for label in labels]


def _made(
    kind: CardKind, target_id: str, target: Door | Person | Station | None, facts: Facts, context: Context
) -> list[Entity]:
    """The new label; a person whose badge had no code yet has it from now on."""
    site_id = (target.site_id if target else None) or (facts.worker.site_id if facts.worker else "")
    badge = target.badge_code if isinstance(target, Person) else None
    label = Label(
        id=badge or context.mint.new_code(CodeKind(kind)), site_id=site_id, kind=kind, target_id=target_id, copies=0
    )
    if isinstance(target, Person) and badge is None:
        return [label, target.model_copy(update={"badge_code": label.id})]
    return [label]


def _may(facts: Facts, kind: CardKind, context: Context) -> bool:
    return context.is_trusted or (facts.worker is not None and may(facts.worker.roles, RIGHTS[kind]))


def _not_permitted(facts: Facts) -> Rejected:
    worker_id = facts.worker.id if facts.worker else None
    return Rejected(RefusalCode.NOT_PERMITTED, {"worker_id": worker_id}, (NextStep.CALL_LEADER,))
