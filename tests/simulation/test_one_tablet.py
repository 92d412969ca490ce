"""One tablet from its enrolment to the server's last verdict, with the plug pulled in between."""

import base64
import json
from dataclasses import replace

import pytest

from mobile.outcome import SignIn, SignInStatus, Tone
from mobile.pins import PIN_LOCK_US, PIN_TRIES_MAX
from mobile.platform import HttpAnswer
from mobile.sentences import next_station
from shared.label_code import CodeKind, make
from shared.rules.scan import AskForResult
from shared.schemas.commands import CancelOrder, InspectionOutcome, RevokeLabel
from shared.schemas.door import Label, LabelState, Piece
from shared.schemas.production import Strictness
from shared.schemas.sync import PUSH_PATH
from tests.simulation.world import Tablet, World, full_disk, run


class TestEnrol:
    def test_brings_stations_and_workers(self, world: World) -> None:
        engine = world.tablet().engine
        assert [station.code for station in engine.stations()] == ["S-CUT", "S-FQC", "S-PACK", "S-PRESS"]
        assert [worker.name for worker in engine.people.workers()] == ["张伟", "李强", "周敏", "陈静"]
        assert (engine.device_name, engine.site and engine.site.name) == ("开料平板", "东区工厂")

    def test_says_why_it_did_not_work(self, world: World) -> None:
        tablet = world.tablet(is_enrolled=False)
        code = world.invite()
        assert run(tablet.engine.enrol(code[:-1])) == "mistyped"
        assert run(tablet.engine.enrol(world.server.code_of(world.server.released()[0]))) == "door_label"
        assert run(tablet.engine.enrol(make(CodeKind.WORKER, 1))) == "other_label"
        assert run(tablet.engine.enrol(make(CodeKind.ENROLMENT, 1))) == "enrolment_unknown"
        world.clock.now += 601_000_000
        assert run(tablet.engine.enrol(code)) == "enrolment_expired"
        tablet.platform.network.is_up = False
        assert run(tablet.engine.enrol(world.invite())) == "offline"
        assert not tablet.engine.is_enrolled

    def test_a_used_code_is_told_from_an_unknown_one(self, world: World) -> None:
        first, second, code = world.tablet(is_enrolled=False), world.tablet(is_enrolled=False), world.invite()
        assert run(first.engine.enrol(code)) is None
        assert run(second.engine.enrol(code)) == "enrolment_used"

    def test_a_guest_networks_page_is_not_taken_for_the_server(self, world: World) -> None:
        tablet = world.tablet(is_enrolled=False)
        network = tablet.platform.network

        def welcome(method: str, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
            del method, url, body, headers
            return HttpAnswer(200, b"<html>Welcome</html>")

        network.__dict__["request"] = welcome
        assert run(tablet.engine.enrol(world.invite())) == "offline"

    def test_a_lost_answer_does_not_cost_the_code(self, world: World) -> None:
        tablet, code = world.tablet(is_enrolled=False), world.invite()
        network = tablet.platform.network
        send = network.request

        def lose(method: str, url: str, body: bytes, headers: dict[str, str]) -> object:
            send(method, url, body, headers)
            network.is_up = False
            return send(method, url, body, headers)

        network.__dict__["request"] = lose
        assert run(tablet.engine.enrol(code)) == "offline"
        network.__dict__.pop("request")
        network.is_up = True
        assert run(tablet.engine.enrol(code)) is None
        assert tablet.engine.is_enrolled


class TestSignIn:
    def test_locks_a_person_and_nobody_else_also_across_a_restart(self, world: World) -> None:
        tablet = world.tablet()
        tries = [tablet.sign_in("张伟", "0000") for _ in range(PIN_TRIES_MAX)]
        assert tries == [SignInStatus.WRONG] * (PIN_TRIES_MAX - 1) + [SignInStatus.LOCKED]
        assert tablet.sign_in("李强") is SignInStatus.OK
        tablet.restart()
        locks = {person.name: tablet.engine.people.lock_of(person.id) for person in tablet.engine.people.workers()}
        locked = SignIn(SignInStatus.LOCKED, 0, world.clock.now + PIN_LOCK_US)
        assert locks == {"张伟": locked, "李强": None, "周敏": None, "陈静": None}
        assert tablet.sign_in("张伟") is SignInStatus.LOCKED
        world.clock.now += PIN_LOCK_US + 1
        assert tablet.sign_in("张伟") is SignInStatus.OK

    def test_forgets_wrong_tries_after_a_right_one(self, world: World) -> None:
        tablet = world.tablet()
        for _ in range(3):
            assert [tablet.sign_in("张伟", "1") for _ in range(3)] == [SignInStatus.WRONG] * 3
            assert tablet.sign_in("张伟") is SignInStatus.OK


class TestScan:
    def test_one_door_from_the_enrolment_to_the_verdict(self, world: World) -> None:
        leaf = world.server.released()[0]
        code = world.server.code_of(leaf)
        tablet = world.tablet()
        tablet.work_at("CUT", "张伟")
        tablet.platform.network.is_up = False
        tablet.restart()
        assert not run(tablet.engine.sync_once())
        assert not tablet.engine.sync_state.is_online
        assert tablet.sign_in("张伟") is SignInStatus.OK

        first = tablet.engine.on_code(code)
        assert (first.tone, first.code, first.is_recorded, first.is_synced) == (Tone.OK, "completed", True, False)
        assert first.piece
        assert (first.piece.room, first.piece.size_text) == ("主卧", "2050 × 800 × 40")
        assert (first.next_operation_name, first.next_station_code) == ("压贴", "S-PRESS")
        world.clock.now += 1_000_000
        again = tablet.engine.on_code(f" {code[:4].lower()}-{code[4:].lower().replace('0', 'o')}")
        assert (again.tone, again.code, again.facts["worker_name"]) == (Tone.REPEAT, "already", "张伟")
        assert (tablet.engine.waiting().effects, tablet.engine.waiting().repeats) == (1, 1)
        wrong = tablet.engine.on_code(code[:-1] + ("0" if code[-1] != "0" else "1"))
        assert (wrong.tone, wrong.code, wrong.is_recorded) == (Tone.STOP, "wrong_check", False)
        assert tablet.engine.waiting().effects == 1

        tablet.restart()
        assert [r.outcome.code for r in tablet.engine.verdicts.recent(5)] == ["already", "completed"]
        tablet.platform.network.is_up = True
        world.clock.now += 60_000_000
        assert run(tablet.engine.sync_once())
        assert tablet.engine.waiting().effects == tablet.engine.waiting().repeats == 0
        assert all(entry.outcome.is_synced for entry in tablet.engine.verdicts.recent(5))
        assert tablet.engine.verdicts.unseen == []
        completed = [e for e in world.server.events(leaf.id) if e.kind == "operation_completed"]
        assert [(e.was_offline, e.record_time_us - e.event_time_us) for e in completed] == [(True, 61_000_000)]

    def test_another_systems_code_and_a_torn_one_become_no_command(self, world: World) -> None:
        tablet = world.tablet()
        tablet.work_at("CUT", "张伟")
        code = world.server.code_of(world.server.released()[0])
        seen = [tablet.engine.on_code(text).code for text in ("https://weixin.qq.com/r/abc", "6901234567892", code[:9])]
        assert seen == ["foreign", "foreign", "damaged"]
        assert tablet.engine.waiting().effects == 0

    def test_a_label_released_since_is_recorded_and_gets_its_verdict_later(self, world: World) -> None:
        tablet = world.tablet()
        tablet.work_at("CUT", "张伟")
        leaf = world.server.released()[0]
        shown = tablet.engine.on_code(world.server.code_of(leaf))
        assert (shown.tone, shown.code, shown.is_recorded) == (Tone.WAIT, "not_known_here", True)
        run(tablet.engine.sync_once())
        (verdict,) = tablet.engine.verdicts.unseen
        assert (verdict.tone, verdict.code) == (Tone.STOP, "not_at_this_station")
        tablet.engine.verdicts.acknowledge()
        assert tablet.engine.verdicts.unseen == []

    @pytest.mark.parametrize("kind", [CodeKind.ENROLMENT, CodeKind.ORDER, CodeKind.WORKER])
    def test_a_code_of_another_kind_is_refused_in_the_same_words_everywhere(self, world: World, kind: CodeKind) -> None:
        tablet = world.tablet()
        tablet.work_at("CUT", "张伟")
        shown = tablet.engine.on_code(make(kind, 1))
        assert (shown.tone, shown.code, shown.is_recorded) == (Tone.STOP, "label_not_a_piece", True)
        assert shown.next_steps == ("scan_again",)
        for is_synced in (False, True):
            (listed,) = tablet.engine.verdicts.recent(1)
            assert listed.outcome == replace(shown, is_synced=is_synced)
            assert tablet.engine.verdicts.unseen == []
            run(tablet.engine.sync_once())
        assert tablet.engine.waiting().effects == 0

    def test_the_label_of_a_cancelled_piece_is_refused(self, world: World) -> None:
        leaf = world.server.released()[0]
        code = world.server.code_of(leaf)
        world.server.office(CancelOrder(order_id=world.server.order_of(leaf).id))
        tablet = world.tablet()
        tablet.work_at("CUT", "张伟")
        assert tablet.engine.on_code(code).code in {"piece_cancelled", "label_revoked"}
        assert tablet.engine.on_code(code).tone is Tone.STOP

    def test_a_revoked_label_names_the_one_that_counts_by_now(self, world: World) -> None:
        leaf = world.server.released()[0]
        first = world.server.code_of(leaf)
        world.server.office(RevokeLabel(label_code=first, reason="lost"))
        revoked_us = world.server.factory.clock.now
        second = live_code(world, leaf)
        tablet = world.tablet()
        tablet.work_at("CUT", "张伟")
        shown = tablet.engine.on_code(first)
        assert (shown.tone, shown.code, shown.next_steps) == (
            Tone.STOP,
            "label_revoked",
            ("use_new_label", "call_leader"),
        )
        assert (shown.facts["new_label_code"], shown.about_us) == (second, revoked_us)
        assert shown.piece is not None
        world.server.office(RevokeLabel(label_code=second, reason="lost"))
        run(tablet.engine.sync_once())
        assert tablet.engine.on_code(first).facts["new_label_code"] == live_code(world, leaf)

    def test_a_wrong_stage_names_the_station_to_go_to(self, world: World) -> None:
        tablet = world.tablet()
        leaf = world.server.released()[0]
        run(tablet.engine.sync_once())
        world.server.system(world.server.factory.strict("PRESS", Strictness.ENFORCE))
        run(tablet.engine.sync_once())
        tablet.work_at("PRESS", "张伟")
        held = tablet.engine.on_code(world.server.code_of(leaf))
        assert (held.tone, held.code) == (Tone.WAIT, "earlier_operation_missing")
        assert held.facts["missing_names"] == ["开料"]
        assert (held.is_misplaced, held.next_operation_name, held.next_station_code) == (True, "开料", "S-CUT")
        assert next_station(held) == ("该去：开料 S-CUT", "Belongs at: 开料 S-CUT")
        run(tablet.engine.sync_once())
        (booked,) = tablet.engine.verdicts.recent(1)
        assert booked.outcome.is_synced
        assert next_station(booked.outcome) == next_station(held)

    def test_an_inspection_is_asked_for_and_a_fail_holds_the_piece(self, world: World) -> None:
        tablet = world.tablet()
        leaf = world.server.released()[0]
        code = world.server.code_of(leaf)
        run(tablet.engine.sync_once())
        for station in ("CUT", "PRESS"):
            tablet.work_at(station, "张伟")
            assert tablet.engine.on_code(code).tone is Tone.OK
        tablet.work_at("FQC", "张伟")
        assert tablet.engine.on_code(code).code == "not_permitted"
        tablet.work_at("FQC", "周敏")
        asked = tablet.engine.on_code(code)
        assert isinstance(asked.ask, AskForResult)
        failed = tablet.engine.answer_inspection(asked.ask, InspectionOutcome.FAIL, "scratched")
        assert (failed.tone, failed.code, failed.facts["reason"]) == (Tone.STOP, "failed", "划伤")
        assert failed.next_steps == ("put_aside", "call_leader")
        run(tablet.engine.sync_once())
        assert [hold.reason for hold in world.server.piece(leaf.id).holds] == ["划伤"]
        tablet.work_at("PACK", "张伟")
        assert tablet.engine.on_code(code).code == "piece_on_hold"

    def test_nobody_signed_in_is_told_so(self, world: World) -> None:
        tablet = world.tablet()
        assert tablet.engine.on_code(world.server.code_of(world.server.released()[0])).code == "nobody_signed_in"

    def test_a_full_disk_is_said_and_nothing_pretends_to_be_recorded(self, world: World) -> None:
        tablet = world.tablet()
        codes = [world.server.code_of(piece) for piece in world.server.released(quantity=40)]
        run(tablet.engine.sync_once())
        tablet.work_at("CUT", "张伟")
        connection = tablet.engine._store.connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        outcomes = [tablet.engine.on_code(code) for code in codes]
        full = [outcome for outcome in outcomes if outcome.code == "storage_full"]
        assert full
        assert not any(outcome.is_recorded for outcome in full)
        kept = sum(outcome.is_recorded for outcome in outcomes)
        connection.exec_driver_sql(f"PRAGMA max_page_count = {2 * pages}")
        assert tablet.engine.waiting().effects == kept
        assert tablet.engine.on_code(codes[-1]).is_recorded

    def test_a_pin_on_a_full_disk_is_answered(self, world: World) -> None:
        tablet = world.tablet()
        connection = tablet.engine._store.connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        connection.exec_driver_sql("PRAGMA query_only = ON")
        assert tablet.sign_in("张伟") is SignInStatus.STORAGE_FULL
        connection.exec_driver_sql("PRAGMA query_only = OFF")
        assert tablet.sign_in("张伟") is SignInStatus.OK


class TestFullDisk:
    def test_an_enrolment_says_so_and_the_same_code_works_once_there_is_room(self, world: World) -> None:
        tablet, code = world.tablet(is_enrolled=False), world.invite()
        with full_disk(tablet):
            assert run(tablet.engine.enrol(code)) == "storage_full"
        assert not tablet.engine.is_enrolled
        assert run(tablet.engine.enrol(code)) is None

    def test_an_enrolment_that_the_server_knows_already_is_not_lost_either(self, world: World) -> None:
        tablet, code = world.tablet(is_enrolled=False), world.invite()
        network = tablet.platform.network
        send, full = network.request, full_disk(tablet)

        def fill_up(method: str, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
            answer = send(method, url, body, headers)
            full.__enter__()
            return answer

        network.__dict__["request"] = fill_up
        assert run(tablet.engine.enrol(code)) == "storage_full"
        full.__exit__(None, None, None)
        network.__dict__.pop("request")
        assert run(tablet.engine.enrol(code)) is None

    def test_a_station_that_cannot_be_kept_is_not_taken(self, world: World) -> None:
        tablet = world.tablet()
        first, second, *_ = tablet.engine.stations()
        assert tablet.engine.pick_station(first.id) is None
        with full_disk(tablet):
            assert tablet.engine.pick_station(second.id) == "storage_full"
        assert tablet.engine.station == first

    def test_news_that_somebody_has_read_stay_until_that_is_kept(self, world: World) -> None:
        tablet = world.tablet()
        tablet.work_at("CUT", "张伟")
        tablet.engine.on_code(make(CodeKind.PIECE, 1))
        run(tablet.engine.sync_once())
        with full_disk(tablet):
            assert tablet.engine.verdicts.acknowledge() == "storage_full"
        assert len(tablet.engine.verdicts.unseen) == 1
        assert tablet.engine.verdicts.acknowledge() is None
        assert tablet.engine.verdicts.unseen == []

    def test_a_round_says_so_and_the_next_one_makes_up_for_it(self, world: World) -> None:
        tablet = world.tablet()
        leaf = world.server.released()[0]
        code = world.server.code_of(leaf)
        run(tablet.engine.sync_once())
        tablet.work_at("CUT", "张伟")
        tablet.engine.on_code(code)
        with full_disk(tablet):
            assert not run(tablet.engine.sync_once())
            assert tablet.engine.sync_state.problem == "storage_full"
            assert tablet.engine.waiting().effects == 1
        world.server.released(quantity=2)
        assert run(tablet.engine.sync_once())
        assert (tablet.engine.sync_state.problem, tablet.engine.waiting().effects) == (None, 0)
        assert len(world.server.piece(leaf.id).operations) == 1

    def test_english_counts_until_the_next_start(self, world: World) -> None:
        tablet = world.tablet()
        with full_disk(tablet):
            tablet.engine.set_english(is_on=True)
        assert tablet.engine.has_english
        tablet.restart()
        assert not tablet.engine.has_english


class TestEnglish:
    def test_is_off_until_somebody_asks_for_it_and_then_outlives_a_restart(self, world: World) -> None:
        tablet = world.tablet(is_enrolled=False)
        assert not tablet.engine.has_english
        for is_on in (True, False):
            tablet.engine.set_english(is_on=is_on)
            tablet.restart()
            assert tablet.engine.has_english is is_on


class TestWasOffline:
    """What a scan says about the network: the last attempt counts; before the first, what the device itself knows."""

    @pytest.mark.parametrize("has_cable", [True, False])
    def test_before_the_first_attempt_the_network_card_counts(self, world: World, *, has_cable: bool) -> None:
        leaf, tablet = world.server.released()[0], world.tablet()
        tablet.work_at("CUT", "张伟")
        tablet.restart()
        assert tablet.engine.sync_state.is_online is None
        assert tablet.sign_in("张伟") is SignInStatus.OK
        tablet.platform.network.has_cable = has_cable
        assert self._booked_as_offline(world, tablet, leaf) is not has_cable

    @pytest.mark.parametrize("is_up", [True, False])
    def test_then_the_last_attempt_counts_whatever_the_network_card_says(self, world: World, *, is_up: bool) -> None:
        leaf, tablet = world.server.released()[0], world.tablet()
        tablet.work_at("CUT", "张伟")
        tablet.platform.network.has_cable = not is_up
        tablet.platform.network.is_up = is_up
        run(tablet.engine.sync_once())
        assert tablet.engine.sync_state.is_online is is_up
        assert self._booked_as_offline(world, tablet, leaf) is not is_up

    def _booked_as_offline(self, world: World, tablet: Tablet, leaf: Piece) -> bool:
        tablet.engine.on_code(world.server.code_of(leaf))
        tablet.platform.network.is_up = True
        run(tablet.engine.sync_once())
        assert tablet.engine.waiting().effects == 0
        (event,) = [e for e in world.server.events(leaf.id) if e.kind == "operation_completed"]
        return event.was_offline


class TestExport:
    def test_the_unsent_outbox_is_signed_pushes(self, world: World) -> None:
        pieces = world.server.released(quantity=3)
        tablet = world.tablet()
        tablet.work_at("CUT", "张伟")
        tablet.platform.network.is_up = False
        for piece in pieces:
            tablet.engine.on_code(world.server.code_of(piece))
        exported = run(tablet.engine.export_outbox())
        document = json.loads(exported.content)
        assert exported.name.startswith("mumen-outbox-")
        assert exported.count == 1 + len(pieces)
        (request,) = document["requests"]
        answer = world.client.post(PUSH_PATH, content=base64.b64decode(request["body"]), headers=request["headers"])
        statuses = [verdict["status"] for verdict in answer.json()["verdicts"]]
        assert statuses == ["ok"] * (1 + len(pieces))  # the station that it stands at comes before the scans
        tablet.platform.network.is_up = True
        run(tablet.engine.sync_once())
        assert tablet.engine.waiting().effects == 0
        counted = [len(world.server.piece(piece.id).operations) for piece in pieces]
        assert counted == [1] * len(pieces)


def live_code(world: World, piece: Piece) -> str:
    (live,) = [label.id for label in world.server.children(Label, piece.id) if label.state is LabelState.LIVE]
    return live
