"""A piece without a label, on a real device and server: nobody confirms themself, and nothing is lost offline."""

import pytest

from mobile.candidates import Candidate
from mobile.outcome import SignInStatus, Tone
from mobile.pins import PIN_TRIES_MAX
from shared.schemas.commands import PutMasterData
from shared.schemas.door import Label, Piece
from shared.schemas.people import Person, Role
from shared.schemas.quality import LeaderCall
from tests.simulation.test_two_tablets import settle
from tests.simulation.world import PIN, Tablet, World, run


class Bare:
    """A leaf at the saw whose label is gone, a worker, and the manager as a leader."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.leaf: Piece = world.server.released()[0]
        self.code = world.server.code_of(self.leaf)
        self.tablet: Tablet = world.tablet()
        self.tablet.work_at("CUT", "张伟")
        self.tablet.platform.network.is_up = False

    def person(self, name: str) -> Person:
        return next(person for person in self.tablet.engine.people.workers() if person.name == name)

    def picked(self) -> Candidate:
        return next(one for one in self.tablet.engine.finder.expected() if one.code == self.code)

    def events(self) -> list[str]:
        return [event.kind for event in self.world.server.events(self.leaf.id)]


@pytest.fixture
def bare(world: World) -> Bare:
    return Bare(world)


def test_the_piece_is_scanned_its_copy_counted_and_both_people_are_on_record(bare: Bare) -> None:
    engine, one = bare.tablet.engine, bare.picked()
    assert run(engine.people.check(bare.person("陈静").id, PIN)).status is SignInStatus.OK
    outcome = engine.identify(one.view.piece_id, one.code, bare.person("陈静"))
    assert (outcome.tone, outcome.code, engine.people.worker and engine.people.worker.name) == (
        Tone.OK,
        "completed",
        "张伟",
    )
    bare.tablet.restart()
    settle(bare.world)
    events = {event.kind: event for event in bare.world.server.events(bare.leaf.id)}
    assert events["piece_identified"].detail["confirmed_by"] == bare.person("陈静").id
    assert events["piece_identified"].person_id == bare.person("张伟").id
    assert events["label_reprinted"].person_id == bare.person("陈静").id
    assert bare.events().count("operation_completed") == 1
    label = bare.world.server.get(Label, bare.code)
    assert isinstance(label, Label)
    assert label.copies == 1 + int(str(events["label_reprinted"].detail["copy_number"])) - 1


def test_a_worker_is_no_leader_not_even_for_a_server_that_is_told_so(bare: Bare) -> None:
    assert [person.name for person in bare.tablet.engine.people.leaders()] == ["陈静"]
    bare.tablet.engine.identify(bare.leaf.id, bare.code, bare.person("张伟"))
    settle(bare.world)
    assert "piece_identified" not in bare.events()
    assert "label_reprinted" not in bare.events()
    assert bare.events().count("operation_completed") == 1  # what was scanned has happened all the same


def test_a_leader_who_works_here_confirms_themself(bare: Bare) -> None:
    assert bare.tablet.sign_in("陈静") is SignInStatus.OK
    bare.tablet.engine.identify(bare.leaf.id, bare.code, bare.person("陈静"))
    settle(bare.world)
    assert bare.events().count("piece_identified") == 1


def test_a_leaders_pin_is_tried_as_often_as_for_a_sign_in(bare: Bare) -> None:
    leader = bare.person("陈静").id
    said = [run(bare.tablet.engine.people.check(leader, "0000")).status for _ in range(PIN_TRIES_MAX)]
    assert said == [SignInStatus.WRONG] * (PIN_TRIES_MAX - 1) + [SignInStatus.LOCKED]
    assert bare.tablet.sign_in("陈静") is SignInStatus.LOCKED
    assert bare.tablet.engine.people.worker
    assert bare.tablet.engine.people.worker.name == "张伟"


def test_a_badge_is_a_leaders_or_nobodys(world: World) -> None:
    people = world.server.factory.people
    badges = {name: world.server.factory.mint.new_code("W") for name in ("陈静", "李强")}
    changed = [people[name].model_copy(update={"badge_code": code}) for name, code in badges.items()]
    world.server.system(PutMasterData(people=changed))
    engine = Bare(world).tablet.engine
    assert engine.people.leader_of_badge(badges["李强"]) is None
    found = engine.people.leader_of_badge(badges["陈静"])
    assert found is not None
    assert found.roles == [Role.MANAGER]


@pytest.mark.parametrize("is_known", [True, False])
def test_a_call_waits_for_a_leader_also_across_a_power_cut(bare: Bare, *, is_known: bool) -> None:
    piece_id, code = (bare.leaf.id, bare.code) if is_known else (None, None)
    assert bare.tablet.engine.call_leader("no_label", piece_id, code) is None
    bare.tablet.restart()
    bare.tablet.sign_in("陈静")
    settle(bare.world)
    (waiting,) = bare.tablet.engine.to_decide().calls
    call: LeaderCall = waiting.card.call
    assert (call.code, call.piece_id, waiting.card.caller) == ("no_label", piece_id or "", "张伟")
    assert "没有标签" in waiting.card.said.zh
