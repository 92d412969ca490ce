"""What somebody does about a surprising verdict: one answer each, kept, and a call reaches whoever sees to it."""

import pytest

from mobile.outcome import Outcome
from shared.label_code import CodeKind, make
from shared.schemas.commands import VerdictAnswer
from shared.schemas.door import Piece
from shared.schemas.quality import LeaderCall
from sync_server.queries.calls import find_calls
from tests.simulation.world import Tablet, World, full_disk, run

UNKNOWN = make(CodeKind.PIECE, 1)


@pytest.fixture
def leaf(world: World) -> Piece:
    """A leaf that was released when the tablet had no network, and scanned there where it is not made."""
    tablet = world.tablet()
    tablet.work_at("PACK", "张伟")
    leaf = world.server.released()[0]
    tablet.engine.on_code(world.server.code_of(leaf))
    tablet.engine.on_code(UNKNOWN)
    run(tablet.engine.sync_once())
    return leaf


def tablet_of(world: World) -> Tablet:
    return world.tablets[0]


def news(world: World) -> list[Outcome]:
    return list(tablet_of(world).engine.verdicts.unseen)


def answer(world: World, outcome: Outcome, said: VerdictAnswer) -> str | None:
    assert outcome.entry is not None
    return tablet_of(world).engine.verdicts.answer(*outcome.entry, said)


def answers(world: World, subject: str) -> list[str]:
    found = [event for event in world.server.events(subject) if event.kind == "verdict_answered"]
    return [str(event.detail["answer"]) for event in found]


def test_each_verdict_is_answered_by_itself(world: World, leaf: Piece) -> None:
    first, second = news(world)
    assert [first.code, second.code] == ["not_at_this_station", "label_unknown"]
    assert answer(world, second, VerdictAnswer.REDO) is None
    assert news(world) == [first]
    assert answer(world, first, VerdictAnswer.UNDERSTOOD) is None
    assert news(world) == []
    run(tablet_of(world).engine.sync_once())
    assert answers(world, leaf.id) == ["understood"]


def test_a_call_says_who_where_why_and_about_which_piece_also_without_a_network(world: World, leaf: Piece) -> None:
    tablet = tablet_of(world)
    tablet.platform.network.is_up = False
    for outcome in news(world):
        assert answer(world, outcome, VerdictAnswer.CALL_LEADER) is None
    tablet.restart()
    assert news(world) == []
    tablet.platform.network.is_up = True
    run(tablet.engine.sync_once())
    first, second = sorted(world.server.database.read(find_calls), key=lambda card: card.call.key)
    assert (first.piece and first.piece.id, first.said.zh) == (leaf.id, "张伟 叫组长：不在本工位做")
    assert (second.piece, second.call.label_code, second.said.zh) == (None, UNKNOWN, "张伟 叫组长：不认识这张标签")
    assert {card.station and card.station.zh for card in (first, second)} == {"包装"}
    assert answers(world, leaf.id) == ["call_leader"]


def test_an_answer_that_finds_no_room_is_asked_for_again(world: World, leaf: Piece) -> None:
    first, second = news(world)
    with full_disk(tablet_of(world)):
        assert answer(world, first, VerdictAnswer.CALL_LEADER) == "storage_full"
    assert news(world) == [first, second]
    run(tablet_of(world).engine.sync_once())
    assert world.server.children(LeaderCall, leaf.id) == []


@pytest.mark.usefixtures("leaf")
def test_all_can_be_understood_at_once(world: World) -> None:
    assert tablet_of(world).engine.verdicts.acknowledge() is None
    assert news(world) == []
    run(tablet_of(world).engine.sync_once())
    assert world.server.database.read(find_calls) == []
