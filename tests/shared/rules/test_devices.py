"""Letting devices in, binding them and shutting them out, as tables."""

import pytest

from shared.schemas.commands import AssignDevice, BindDevice, EnrolDevice, InviteDevice, ReleaseQuarantine, RevokeDevice
from shared.schemas.people import Device, DeviceState, Enrolment, Person
from shared.schemas.sync import FormerDevice
from tests.factory import START_US
from tests.shared.rules.bench import NOBODY_KNOWN, Bench, Table, check

INVITATION, TABLET, BEFORE = (f"00000000-0000-7000-8000-0000000000{n}" for n in ("a1", "b1", "b2"))


def invite() -> InviteDevice:
    return InviteDevice(
        enrolment_id=INVITATION, site_id=NOBODY_KNOWN, device_name="平板 1", token_hash="0" * 64, expires_at_us=START_US
    )


def invited(bench: Bench, **changed: object) -> Bench:
    fresh = Enrolment(
        id=INVITATION, site_id=bench.factory.site.id, device_name="平板 1", token_hash="0" * 64, expires_at_us=START_US
    )
    return bench.knows(fresh.model_copy(update=changed))


def enrol(*former: str) -> EnrolDevice:
    names = [FormerDevice(device_id=one, incarnation="i-0") for one in former]
    return EnrolDevice(enrolment_id=INVITATION, device_id=TABLET, incarnation="i-1", public_key="key", former=names)


def enrolled(bench: Bench, **changed: object) -> Bench:
    device = Device(
        id=TABLET, site_id=bench.factory.site.id, name="平板 1", incarnation="i-1", public_key="key", enrolled_at_us=1
    )
    return bench.knows(device.model_copy(update=changed))


INVITE: Table = {
    "a new one": (lambda b: b.decide(invite()), "ok: device_invited"),
    "one of an id that was given before": (
        lambda b: invited(b).decide(invite()),
        "rejected enrolment_used: new_code_from_office",
    ),
}

ENROL: Table = {
    "by an invitation": (lambda b: invited(b).decide(enrol(), by=None), "ok: device_enrolled"),
    "by none": (lambda b: b.decide(enrol(), by=None), "rejected enrolment_unknown: new_code_from_office"),
    "by one that is used up": (
        lambda b: invited(b, used_at_us=1).decide(enrol(), by=None),
        "rejected enrolment_used: new_code_from_office",
    ),
    "by one that is too old": (
        lambda b: invited(b, expires_at_us=START_US - 1).decide(enrol(), by=None),
        "rejected enrolment_expired: new_code_from_office",
    ),
    "by a person": (lambda b: invited(b).decide(enrol()), "rejected not_permitted: call_leader"),
}


def bind(bench: Bench, center: str = "CUT") -> BindDevice:
    return BindDevice(station_id=bench.station(center).id)


def assign(bench: Bench, person: str | None) -> AssignDevice:
    return AssignDevice(device_id=TABLET, person_id=bench.person_id(person) if person else None)


BIND: Table = {
    "an unknown device": (
        lambda b: b.decide(bind(b), device_id=TABLET),
        "rejected device_unknown: new_code_from_office",
    ),
    "no device at all": (lambda b: b.decide(bind(b)), "rejected device_unknown: new_code_from_office"),
    "to a station": (lambda b: enrolled(b).decide(bind(b), device_id=TABLET), "ok: device_bound"),
    "to where it stands": (
        lambda b: enrolled(b, station_id=b.station("CUT").id).decide(bind(b), device_id=TABLET),
        "already",
    ),
    "to an unknown station": (
        lambda b: enrolled(b).decide(BindDevice(station_id=NOBODY_KNOWN), device_id=TABLET),
        "rejected station_unknown: call_leader",
    ),
}


def retired(bench: Bench, name: str) -> Bench:
    person = bench.row(Person, bench.person_id(name))
    return bench.knows(person.model_copy(update={"is_active": False}))


ASSIGN: Table = {
    "an unknown device": (lambda b: b.decide(assign(b, "张伟")), "rejected device_unknown: call_leader"),
    "to a person": (lambda b: enrolled(b).decide(assign(b, "张伟")), "ok: device_assigned"),
    "to nobody": (
        lambda b: enrolled(b, person_id=b.person_id("张伟")).decide(assign(b, None)),
        "ok: device_assigned",
    ),
    "to whose it is": (
        lambda b: enrolled(b, person_id=b.person_id("张伟")).decide(assign(b, "张伟")),
        "already",
    ),
    "to an unknown person": (
        lambda b: enrolled(b).decide(AssignDevice(device_id=TABLET, person_id=NOBODY_KNOWN)),
        "rejected person_unknown: reload",
    ),
    "to somebody who has left": (
        lambda b: retired(enrolled(b), "张伟").decide(assign(b, "张伟")),
        "rejected person_unknown: reload",
    ),
    "by the device itself, whoever it says is signed in": (
        lambda b: enrolled(b).decide(assign(b, "张伟"), device_id=TABLET),
        "rejected not_permitted: call_leader",
    ),
}

REVOKE: Table = {
    "an unknown device": (
        lambda b: b.decide(RevokeDevice(device_id=TABLET)),
        "rejected device_unknown: call_leader",
    ),
    "one that is let in": (lambda b: enrolled(b).decide(RevokeDevice(device_id=TABLET)), "ok: device_revoked"),
    "one that is shut out": (
        lambda b: enrolled(b, state=DeviceState.REVOKED).decide(RevokeDevice(device_id=TABLET)),
        "already",
    ),
}

RELEASE: Table = {
    "of an unknown device": (
        lambda b: b.decide(ReleaseQuarantine(device_id=TABLET, incarnation="i-1")),
        "rejected device_unknown: call_leader",
    ),
    "of a known one": (
        lambda b: enrolled(b).decide(ReleaseQuarantine(device_id=TABLET, incarnation="i-1")),
        "ok: quarantine_released",
    ),
}


@pytest.mark.parametrize("case", INVITE)
def test_an_invitation_is_answered_as_the_table_says(case: str) -> None:
    check(case, INVITE)


@pytest.mark.parametrize("case", ASSIGN)
def test_handing_a_device_to_a_person_is_answered_as_the_table_says(case: str) -> None:
    check(case, ASSIGN)


@pytest.mark.parametrize("case", ENROL)
def test_an_enrolment_is_answered_as_the_table_says(case: str) -> None:
    check(case, ENROL)


@pytest.mark.parametrize("case", BIND)
def test_binding_is_answered_as_the_table_says(case: str) -> None:
    check(case, BIND)


@pytest.mark.parametrize("case", REVOKE)
def test_shutting_out_is_answered_as_the_table_says(case: str) -> None:
    check(case, REVOKE)


@pytest.mark.parametrize("case", RELEASE)
def test_vouching_is_answered_as_the_table_says(case: str) -> None:
    check(case, RELEASE)


def test_an_enrolment_uses_the_invitation_up() -> None:
    bench = invited(Bench())
    bench.has(bench.decide(enrol(), by=None))
    used, device = bench.only(Enrolment), bench.only(Device)
    assert (used.used_at_us, used.device_id) == (START_US, TABLET)
    assert (device.id, device.name, device.site_id) == (TABLET, "平板 1", bench.factory.site.id)


def test_an_enrolment_brings_back_who_the_device_was_where_that_is_forgotten() -> None:
    bench = invited(Bench())
    bench.has(bench.decide(enrol(BEFORE), by=None))
    former = bench.row(Device, BEFORE)
    assert (former.incarnation, former.public_key) == ("i-0", "key")


def test_an_enrolment_leaves_a_former_device_that_is_known_as_it_is() -> None:
    bench = enrolled(invited(Bench()), id=BEFORE, state=DeviceState.REVOKED)
    bench.has(bench.decide(enrol(BEFORE), by=None))
    assert bench.row(Device, BEFORE).state is DeviceState.REVOKED


def test_a_drivers_phone_that_picks_a_station_stays_the_drivers() -> None:
    bench = Bench()
    driver = bench.person_id("张伟")
    bench = enrolled(bench, person_id=driver)
    assert bench.has(bench.decide(bind(bench), device_id=TABLET)).only(Device).person_id == driver


def test_shutting_out_keeps_the_device_on_record() -> None:
    bench = enrolled(Bench())
    assert bench.has(bench.decide(RevokeDevice(device_id=TABLET))).only(Device).state is DeviceState.REVOKED
