"""A server that is restored from an older backup: what devices had confirmed since comes again, and counts once."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select
from sqlmodel import col

from mobile.device_engine import DeviceEngine
from mobile.store import identities
from mobile.store.database import Store
from mobile.store.mirror import MirrorRows
from mobile.sync.loop import pull_all
from shared.schemas.commands import RevokeDevice
from shared.schemas.door import Door, Label, Piece
from shared.schemas.identifiers import DAY_US
from shared.schemas.order import Specification
from shared.schemas.sync import VerdictStatus
from sync_server.backup.files import write_backup
from sync_server.backup.read import check_archive
from sync_server.backup.restore import fill, next_epoch
from sync_server.backup.write import archive_pieces
from sync_server.storage.database import Database
from sync_server.storage.meta import ensure_identity
from sync_server.tables import CommandLogRow, DeviceRow, QuarantineRow
from tests.simulation.test_two_tablets import settle
from tests.simulation.world import Network, SimPlatform, Tablet, World, run

KINDS = {Piece: "piece", Door: "door", Label: "label", Specification: "specification"}


def back_up(world: World, out: Path) -> None:
    with world.server.database.snapshot() as session:
        write_backup(out, archive_pieces(session, out.parent / "data", world.clock.now), lambda _: None)


def restore(world: World, database: Database, path: Path) -> None:
    """The world's server runs over this database from now on, filled from the backup."""
    epoch = next_epoch(check_archive(path).server_epoch, world.clock.now)
    fill(database, path, path.parent / "data", epoch, world.clock.now, lambda _table, _done, _total: None)
    world.server.database, world.server.epoch = database, epoch
    world.start_server(database.write(lambda session: ensure_identity(session, b"another secret")).result())


@pytest.fixture
def target(world: World, second_database_url: Callable[[str], str]) -> Iterator[Database]:
    """Where the backup goes: a database of the other kind."""
    with closing(Database(second_database_url("postgres" if world.server.database.is_sqlite else "sqlite"))) as other:
        yield other


def scan(world: World, tablet: Tablet, pieces: list[Piece]) -> None:
    for piece in pieces:
        world.clock.now += 1_000_000
        assert tablet.engine.on_code(world.server.code_of(piece)).is_recorded


def log_of_devices(world: World) -> Counter[tuple[str, str]]:
    """How often each command of a device stands in the server's log."""
    query = select(col(CommandLogRow.origin), col(CommandLogRow.key)).where(col(CommandLogRow.n).is_not(None))
    found = world.server.database.read(lambda session: session.execute(query).all())
    return Counter((origin, key) for origin, key in found)


def effects(world: World, pieces: list[Piece]) -> Counter[tuple[str, str, str]]:
    """Which command did what to which piece, and how often."""
    entries = [entry for piece in pieces for entry in world.server.events(piece.id) if entry.device_id]
    return Counter((entry.subject, entry.kind, f"{entry.origin}/{entry.key}") for entry in entries)


def mirrored(tablet: Tablet) -> dict[tuple[str, str], str]:
    store = tablet.engine._store  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    rows = MirrorRows(store)
    return {(name, row.id): row.model_dump_json() for kind, name in KINDS.items() for row in rows.all(kind)}


def served(world: World) -> dict[tuple[str, str], str]:
    """The rows that the server holds for the floor, as they would stand in a device."""
    page = world.server.page(f"floor:{world.server.factory.site.id}", limit=100_000)
    kinds = {name: kind for kind, name in KINDS.items()}
    found = [row for row in page.rows if row.entity in kinds and row.op == "put"]
    return {(row.entity, row.id): kinds[row.entity].model_validate_json(row.body).model_dump_json() for row in found}


def test_every_confirmed_scan_is_on_the_server_again_exactly_once(
    world: World, target: Database, tmp_path: Path
) -> None:
    pieces = world.server.released(quantity=6)
    one, two = world.tablet(), world.tablet()
    run(one.engine.sync_once())
    run(two.engine.sync_once())
    one.work_at("CUT", "张伟")
    two.work_at("CUT", "李强")
    scan(world, one, pieces[:3])
    scan(world, two, pieces[2:5])
    settle(world)
    back_up(world, tmp_path / "old.zip")

    scan(world, one, pieces[5:9])
    settle(world)
    one.work_at("PRESS", "张伟")
    scan(world, one, pieces[:4])
    scan(world, two, pieces[8:11])
    settle(world)
    confirmed, done = log_of_devices(world), effects(world, pieces)
    two.platform.network.is_up = False
    scan(world, two, pieces[11:])
    assert set(confirmed.values()) == {1}

    world.clock.now += 3_600_000_000
    restore(world, target, tmp_path / "old.zip")
    lost = confirmed - log_of_devices(world)
    assert sum(lost.values()) >= 10

    settle(world)
    assert all(t.engine.waiting().effects == t.engine.waiting().repeats == 0 for t in world.tablets)
    again = log_of_devices(world)
    assert set(again.values()) == {1}
    assert confirmed.keys() <= again.keys()
    assert len(again) == len(confirmed) + len(pieces[11:])
    after = effects(world, pieces)
    assert set(after.values()) == {1}
    assert done.keys() <= after.keys()
    assert mirrored(one) == mirrored(two) == served(world)
    assert len(served(world)) > 20


def test_a_second_restore_of_the_same_backup_is_noticed_too(world: World, target: Database, tmp_path: Path) -> None:
    pieces = world.server.released(quantity=2)
    tablet = world.tablet()
    run(tablet.engine.sync_once())
    tablet.work_at("CUT", "张伟")
    back_up(world, tmp_path / "old.zip")
    scan(world, tablet, pieces)
    settle(world)
    for _ in range(2):
        world.clock.now += 60_000_000
        restore(world, target, tmp_path / "old.zip")
        assert sum(log_of_devices(world).values()) == 0
        settle(world)
        assert len(log_of_devices(world)) >= len(pieces)
        assert set(effects(world, pieces).values()) == {1}
        assert mirrored(tablet) == served(world)


def test_a_device_that_is_out_of_reach_for_weeks_brings_its_part_when_it_comes(
    world: World, target: Database, tmp_path: Path
) -> None:
    pieces = world.server.released(quantity=2)
    one, two = world.tablet(), world.tablet()
    for tablet in (one, two):
        run(tablet.engine.sync_once())
        tablet.work_at("CUT", "张伟")
    back_up(world, tmp_path / "old.zip")
    scan(world, one, pieces[:2])
    scan(world, two, pieces[2:])
    settle(world)
    restore(world, target, tmp_path / "old.zip")
    run(one.engine.sync_once())
    world.clock.now += 30 * DAY_US
    world.tablets = [two]
    settle(world)
    world.tablets = [one, two]
    settle(world)
    done = effects(world, pieces)
    assert {subject for subject, kind, _ in done if kind == "operation_completed"} == {piece.id for piece in pieces}
    assert set(done.values()) == {1}
    last = world.server.database.read(lambda s: s.execute(select(col(DeviceRow.last_n))).scalars().all())
    assert sorted(last) == sorted(count_by_device(world).values())


def test_scans_of_what_the_backup_does_not_know_come_back_to_a_person(
    world: World, target: Database, tmp_path: Path
) -> None:
    tablet = world.tablet()
    run(tablet.engine.sync_once())
    tablet.work_at("CUT", "张伟")
    back_up(world, tmp_path / "old.zip")
    pieces = world.server.released(quantity=2)
    run(tablet.engine.sync_once())
    scan(world, tablet, pieces)
    settle(world)
    assert tablet.engine.verdicts.unseen == []
    world.clock.now += 60_000_000
    restore(world, target, tmp_path / "old.zip")
    settle(world)
    assert len(log_of_devices(world)) >= len(pieces)
    assert len(tablet.engine.verdicts.unseen) == len(pieces)
    assert mirrored(tablet) == served(world) == {}


class Copy(NamedTuple):
    """A copied tablet, with what lies behind it."""

    platform: SimPlatform
    store: Store
    engine: DeviceEngine

    @property
    def tablet(self) -> Tablet:
        return Tablet(self.platform, self.engine)


def copy_of(world: World, tablet: Tablet) -> Copy:
    """Somebody copies the tablet's storage, key and all."""
    path = tablet.platform.path.with_name("copy.db")
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{tablet.platform.path}{suffix}", f"{path}{suffix}")
    network = Network(world.client, world.chance)
    platform = SimPlatform(network, tablet.platform.clock, world.chance, path, key=tablet.platform.key)
    copy = Copy(platform, store := Store(str(path)), DeviceEngine(platform, store, platform.clock))
    world.tablets.append(copy.tablet)
    return copy


def test_a_copied_tablet_that_is_quicker_after_the_restore_takes_nobody_s_place(
    world: World, target: Database, tmp_path: Path
) -> None:
    pieces = world.server.released(quantity=2)
    tablet = world.tablet()
    run(tablet.engine.sync_once())
    tablet.work_at("CUT", "张伟")
    run(tablet.engine.sync_once())
    back_up(world, tmp_path / "old.zip")
    copy = copy_of(world, tablet).tablet
    copy.sign_in("李强")
    scan(world, tablet, pieces[:1])
    run(tablet.engine.sync_once())
    scan(world, copy, pieces[1:])
    world.clock.now += 60_000_000
    restore(world, target, tmp_path / "old.zip")
    run(copy.engine.sync_once())
    run(tablet.engine.sync_once())
    assert tablet.engine.sync_state.problem == "cloned_device"
    kept = world.server.database.read(lambda session: session.execute(select(col(QuarantineRow.body))).scalars().all())
    assert pieces[0].id in str(kept)


def test_a_copied_tablet_takes_no_verdict_of_the_other_one_for_its_own(world: World) -> None:
    """It may scan between its push and its pull, and so hear of a number before it has sent what it has there."""
    pieces = world.server.released(quantity=2)
    tablet = world.tablet()
    run(tablet.engine.sync_once())
    tablet.work_at("CUT", "张伟")
    run(tablet.engine.sync_once())
    copy = copy_of(world, tablet)
    copy.tablet.sign_in("李强")
    scan(world, tablet, pieces[:1])
    run(tablet.engine.sync_once())
    scan(world, copy.tablet, pieces[1:])
    identity = identities.current(copy.store)
    assert identity is not None
    waiting = copy.engine.waiting()
    run(pull_all(copy.platform, copy.store, MirrorRows(copy.store), identity))
    assert copy.engine.waiting() == waiting
    run(copy.engine.sync_once())
    assert copy.engine.sync_state.problem == "cloned_device"
    kept = world.server.database.read(lambda session: session.execute(select(col(QuarantineRow.body))).scalars().all())
    assert pieces[1].id in str(kept)


def count_by_device(world: World) -> Counter[str]:
    return Counter(origin for origin, _ in log_of_devices(world))


def test_a_device_that_is_shut_out_after_the_restore_still_delivers_what_the_backup_lacks(
    world: World, target: Database, tmp_path: Path
) -> None:
    pieces, tablet = world.server.released(), world.tablet()
    run(tablet.engine.sync_once())
    tablet.work_at("CUT", "张伟")
    back_up(world, tmp_path / "old.zip")
    scan(world, tablet, pieces[:2])
    run(tablet.engine.sync_once())
    restore(world, target, tmp_path / "old.zip")
    device_id = tablet.engine.identity.device_id if tablet.engine.identity else ""
    assert world.server.office(RevokeDevice(device_id=device_id, reason="丢了")).status is VerdictStatus.OK
    for _ in range(2):
        run(tablet.engine.sync_once())
    assert tablet.engine.sync_state.problem == "device_revoked"
    kept = select(col(QuarantineRow.n)).order_by(col(QuarantineRow.n))
    assert world.server.database.read(lambda session: list(session.execute(kept).scalars())) == [
        1,
        2,
        3,
    ]  # where it stands, and both scans
