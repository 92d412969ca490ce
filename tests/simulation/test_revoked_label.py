"""What a tablet scanned by a label that was revoked meanwhile: it does not count, and neither is it lost."""

import pytest

from mobile.outcome import Tone
from mobile.sentences import detail
from shared.schemas.commands import RevokeLabel, VerdictAnswer
from shared.schemas.door import Label, LabelState, Piece
from shared.schemas.production import Strictness
from sync_server.queries.calls import find_calls
from tests.simulation.world import Tablet, World, run

REASON = "贴错了件"


def new_code_of(world: World, leaf: Piece) -> str:
    (live,) = [one for one in world.server.children(Label, leaf.id) if one.state is LabelState.LIVE]
    return live.id


def scanned_then_revoked(world: World) -> tuple[Tablet, Piece, str]:
    """A leaf that was cut without a network and by a label that the office had revoked before the news came."""
    leaf = world.server.released()[0]
    tablet, code = world.tablet(), world.server.code_of(leaf)
    tablet.work_at("CUT", "张伟")
    tablet.platform.network.is_up = False
    assert tablet.engine.on_code(code).tone is Tone.OK
    world.server.office(RevokeLabel(label_code=code, reason=REASON))
    tablet.platform.network.is_up = True
    run(tablet.engine.sync_once())
    return tablet, leaf, code


def test_whoever_scanned_it_is_told_and_asks_for_a_leader_whom_the_office_shows(world: World) -> None:
    tablet, leaf, code = scanned_then_revoked(world)
    (news,) = tablet.engine.verdicts.unseen
    assert (news.code, news.entry is not None) == ("label_revoked", True)
    assert news.entry is not None
    assert tablet.engine.verdicts.answer(*news.entry, VerdictAnswer.CALL_LEADER) is None
    run(tablet.engine.sync_once())
    (card,) = world.server.database.read(find_calls)
    assert (card.piece and card.piece.id, card.caller, card.call.code) == (leaf.id, "张伟", "label_revoked")
    assert card.call.label_code == code


def test_the_new_label_books_it_and_the_old_one_does_not(world: World) -> None:
    tablet, leaf, code = scanned_then_revoked(world)
    assert tablet.engine.on_code(code).code == "label_revoked"
    assert tablet.engine.on_code(new_code_of(world, leaf)).tone is Tone.OK
    run(tablet.engine.sync_once())
    kinds = [event.kind for event in world.server.events(leaf.id)]
    assert kinds.count("operation_completed") == 1


@pytest.mark.parametrize(
    ("strictness", "said"), [(Strictness.WARN, "late"), (Strictness.ENFORCE, "earlier_operation_missing")]
)
def test_where_nobody_does_the_next_station_finds_it_missing(world: World, strictness: Strictness, said: str) -> None:
    world.server.system(world.server.factory.strict("PRESS", strictness))
    _, leaf, _ = scanned_then_revoked(world)
    next_one = world.tablet()
    next_one.work_at("PRESS", "李强")
    outcome = next_one.engine.on_code(new_code_of(world, leaf))
    assert outcome.code == said
    assert "开料" in "".join(sentence.zh for sentence in detail(outcome, ""))
