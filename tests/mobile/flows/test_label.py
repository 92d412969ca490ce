"""The label of a piece on a tablet: what the server prints for it, copied without the server, counted once it hears."""

import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest

from labels.canvas import open_canvas
from labels.content import PieceLabel
from labels.fonts import LabelFonts
from labels.kinds import marks_of
from labels.pdf import labels_pdf
from labels.reading.verify import find_unread
from labels.rolls import page_of
from labels.svg import Outlines
from labels.templates import LABEL_60X40, LABEL_100X70, ROLL_60X40
from labels.words import CHINESE
from mobile.flows.frame import Frame
from mobile.flows.label import LabelVisit
from mobile.outcome import Tone
from mobile.stage import Stage
from mobile.web.builder.fonts import common_characters, ensure_fonts, write_subset
from shared.label_code import CodeKind, make
from shared.schemas.commands import CancelOrder, PutMasterData, ReleaseOrder, ReprintLabel, RevokeLabel
from shared.schemas.door import Door, Label, LabelState, Piece
from shared.schemas.people import Role
from shared.schemas.printing import LabelSize
from shared.schemas.sync import VerdictStatus
from sync_server.queries.labels import labels_of
from sync_server.queries.orders import view_order
from tests.factory import START_US
from tests.labels.samples import LONG, RARE
from tests.mobile.flows.test_entrance import Page
from tests.simulation.world import Tablet, World, full_disk, run

LEADER, WORKER = "李强", "张伟"


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> LabelFonts:
    paths = ensure_fonts(tmp_path_factory.mktemp("build"), lambda _: None)
    return LabelFonts(paths.regular, paths.semibold)


@pytest.fixture(scope="module")
def first_fonts(fonts: LabelFonts, tmp_path_factory: pytest.TempPathFactory) -> LabelFonts:
    """Those that a browser has first: common characters only."""
    folder = tmp_path_factory.mktemp("fonts")
    common = LabelFonts(folder / "common.ttf", folder / "common-semibold.ttf")
    for source, out in ((fonts.regular, common.regular), (fonts.bold, common.bold)):
        write_subset(source, common_characters(["〓"]), out, folder / "cache")
    return common


@dataclass
class Bench:
    """A leader at a tablet that knows an order's pieces."""

    world: World
    tablet: Tablet
    piece: Piece

    @property
    def code(self) -> str:
        return self.world.server.code_of(self.piece)

    @property
    def recorded(self) -> list[str]:
        """What is on record at this tablet, the newest first."""
        return [one.outcome.code for one in self.tablet.engine.verdicts.recent(5)]

    def open(self, *, is_counted: bool = False) -> LabelVisit:
        """The screen of the piece's label, drawn."""
        engine, platform = self.tablet.engine, self.tablet.platform
        frame = Frame(Stage(cast("Any", Page())), engine, platform, home=self._nothing)
        visit = LabelVisit(frame, engine, platform, self.piece.id, is_counted=is_counted)
        frame.go(visit.paint)
        run(visit.prepare())
        return visit

    def copy(self, visit: LabelVisit, reason: str = "came_off") -> None:
        """The taps for one copy."""
        visit.choose_reason(reason)
        run(visit.make())

    def sync(self) -> None:
        run(self.tablet.engine.sync_once())

    def printed_by_the_server(self) -> PieceLabel:
        order = self.world.server.order_of(self.piece)
        view = self.world.server.database.read(lambda s: view_order(s, order.id, has_customers=False))
        assert view is not None
        return next(label for label in labels_of(view) if label.code == self.code)

    def _nothing(self) -> None:
        return


@pytest.fixture
def bench(world: World, first_fonts: LabelFonts) -> Bench:
    server = world.server
    tablet = world.tablet()
    leader = server.factory.people[LEADER].model_copy(update={"roles": [Role.TEAM_LEADER]})
    server.system(PutMasterData(people=[leader.model_copy(update={"pin": tablet.engine.people.workers()[0].pin})]))
    piece = server.released(2)[1]
    run(tablet.engine.sync_once())
    tablet.work_at("CUT", LEADER)
    tablet.platform.fonts = first_fonts
    return Bench(world, tablet, piece)


def words_of(pdf: bytes, folder: Path) -> list[str]:
    file = folder / "label.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True, text=True).stdout.split()


class TestCopy:
    def test_is_what_the_server_prints_and_is_read_by_both_readers(
        self, bench: Bench, fonts: LabelFonts, tmp_path: Path
    ) -> None:
        bench.tablet.platform.network.is_up = False
        bench.copy(bench.open())
        ((name, pdf),) = bench.tablet.platform.downloads.items()
        assert name == f"label-{bench.code}-2.pdf"
        wanted = replace(bench.printed_by_the_server(), copy_number=2)
        served = labels_pdf([wanted], fonts, wanted.order_number, START_US, ROLL_60X40)
        assert words_of(pdf, tmp_path) == words_of(served, tmp_path)
        assert {"副本", "2", "主卧", "胡桃色", "首道", "开料", wanted.order_number} <= set(words_of(pdf, tmp_path))
        for dpi in (203, 300):
            assert find_unread(pdf, [bench.code], ROLL_60X40, dpi) == []

    def test_of_a_piece_that_has_begun_says_what_its_first_label_said(self, bench: Bench) -> None:
        first = bench.printed_by_the_server()
        bench.tablet.engine.on_code(bench.code)
        held = bench.tablet.engine.label_of(bench.piece.id)
        assert held is not None
        assert held.content == replace(first, copy_number=2)
        bench.sync()
        assert bench.printed_by_the_server() == first

    def test_is_counted_once_when_the_server_hears_of_it(self, bench: Bench) -> None:
        bench.tablet.platform.network.is_up = False
        visit = bench.open()
        bench.copy(visit, "other_side")
        visit.share()  # the same copy once more
        assert bench.recorded == ["label_copied"]
        bench.tablet.restart()
        bench.tablet.sign_in(LEADER)
        held = bench.tablet.engine.label_of(bench.piece.id)
        assert held is not None
        assert held.content.copy_number == 3, "what was copied here counts before the server knows"
        bench.tablet.platform.network.is_up = True
        bench.sync()
        bench.sync()
        (event,) = [e for e in bench.world.server.events(bench.piece.id) if e.kind == "label_reprinted"]
        assert event.detail == {"label_code": bench.code, "copy_number": 2, "reason": "other_side"}
        (label,) = bench.world.server.children(Label, bench.piece.id)
        assert label.copies == 2
        assert bench.tablet.engine.label_of(bench.piece.id) == held
        assert bench.tablet.engine.verdicts.recent(1)[0].outcome.code == "label_copied"
        assert bench.tablet.engine.verdicts.unseen == []

    def test_two_on_one_tablet_bear_two_numbers(self, bench: Bench) -> None:
        for _ in range(2):
            bench.copy(bench.open())
        assert list(bench.tablet.platform.downloads) == [f"label-{bench.code}-{number}.pdf" for number in (2, 3)]

    def test_with_a_rare_name_is_set_in_the_whole_font(self, bench: Bench, fonts: LabelFonts, tmp_path: Path) -> None:
        bench.tablet.platform.whole_fonts = fonts
        server = bench.world.server
        placed = server.factory.order(server.factory.line(room="䶮堃家"))
        for command in (placed, ReleaseOrder(order_id=placed.order_id)):
            assert server.office(command).status is VerdictStatus.OK
        bench.piece = server.children(Piece, server.children(Door, placed.order_id)[0].id)[0]
        bench.sync()
        bench.copy(bench.open())
        (pdf,) = bench.tablet.platform.downloads.values()
        assert "䶮堃家" in words_of(pdf, tmp_path)

    def test_of_a_piece_without_a_label_is_the_one_that_its_leader_let_count(self, bench: Bench) -> None:
        bench.tablet.platform.network.is_up = False
        (leader,) = [person for person in bench.tablet.engine.people.leaders() if person.name == LEADER]
        bench.tablet.sign_in(WORKER)
        bench.tablet.engine.identify(bench.piece.id, bench.code, leader)
        bench.copy(bench.open(is_counted=True), "")
        assert list(bench.tablet.platform.downloads) == [f"label-{bench.code}-2.pdf"]
        bench.tablet.platform.network.is_up = True
        bench.sync()
        (label,) = bench.world.server.children(Label, bench.piece.id)
        assert label.copies == 2

    def test_needs_a_reason(self, bench: Bench) -> None:
        bench.copy(bench.open(), "")
        assert (bench.tablet.platform.downloads, bench.recorded) == ({}, [])

    @pytest.mark.parametrize("size", LabelSize)
    def test_comes_in_every_size(self, bench: Bench, size: LabelSize) -> None:
        visit = bench.open()
        visit.choose_size(size)
        bench.copy(visit)
        (pdf,) = bench.tablet.platform.downloads.values()
        assert find_unread(pdf, [bench.code], page_of(size), 203) == []

    def test_that_finds_no_room_is_not_handed_out(self, bench: Bench) -> None:
        visit = bench.open()
        with full_disk(bench.tablet):
            bench.copy(visit)
        assert bench.tablet.platform.downloads == {}
        assert (bench.tablet.platform.played, bench.recorded) == ([Tone.STOP], [])

    def test_is_no_news_where_the_office_made_one_meanwhile(self, bench: Bench) -> None:
        bench.tablet.platform.network.is_up = False
        bench.copy(bench.open())
        command = ReprintLabel(label_code=bench.code, reason="bad_print")
        assert bench.world.server.office(command).status is VerdictStatus.OK
        bench.tablet.platform.network.is_up = True
        bench.sync()
        (label,) = bench.world.server.children(Label, bench.piece.id)
        assert label.copies == 3
        assert bench.tablet.engine.verdicts.unseen == []


class TestRefused:
    def test_a_worker_sees_the_label_and_makes_no_copy(self, bench: Bench) -> None:
        bench.tablet.sign_in(WORKER)
        held = bench.tablet.engine.label_of(bench.piece.id)
        assert held is not None
        assert (held.may_copy, held.refusal) == (False, "")
        assert held.content == bench.printed_by_the_server()
        bench.copy(bench.open())
        assert bench.tablet.platform.downloads == {}
        refused = bench.tablet.engine.reprint_label(bench.code, "came_off")
        assert (refused.tone, refused.code) == (Tone.STOP, "not_permitted")

    def test_a_label_revoked_while_the_screen_is_up_is_not_copied(self, bench: Bench) -> None:
        visit, before = bench.open(), bench.code
        bench.world.server.office(RevokeLabel(label_code=before, reason="copied"))
        bench.sync()
        bench.copy(visit)
        (name,) = bench.tablet.platform.downloads
        (live,) = [one for one in bench.world.server.children(Label, bench.piece.id) if one.state is LabelState.LIVE]
        assert name == f"label-{live.id}-2.pdf"
        assert live.id != before

    def test_a_copy_of_a_label_that_was_revoked_elsewhere_is_told(self, bench: Bench) -> None:
        bench.tablet.platform.network.is_up = False
        bench.copy(bench.open())
        bench.world.server.office(RevokeLabel(label_code=bench.code, reason="copied"))
        bench.tablet.platform.network.is_up = True
        bench.sync()
        assert [outcome.code for outcome in bench.tablet.engine.verdicts.unseen] == ["label_revoked"]

    def test_a_cancelled_piece_gets_no_label(self, bench: Bench) -> None:
        order = bench.world.server.order_of(bench.piece)
        assert bench.world.server.office(CancelOrder(order_id=order.id, reason="改主意")).status is VerdictStatus.OK
        bench.sync()
        held = bench.tablet.engine.label_of(bench.piece.id)
        assert held is not None
        assert (held.refusal, held.may_copy) == ("piece_cancelled", False)
        bench.copy(bench.open())
        assert bench.tablet.platform.downloads == {}

    def test_what_has_not_arrived_has_no_label(self, bench: Bench) -> None:
        assert bench.tablet.engine.label_of(make(CodeKind.PIECE, 1)) is None

    def test_without_fonts_it_says_so(self, bench: Bench) -> None:
        bench.tablet.platform.fonts = None
        bench.copy(bench.open())
        assert (bench.tablet.platform.downloads, bench.recorded) == ({}, [])


class TestPreview:
    @pytest.mark.parametrize("template", [LABEL_60X40, LABEL_100X70], ids=["60x40", "100x70"])
    @pytest.mark.parametrize("label", [LONG, RARE], ids=["long", "rare"])
    def test_has_the_marks_of_the_pdf(self, fonts: LabelFonts, label: PieceLabel, template: Any) -> None:
        outlines = Outlines(fonts)
        drawn = marks_of(label, template, CHINESE, outlines.widths.measure)
        with open_canvas(fonts, "", START_US) as canvas:
            assert drawn == marks_of(label, template, CHINESE, canvas.measure)
