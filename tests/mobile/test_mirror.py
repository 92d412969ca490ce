"""Rows of the mirror as the rules see them."""

from pathlib import Path

from mobile.store.database import open_database
from mobile.store.mirror import MirrorRows
from shared.schemas.entities import parent_of
from shared.schemas.production import WorkCenter

SITE = "00000000-0000-7000-8000-000000000000"


def test_two_scopes_give_the_newest_revision_once_and_children_in_order(tmp_path: Path) -> None:
    connection = open_database(str(tmp_path / "mumen.db"))
    first, second = SITE[:-1] + "1", SITE[:-1] + "2"
    old = WorkCenter(id=first, rev=1, site_id=SITE, code="A", name="old")
    new = WorkCenter(id=first, rev=2, site_id=SITE, code="A", name="new")
    other = WorkCenter(id=second, rev=1, site_id=SITE, code="B", name="other")
    for scope, row in (("catalog", other), ("catalog", new), ("floor:S", old)):
        connection.execute(
            "INSERT INTO mirror_row VALUES (?, 'work_center', ?, ?, ?, 'h', ?)",
            (scope, row.id, row.rev, parent_of(row), row.model_dump_json()),
        )
    rows = MirrorRows(connection)
    assert rows.get(WorkCenter, first) == new
    assert rows.children(WorkCenter, SITE) == [new, other]
    connection.close()
