"""Racks on tablets: put on and worked on without a network, and where two tablets differ there is one truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from mobile.outcome import RackContents, RackNeed, Tone
from mobile.store import outbox
from shared.label_code import CodeKind, make
from shared.schemas.commands import PutRack, ReleaseOrder, RevokeLabel
from shared.schemas.door import Label, Piece
from shared.schemas.production import Strictness
from shared.schemas.rack import Rack
from shared.schemas.sync import VerdictStatus
from tests.simulation.test_two_tablets import mirrored, settle
from tests.simulation.world import Tablet, World, full_disk, run


@dataclass
class Floor:
    """Two racks, some pieces, and two tablets at the same station without a network."""

    world: World
    racks: Sequence[Rack]
    pieces: Sequence[Piece]
    one: Tablet
    two: Tablet

    def code(self, thing: Piece | Rack) -> str:
        return self.world.server.children(Label, thing.id)[0].id

    def bind(self, tablet: Tablet, rack: Rack, *pieces: Piece) -> list[str]:
        self.world.clock.now += 1_000_000
        return [tablet.engine.racks.bind(rack.id, self.code(piece)).code for piece in pieces]

    def shown(self, tablet: Tablet, rack: Rack) -> RackContents:
        found = tablet.engine.racks.contents(rack.id)
        assert found is not None
        return found

    def on(self, tablet: Tablet, rack: Rack) -> set[str]:
        return {item.outcome.piece.piece_id for item in self.shown(tablet, rack).items if item.outcome.piece}

    def on_server(self, rack: Rack) -> set[str]:
        pieces = (self.world.server.piece(piece.id) for piece in self.pieces)
        return {piece.id for piece in pieces if piece.rack_id == rack.id}

    def settle(self) -> None:
        settle(self.world)
        for rack in self.racks:
            assert self.on(self.one, rack) == self.on(self.two, rack) == self.on_server(rack)
        assert mirrored(self.one) == mirrored(self.two)


@pytest.fixture
def floor(world: World) -> Floor:
    server = world.server
    new_id, site_id = server.factory.mint.new_id, server.factory.site.id
    racks = [Rack(id=new_id(), site_id=site_id, code=f"R-0{number}", name="油漆车间") for number in (1, 2)]
    for rack in racks:
        assert server.office(PutRack(rack=rack)).status is VerdictStatus.OK
    pieces = server.released(quantity=3)
    one, two = world.tablet(), world.tablet()
    one.work_at("CUT", "张伟")
    two.work_at("CUT", "李强")
    for tablet in (one, two):
        run(tablet.engine.sync_once())
        tablet.platform.network.is_up = False
    return Floor(world, racks, pieces, one, two)


def ids(pieces: Sequence[Piece]) -> set[str]:
    return {piece.id for piece in pieces}


def test_a_racks_code_shows_what_is_on_it_at_once_and_without_a_network(floor: Floor) -> None:
    rack, (first, second, *_) = floor.racks[0], floor.pieces
    assert floor.one.engine.racks.named_by(floor.code(rack)) == rack.id
    assert floor.bind(floor.one, rack, first, second, first) == ["bound", "bound", "bound_already"]
    assert floor.on(floor.one, rack) == {first.id, second.id}
    assert floor.shown(floor.one, rack).count(RackNeed.DUE) == 2
    floor.one.restart()
    floor.one.sign_in("张伟")
    assert floor.on(floor.one, rack) == {first.id, second.id}
    floor.settle()
    assert floor.on_server(rack) == {first.id, second.id}


def test_work_on_a_rack_is_a_command_a_piece_and_the_answer_adds_up(floor: Floor) -> None:
    rack, (done, *others) = floor.racks[0], floor.pieces[:4]
    floor.bind(floor.one, rack, done, *others)
    assert floor.one.engine.on_code(floor.code(done)).tone is Tone.OK
    report = floor.one.engine.racks.work_on_all(rack.id)
    assert [(outcome.code, outcome.is_recorded) for outcome in report.outcomes] == [("completed", True)] * 3
    shown = floor.shown(floor.one, rack)
    assert (shown.count(RackNeed.DUE), shown.count(RackNeed.DONE)) == (0, 4)
    assert floor.one.engine.racks.work_on_all(rack.id).outcomes == ()  # the button pressed twice
    floor.settle()
    for piece in (done, *others):
        kinds = [event.kind for event in floor.world.server.events(piece.id)]
        assert kinds.count("operation_completed") == 1
        assert "operation_repeated" not in kinds
    assert list(floor.one.engine.verdicts.unseen) == []


def test_a_piece_that_is_not_due_here_is_told_and_nothing_is_reported_of_it(floor: Floor) -> None:
    rack = floor.racks[0]
    floor.bind(floor.one, rack, *floor.pieces[:2])
    for station, need, code in (
        ("FQC", RackNeed.SINGLE, "inspection_due"),
        ("PACK", RackNeed.DUE, "inspection_missing"),
    ):
        floor.one.work_at(station, "张伟")
        (item, _) = floor.shown(floor.one, rack).items
        assert (item.need, item.outcome.code) == (need, code)
    floor.one.work_at("FQC", "张伟")
    assert floor.one.engine.racks.work_on_all(rack.id).outcomes == ()


def test_a_piece_before_its_time_is_kept_once_however_often_the_button_is_pressed(floor: Floor) -> None:
    server, rack = floor.world.server, floor.racks[0]
    server.system(server.factory.strict("PRESS", Strictness.ENFORCE))
    settle(floor.world)
    floor.one.work_at("CUT", "张伟")
    first, second = floor.pieces[:2]
    floor.bind(floor.one, rack, first, second)
    floor.one.engine.on_code(floor.code(first))
    floor.one.work_at("PRESS", "张伟")
    report = floor.one.engine.racks.work_on_all(rack.id)
    assert sorted(outcome.code for outcome in report.outcomes) == ["completed", "earlier_operation_missing"]
    assert report.tone is Tone.WAIT
    assert floor.one.engine.racks.work_on_all(rack.id).outcomes == ()
    floor.settle()
    assert floor.shown(floor.one, rack).count(RackNeed.WAITS) == 1
    assert floor.one.engine.racks.work_on_all(rack.id).outcomes == ()


def test_of_two_tablets_that_move_a_piece_the_later_one_holds_and_the_other_is_told(floor: Floor) -> None:
    piece, (first, second) = floor.pieces[0], floor.racks
    assert floor.bind(floor.one, first, piece) == ["bound"]
    assert floor.bind(floor.two, second, piece) == ["bound"]
    floor.two.platform.network.is_up = True
    run(floor.two.engine.sync_once())
    floor.settle()
    assert (floor.on_server(first), floor.on_server(second)) == (set(), {piece.id})
    (news,) = floor.one.engine.verdicts.unseen
    assert (news.code, news.facts["rack_code"], news.facts["worker_name"]) == ("rack_changed_meanwhile", "R-02", "李强")
    assert list(floor.two.engine.verdicts.unseen) == []


def test_the_same_in_the_other_order_of_arrival_ends_on_the_same_rack(floor: Floor) -> None:
    piece, (first, second) = floor.pieces[0], floor.racks
    floor.bind(floor.one, first, piece)
    floor.bind(floor.two, second, piece)
    floor.one.platform.network.is_up = True
    run(floor.one.engine.sync_once())
    floor.settle()
    assert (floor.on_server(first), floor.on_server(second)) == (set(), {piece.id})


def test_work_on_a_rack_does_not_count_for_a_piece_that_had_left_it_before(floor: Floor) -> None:
    (moved, stays), (first, second) = floor.pieces[:2], floor.racks
    floor.bind(floor.one, first, moved, stays)
    floor.settle()
    for tablet in (floor.one, floor.two):
        tablet.platform.network.is_up = False
    floor.bind(floor.two, second, moved)
    floor.world.clock.now += 1_000_000
    assert [outcome.code for outcome in floor.one.engine.racks.work_on_all(first.id).outcomes] == ["completed"] * 2
    floor.two.platform.network.is_up = True
    run(floor.two.engine.sync_once())
    floor.settle()
    assert [one.number for one in floor.world.server.piece(stays.id).operations] == [10]
    assert floor.world.server.piece(moved.id).operations == []
    (news,) = floor.one.engine.verdicts.unseen
    assert (news.code, news.facts["rack_code"]) == ("not_on_this_rack", "R-02")


def test_work_on_a_rack_counts_for_a_piece_that_left_it_since(floor: Floor) -> None:
    piece, (first, second) = floor.pieces[0], floor.racks
    floor.bind(floor.one, first, piece)
    floor.settle()
    for tablet in (floor.one, floor.two):
        tablet.platform.network.is_up = False
    floor.one.engine.racks.work_on_all(first.id)
    floor.bind(floor.two, second, piece)
    floor.two.platform.network.is_up = True
    run(floor.two.engine.sync_once())
    floor.settle()
    assert [one.number for one in floor.world.server.piece(piece.id).operations] == [10]
    assert floor.on_server(second) == {piece.id}
    assert list(floor.one.engine.verdicts.unseen) == []


def test_pieces_are_taken_off_one_by_one_or_all_at_once(floor: Floor) -> None:
    rack, (first, *others) = floor.racks[0], floor.pieces[:4]
    floor.bind(floor.one, rack, first, *others)
    said = [floor.one.engine.racks.take_off(rack.id, floor.code(first)).code for _ in range(2)]
    assert said == ["taken_off", "off_already"]
    report = floor.one.engine.racks.empty(rack.id)
    assert [outcome.code for outcome in report.outcomes] == ["taken_off"] * 3
    assert floor.on(floor.one, rack) == set()
    floor.settle()
    assert floor.on_server(rack) == set()


def test_a_piece_that_the_tablet_has_not_heard_of_is_bound_by_the_server(floor: Floor) -> None:
    server, rack = floor.world.server, floor.racks[0]
    placed = server.factory.order()
    server.office(placed)
    server.office(ReleaseOrder(order_id=placed.order_id))
    floor.pieces = [*floor.pieces, *server.released()]
    unknown = floor.pieces[-1]
    outcome = floor.one.engine.racks.bind(rack.id, floor.code(unknown))
    assert (outcome.code, outcome.is_recorded) == ("not_known_here", True)
    floor.settle()
    assert floor.on_server(rack) == {unknown.id}
    assert list(floor.one.engine.verdicts.unseen) == []


def test_what_is_no_piece_is_not_put_on_a_rack_and_stays_on_record(floor: Floor) -> None:
    engine, rack = floor.one.engine, floor.racks[0]
    assert engine.racks.bind(rack.id, "https://example.com").code == "foreign"
    assert engine.racks.bind(rack.id, make(CodeKind.LOCATION, 7)).code == "label_not_a_piece"
    assert engine.waiting().effects == 1
    floor.settle()
    assert floor.on_server(rack) == set()


def test_a_racks_revoked_or_unknown_code_shows_no_rack(floor: Floor) -> None:
    engine, rack = floor.one.engine, floor.racks[0]
    old = floor.code(rack)
    unknown = make(CodeKind.RACK, 1)
    assert engine.racks.named_by(unknown) is None
    assert engine.on_code(unknown).code == "not_known_here"
    floor.world.server.office(RevokeLabel(label_code=old, reason="lost"))
    floor.settle()
    assert engine.racks.named_by(old) is None
    assert engine.on_code(old).code == "label_revoked"
    labels = floor.world.server.children(Label, rack.id)
    assert [engine.racks.named_by(label.id) for label in labels if label.id != old] == [rack.id]


def test_on_a_full_disk_nothing_of_a_rack_is_kept_and_that_is_said(floor: Floor) -> None:
    engine, rack = floor.one.engine, floor.racks[0]
    floor.bind(floor.one, rack, *floor.pieces[:2])
    before = len(outbox.latest(engine._store, 100))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    with full_disk(floor.one):
        assert engine.racks.named_by(floor.code(rack)) == rack.id
        assert engine.racks.bind(rack.id, floor.code(floor.pieces[2])).code == "storage_full"
        assert [outcome.code for outcome in engine.racks.work_on_all(rack.id).outcomes] == ["storage_full"]
    assert len(outbox.latest(engine._store, 100)) == before  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def test_a_piece_whose_label_is_not_here_stays_on_a_rack_that_is_emptied(floor: Floor) -> None:
    """A driver's phone has the pieces of its trip, and of some no label."""
    rack, (first, second, *_) = floor.racks[0], floor.pieces
    floor.bind(floor.one, rack, first, second)
    floor.one.platform.network.is_up = True
    run(floor.one.engine.sync_once())
    store = floor.one.engine._store  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    with store.transaction():
        store.execute("DELETE FROM mirror_row WHERE entity = 'label' AND parent = ?", (first.id,))
    floor.one.restart()
    floor.one.sign_in("张伟")
    assert floor.on(floor.one, rack) == {first.id, second.id}
    assert [outcome.code for outcome in floor.one.engine.racks.empty(rack.id).outcomes] == ["taken_off"]
    assert floor.on(floor.one, rack) == {first.id}
