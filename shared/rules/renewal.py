"""Which label counts in place of one that was revoked."""

from shared.rules.facts import RowSource
from shared.schemas.door import Label, LabelState


def live_label(code: str, rows: RowSource) -> Label | None:
    """The label of this code where it is live, else the live one that came in its place, however often that happened.

    None where it is not known here.
    """
    passed: set[str] = set()
    label = rows.get(Label, code)
    while label is not None and label.state is not LabelState.LIVE and label.id not in passed:
        passed.add(label.id)
        label = rows.get(Label, label.replaced_by) if label.replaced_by else None
    return label if label is not None and label.state is LabelState.LIVE else None
