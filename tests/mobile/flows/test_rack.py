"""A rack's code at a tablet: what is on it is asked for once, and shown as it stands."""

from typing import Any, cast

import pytest

from mobile.flows.frame import Frame
from mobile.flows.rack import RackVisit
from mobile.outcome import RackContents
from mobile.stage import Stage
from mobile.work.racks import DeviceRacks
from shared.schemas.commands import BindPiece, PutRack
from shared.schemas.door import Label
from shared.schemas.rack import Rack
from shared.schemas.sync import VerdictStatus
from tests.mobile.flows.test_entrance import Page
from tests.simulation.world import World, run


@pytest.mark.parametrize("pieces", [0, 2])
def test_the_scan_of_a_rack_asks_once_what_is_on_it(world: World, monkeypatch: pytest.MonkeyPatch, pieces: int) -> None:
    server, tablet = world.server, world.tablet()
    rack = Rack(id=server.factory.mint.new_id(), site_id=server.factory.site.id, code="R-07")
    assert server.office(PutRack(rack=rack)).status is VerdictStatus.OK
    for piece in server.released(2)[:pieces]:
        bound = server.office(BindPiece(label_code=server.code_of(piece), rack_id=rack.id))
        assert bound.status is VerdictStatus.OK
    run(tablet.engine.sync_once())
    tablet.work_at("CUT", "张伟")
    (label,) = server.children(Label, rack.id)
    asked: list[int] = []
    contents = DeviceRacks.contents

    def counted(racks: DeviceRacks, rack_id: str) -> RackContents | None:
        found = contents(racks, rack_id)
        asked.append(len(found.items) if found else -1)
        return found

    monkeypatch.setattr(DeviceRacks, "contents", counted)
    frame = Frame(Stage(cast("Any", Page())), tablet.engine, tablet.platform, home=lambda: None)
    visit = RackVisit(frame, tablet.engine)
    for scans in (1, 2):
        assert visit.takes(label.id)
        assert asked == [pieces] * scans
    frame.paint()
    assert asked == [pieces] * 3, "painted anew, it is asked for anew"
