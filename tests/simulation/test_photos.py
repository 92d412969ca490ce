"""Photographs from a tablet to the server over a bad network: nothing is let go of before the server's proof."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from mobile.outcome import Outcome, Tone
from mobile.platform import HttpAnswer, Offline
from mobile.store import photo_files
from mobile.sync.photos import BREATHER_US, ORPHAN_US, PUT_OFF_US
from shared.canonical import sha256_hex
from shared.schemas import tus
from shared.schemas.commands import RevokeDevice
from shared.schemas.door import Piece
from shared.schemas.identifiers import DAY_US, PHOTO_BYTES_MAX, PHOTO_CHUNK_BYTES
from shared.schemas.quality import Photo
from shared.schemas.sync import VerdictStatus
from sync_server.photos import uploads
from sync_server.tables import BlobRow, DeviceRow, UploadRow
from tests.simulation.world import Network, Tablet, World, full_disk, run
from tests.sync_server.photo_tablet import picture
from tests.sync_server.server import EPOCH

SMALL = picture(700, "small")
LARGE = picture(3 * PHOTO_CHUNK_BYTES + 5, "large")


@dataclass
class Wire(Network):
    """A network that remembers what went over it, and meddles where it is told to."""

    asked: list[str] = field(default_factory=list[str])
    meddle: Callable[[str, str], HttpAnswer | str | None] = lambda _method, _path: None
    """What becomes of a request: an answer in the server's place, `request` or `answer` lost, or None."""
    byte_count: int = 0
    """How large the body of the latest request was."""

    def request(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> HttpAnswer:
        path = url.removeprefix("http://server")
        self.asked.append(f"{method} {path}")
        self.byte_count = len(body)
        fate = self.meddle(method, path)
        if isinstance(fate, HttpAnswer):
            return fate
        if fate == "request":
            raise Offline
        answer = super().request(method, url, body, headers)
        if fate == "answer":
            raise Offline
        return answer

    def photo_requests(self) -> list[str]:
        """What was asked about photos, in short."""
        asked = [line for line in self.asked if tus.PHOTOS_PATH in line]
        self.asked.clear()
        return [
            line.split()[0] + (" upload" if tus.UPLOADS_PATH in line else " proof" if line.count("/") == 3 else "")
            for line in asked
        ]


@dataclass
class Floor:
    """A tablet at work and a piece in hand."""

    world: World
    tablet: Tablet
    wire: Wire
    piece: Piece

    def attach(self, content: bytes) -> Outcome:
        return run(self.tablet.engine.attach_photo(self.piece.id, content))

    def sync(self, rounds: int = 1) -> None:
        for _ in range(rounds):
            run(self.tablet.engine.sync_once())

    @property
    def waiting(self) -> tuple[int, int]:
        waiting = self.tablet.engine.waiting()
        return waiting.photos, waiting.photos_gone

    @property
    def files(self) -> set[str]:
        return set(self.tablet.platform.files)

    def stored(self) -> list[bool]:
        return [photo.is_stored for photo in self.world.server.children(Photo, self.piece.id)]

    def on_server(self, content: bytes) -> bool:
        return self.world.services.blobs.read(sha256_hex(content)) == content


@pytest.fixture
def floor(world: World) -> Floor:
    return begin(world)


def begin(world: World) -> Floor:
    tablet, piece = world.tablet(), world.server.released()[0]
    wire = Wire(world.client, world.chance)
    tablet.platform.network = wire
    run(tablet.engine.sync_once())
    tablet.work_at("CUT", "张伟")
    run(tablet.engine.sync_once())
    wire.asked.clear()
    return Floor(world, tablet, wire, piece)


class TestAttach:
    def test_keeps_bytes_and_word_without_a_network_and_across_a_restart(self, floor: Floor) -> None:
        floor.wire.is_up = False
        shown = floor.attach(SMALL)
        assert (shown.tone, shown.code, shown.is_recorded) == (Tone.OK, "photo_kept", True)
        assert shown.piece
        assert shown.piece.piece_id == floor.piece.id
        assert (floor.waiting, floor.files) == ((1, 0), {sha256_hex(SMALL)})
        floor.tablet.restart()
        assert floor.waiting == (1, 0)
        assert [entry.outcome.code for entry in floor.tablet.engine.verdicts.recent(1)] == ["photo_kept"]

    def test_reaches_the_server_in_chunks_after_the_word_of_it(self, floor: Floor) -> None:
        floor.attach(LARGE)
        floor.sync()
        assert floor.wire.photo_requests() == ["HEAD proof", "POST", *["PATCH upload"] * 4, "HEAD proof"]
        assert (floor.stored(), floor.on_server(LARGE)) == ([True], True)
        assert floor.waiting == (0, 0)
        floor.sync()
        assert floor.wire.photo_requests() == []
        assert floor.tablet.engine.verdicts.unseen == []

    def test_sends_nothing_that_the_server_has_already(self, floor: Floor) -> None:
        floor.attach(SMALL)
        floor.sync()
        other = begin(floor.world)
        other.attach(SMALL)
        other.sync()
        assert other.wire.photo_requests() == ["HEAD proof"]
        assert (other.stored(), other.waiting) == ([True], (0, 0))

    def test_of_one_picture_to_two_pieces_sends_it_once(self, floor: Floor) -> None:
        frame = floor.world.server.released()[1]
        floor.attach(SMALL)
        run(floor.tablet.engine.attach_photo(frame.id, SMALL))
        floor.sync()
        assert floor.wire.photo_requests().count("PATCH upload") == 1
        assert [photo.is_stored for photo in floor.world.server.children(Photo, frame.id)] == [True]

    @pytest.mark.parametrize(
        ("content", "code"), [(b"", "photo_unreadable"), (bytes(PHOTO_BYTES_MAX + 1), "photo_too_large")]
    )
    def test_refuses_what_is_no_picture(self, floor: Floor, content: bytes, code: str) -> None:
        shown = floor.attach(content)
        assert (shown.tone, shown.code, shown.is_recorded) == (Tone.STOP, code, False)
        assert (floor.files, floor.waiting) == (set(), (0, 0))

    def test_without_a_worker_says_so(self, floor: Floor) -> None:
        floor.tablet.engine.people.sign_out()
        assert floor.attach(SMALL).code == "nobody_signed_in"
        assert floor.files == set()

    def test_without_room_for_the_file_is_not_pretended(self, floor: Floor) -> None:
        floor.tablet.platform.has_room = False
        shown = floor.attach(SMALL)
        assert (shown.code, shown.is_recorded) == ("photo_not_kept", False)
        assert floor.waiting == (0, 0)

    def test_without_room_for_the_word_is_not_pretended(self, floor: Floor) -> None:
        with full_disk(floor.tablet):
            shown = floor.attach(SMALL)
        assert (shown.code, shown.is_recorded) == ("photo_not_kept", False)
        assert floor.waiting == (0, 0)
        floor.world.clock.now += ORPHAN_US + 1
        floor.tablet.restart()
        floor.sync()
        assert floor.files == set()

    def test_of_a_piece_that_the_server_does_not_know_is_refused_aloud_and_its_bytes_are_kept(
        self, floor: Floor
    ) -> None:
        unknown = floor.world.server.factory.mint.new_id()
        shown = run(floor.tablet.engine.attach_photo(unknown, SMALL))
        assert (shown.tone, shown.code, shown.is_recorded) == (Tone.STOP, "piece_unknown", True)
        floor.sync()
        assert (floor.waiting, floor.on_server(SMALL)) == ((0, 0), True)


class TestResume:
    @pytest.mark.parametrize("lost", ["request", "answer"])
    @pytest.mark.parametrize("at", range(7))
    def test_goes_on_after_any_request_was_lost(self, floor: Floor, at: int, lost: str) -> None:
        count = 0

        def lose(_method: str, path: str) -> str | None:
            nonlocal count
            count += tus.PHOTOS_PATH in path
            return lost if tus.PHOTOS_PATH in path and count == at + 1 else None

        floor.attach(LARGE)
        floor.wire.meddle = lose
        floor.sync()
        assert floor.waiting == (1, 0)
        assert sha256_hex(LARGE) in floor.files
        floor.wire.asked.clear()
        floor.sync()
        assert (floor.waiting, floor.stored(), floor.on_server(LARGE)) == ((0, 0), [True], True)
        if 2 <= at <= 5:  # a chunk was lost: it is asked how far the upload is, and nothing before that is sent again
            sent = at - 1 if lost == "answer" else at - 2
            assert floor.wire.photo_requests() == ["HEAD upload", *["PATCH upload"] * (4 - sent), "HEAD proof"]

    @pytest.mark.parametrize("after", range(1, 7))
    def test_goes_on_after_the_plug_was_pulled_at_any_request(self, floor: Floor, after: int) -> None:
        class PulledError(Exception):
            pass

        count = 0

        def pull(_method: str, path: str) -> None:
            nonlocal count
            count += tus.PHOTOS_PATH in path
            if count > after:
                raise PulledError

        floor.attach(LARGE)
        floor.sync()  # without meddling it is complete: begin again with another picture
        other = picture(2 * PHOTO_CHUNK_BYTES + 9, "other")
        floor.attach(other)
        floor.wire.meddle = pull
        floor.sync()
        floor.wire.meddle = lambda _method, _path: None
        floor.tablet.restart()
        floor.wire.asked.clear()
        floor.sync()
        requests = floor.wire.photo_requests()
        assert (floor.waiting, floor.stored(), floor.on_server(other)) == ((0, 0), [True, True], True)
        assert requests.count("POST") == (after == 1)

    def test_gets_through_a_line_that_carries_little_before_a_request_is_given_up(self, floor: Floor) -> None:
        carried: list[int] = []

        def crawl(method: str, _path: str) -> str | None:
            if method != "PATCH":
                return None
            floor.world.clock.now += floor.wire.byte_count * 400  # 2.5 kB a second
            if floor.wire.byte_count > 50_000:  # the 20 s after which a request is given up
                return "request"
            carried.append(floor.wire.byte_count)
            return None

        content = picture(PHOTO_CHUNK_BYTES, "slow")
        floor.attach(content)
        floor.wire.meddle = crawl
        floor.sync(4)
        assert (floor.waiting, floor.on_server(content)) == ((0, 0), True)
        assert (carried[0], sum(carried)) == (PHOTO_CHUNK_BYTES // 8, len(content))
        floor.wire.meddle = lambda _method, _path: None
        floor.wire.asked.clear()
        floor.attach(LARGE)
        floor.sync()
        assert len(floor.wire.photo_requests()) < 12  # a better line soon carries large chunks again

    def test_begins_anew_where_the_upload_has_expired(self, floor: Floor) -> None:
        floor.attach(LARGE)
        floor.wire.meddle = lambda method, _path: "answer" if method == "PATCH" else None
        floor.sync()
        floor.world.clock.now += uploads.UPLOAD_VALID_US + 1
        floor.wire.meddle = lambda _method, _path: None
        floor.sync()
        assert (floor.waiting, floor.on_server(LARGE)) == ((0, 0), True)

    def test_lets_commands_go_first(self, floor: Floor) -> None:
        code = floor.world.server.code_of(floor.piece)
        floor.attach(LARGE)
        scanned: list[Outcome] = []

        def scan_at_the_first_chunk(method: str, _path: str) -> None:
            if method == "PATCH" and not scanned:
                scanned.append(floor.tablet.engine.on_code(code))

        floor.wire.meddle = scan_at_the_first_chunk
        floor.sync()
        assert floor.tablet.engine.waiting().effects == 1
        assert floor.wire.photo_requests() == ["HEAD proof", "POST", "PATCH upload"]  # the one that was in flight
        floor.sync()
        assert floor.wire.asked[0] == "POST /v1/sync/push"
        assert floor.on_server(LARGE)

    def test_a_large_one_takes_several_rounds_and_asks_for_the_next_at_once(self, floor: Floor) -> None:
        largest = picture(PHOTO_BYTES_MAX, "largest")
        floor.attach(largest)
        floor.sync()
        assert (floor.waiting, floor.tablet.engine.has_more_to_send) == ((1, 0), True)
        floor.sync()
        assert (floor.waiting, floor.tablet.engine.has_more_to_send) == ((0, 0), False)
        assert floor.on_server(largest)

    def test_one_chunk_is_in_flight_at_a_time(self, floor: Floor) -> None:
        floor.attach(LARGE)
        floor.sync()
        sent = [line for line in floor.wire.asked if line.startswith("PATCH")]
        assert len(sent) == 4
        for row in floor.world.server.database.read(lambda s: s.execute(select(UploadRow)).scalars().all()):
            assert row.offset == row.byte_count


class TestFullDisk:
    @pytest.mark.parametrize("at", range(1, 8))
    def test_is_said_at_any_request_and_the_photo_goes_on_when_there_is_room(self, floor: Floor, at: int) -> None:
        count, full = 0, full_disk(floor.tablet)

        def fill_up(_method: str, path: str) -> None:
            nonlocal count
            count += tus.PHOTOS_PATH in path
            if count == at:
                full.__enter__()

        floor.attach(LARGE)
        floor.wire.meddle = fill_up
        floor.sync()
        assert floor.tablet.engine.sync_state.problem == "storage_full"
        assert (floor.waiting, floor.files) == ((1, 0), {sha256_hex(LARGE)})
        full.__exit__(None, None, None)
        floor.wire.meddle = lambda _method, _path: None
        floor.sync(2)
        assert floor.tablet.engine.sync_state.problem is None
        assert (floor.waiting, floor.stored(), floor.on_server(LARGE)) == ((0, 0), [True], True)

    def test_a_folder_that_fails_keeps_neither_commands_nor_photos_waiting(self, floor: Floor) -> None:
        async def fail(*_: object) -> None:
            raise OSError("an input/output error")

        floor.attach(SMALL)
        floor.world.clock.now += ORPHAN_US + 1
        floor.tablet.restart()
        platform = floor.tablet.platform
        platform.__dict__["list_files"] = platform.__dict__["remove_file"] = fail
        floor.sync()
        assert (floor.waiting, floor.on_server(SMALL)) == ((0, 0), True)
        floor.world.clock.now += photo_files.KEPT_US + 1
        floor.sync()
        assert floor.tablet.engine.sync_state.problem is None
        assert floor.files == {sha256_hex(SMALL)}
        del platform.__dict__["list_files"], platform.__dict__["remove_file"]
        floor.world.clock.now += 1
        floor.tablet.restart()
        floor.sync()
        assert floor.files == set()


class TestRefused:
    def test_a_busy_server_is_left_alone_for_as_long_as_it_says(self, floor: Floor) -> None:
        busy = HttpAnswer(429, b"", {"retry-after": "40"})
        floor.wire.meddle = lambda method, path: busy if method == "POST" and path == tus.PHOTOS_PATH else None
        for content in (SMALL, LARGE):
            floor.attach(content)
        floor.sync()
        assert floor.wire.photo_requests() == ["HEAD proof", "POST"]
        assert not floor.tablet.engine.has_more_to_send
        floor.wire.meddle = lambda _method, _path: None
        floor.world.clock.now += 39_000_000
        floor.sync()
        assert floor.wire.photo_requests() == []
        floor.world.clock.now += 2_000_000
        floor.sync()
        assert floor.waiting == (0, 0)

    def test_a_server_that_fails_is_given_a_breather(self, floor: Floor) -> None:
        floor.wire.meddle = lambda _method, path: HttpAnswer(502, b"") if tus.PHOTOS_PATH in path else None
        floor.attach(SMALL)
        floor.sync(3)
        assert floor.wire.photo_requests() == ["HEAD proof"]
        floor.wire.meddle = lambda _method, _path: None
        floor.world.clock.now += BREATHER_US + 1
        floor.sync()
        assert floor.waiting == (0, 0)

    def test_a_photo_that_is_refused_does_not_keep_the_others_waiting(self, floor: Floor) -> None:
        bad = f"{tus.PHOTOS_PATH}/{sha256_hex(LARGE)}"
        floor.wire.meddle = lambda _method, path: HttpAnswer(400, b"") if path == bad else None
        floor.attach(LARGE)
        floor.world.clock.now += 1
        floor.attach(SMALL)
        floor.sync(3)
        assert (floor.waiting, floor.on_server(SMALL)) == ((1, 0), True)
        assert floor.wire.photo_requests().count("HEAD proof") == 3
        floor.wire.meddle = lambda _method, _path: None
        floor.world.clock.now += PUT_OFF_US + 1
        floor.sync()
        assert floor.waiting == (0, 0)

    def test_a_proxys_yes_proves_nothing(self, floor: Floor) -> None:
        floor.wire.meddle = lambda method, _path: HttpAnswer(200, b"welcome") if method == "HEAD" else None
        floor.attach(SMALL)
        floor.sync(2)
        assert (floor.waiting, floor.files) == ((1, 0), {sha256_hex(SMALL)})

    def test_a_file_that_is_gone_is_shown_and_blocks_nothing(self, floor: Floor) -> None:
        floor.attach(LARGE)
        floor.world.clock.now += 1
        floor.attach(SMALL)
        del floor.tablet.platform.files[sha256_hex(LARGE)]
        floor.sync()
        assert (floor.waiting, floor.on_server(SMALL)) == ((0, 1), True)
        assert floor.tablet.engine.waiting().effects == 0
        floor.attach(LARGE)
        assert floor.waiting == (1, 0)
        floor.sync()
        assert (floor.waiting, floor.on_server(LARGE)) == ((0, 0), True)

    def test_a_damaged_file_counts_as_gone(self, floor: Floor) -> None:
        floor.attach(SMALL)
        floor.tablet.platform.files[sha256_hex(SMALL)] = (SMALL[:-1] + b"?", 0)
        floor.sync()
        assert floor.waiting == (0, 1)
        assert "POST" not in floor.wire.photo_requests()

    def test_a_revoked_device_still_delivers_what_its_quarantine_names(self, floor: Floor) -> None:
        floor.attach(SMALL)
        device_id = floor.world.server.database.read(_only_device)
        assert floor.world.server.office(RevokeDevice(device_id=device_id)).status is VerdictStatus.OK
        floor.sync()
        assert floor.tablet.engine.sync_state.problem == "device_revoked"
        assert (floor.on_server(SMALL), floor.waiting) == (True, (0, 0))


def _only_device(session: Session) -> str:
    return session.execute(select(col(DeviceRow.id))).scalar_one()


class TestLetGo:
    def test_comes_a_week_after_the_proof_by_the_servers_clock(self, floor: Floor) -> None:
        floor.attach(SMALL)
        floor.sync()
        floor.world.clock.now += photo_files.KEPT_US
        floor.sync()
        assert floor.files == {sha256_hex(SMALL)}
        floor.world.clock.now += 1
        floor.sync()
        assert floor.files == set()

    def test_never_comes_before_the_proof(self, floor: Floor) -> None:
        floor.wire.meddle = lambda method, path: (
            "request" if method == "HEAD" and tus.UPLOADS_PATH not in path and floor.on_server(SMALL) else None
        )
        floor.attach(SMALL)
        floor.sync()
        assert floor.on_server(SMALL)
        floor.world.clock.now += 400 * DAY_US
        floor.sync(3)
        assert (floor.files, floor.waiting) == ({sha256_hex(SMALL)}, (1, 0))

    def test_is_taken_back_by_a_server_that_was_restored(self, floor: Floor) -> None:
        for content in (SMALL, LARGE):
            floor.attach(content)
        floor.sync()
        floor.world.clock.now += 2 * DAY_US
        restore(floor, lost=[LARGE])
        floor.sync()
        assert floor.wire.photo_requests().count("HEAD proof") == 3
        assert (floor.on_server(LARGE), floor.waiting) == (True, (0, 0))
        floor.world.clock.now += photo_files.KEPT_US - DAY_US
        floor.sync()
        assert floor.files == {sha256_hex(SMALL), sha256_hex(LARGE)}  # a week from the new proof on
        floor.world.clock.now += 2 * DAY_US
        floor.sync()
        assert floor.files == set()

    def test_does_not_come_before_the_restored_server_was_asked_again(self, floor: Floor) -> None:
        floor.attach(SMALL)
        floor.sync()
        floor.world.clock.now += 30 * DAY_US
        restore(floor, lost=[SMALL])
        floor.wire.meddle = lambda _method, path: "request" if tus.PHOTOS_PATH in path else None
        floor.sync(2)
        assert floor.files == {sha256_hex(SMALL)}
        floor.wire.meddle = lambda _method, _path: None
        floor.sync()
        assert floor.on_server(SMALL)


def restore(floor: Floor, lost: list[bytes]) -> None:
    """The server comes back from an older copy that lacks these bytes."""
    hashes = [sha256_hex(content) for content in lost]
    for sha256 in hashes:
        floor.world.services.blobs.path(sha256).unlink()

    def forget(session: Session) -> None:
        session.execute(delete(BlobRow).where(col(BlobRow.sha256).in_(hashes)))
        session.execute(delete(UploadRow))

    floor.world.server.database.write(forget).result()
    floor.world.start_server(replace(floor.world.services.identity, epoch=EPOCH + 1))
    floor.wire.client = floor.world.client
    floor.wire.asked.clear()


class TestOrphans:
    def test_are_removed_at_the_start_when_they_are_a_day_old(self, floor: Floor) -> None:
        floor.wire.is_up = False
        floor.attach(SMALL)
        files = floor.tablet.platform.files
        files["orphan"] = (b"?", floor.world.clock.now)
        floor.world.clock.now += ORPHAN_US
        files["fresh"] = (b"?", floor.world.clock.now)
        floor.sync()
        assert floor.files == {sha256_hex(SMALL), "orphan", "fresh"}
        floor.tablet.restart()
        floor.world.clock.now += 1
        floor.sync()
        assert floor.files == {sha256_hex(SMALL), "fresh"}


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_loss_restarts_and_pictures_ends_with_every_picture_on_the_server(world: World, seed: int) -> None:
    chance = random.Random(seed)
    floors = [begin(world), begin(world)]
    taken: set[bytes] = set()
    for floor in floors:
        floor.wire.loses = 0.5
    for step in range(40):
        floor = chance.choice(floors)
        world.clock.now += chance.randrange(60_000_000)
        match chance.choice(("take", "sync", "sync", "sync", "restart", "plug")):
            case "take":
                content = picture(chance.choice((50, 40_000, PHOTO_CHUNK_BYTES + 1)), str(step % 5))
                assert floor.attach(content).is_recorded
                taken.add(content)
            case "sync":
                floor.sync()
            case "plug":
                floor.wire.is_up = not floor.wire.is_up
            case _:
                floor.tablet.restart()
                floor.tablet.sign_in("张伟")
        kept = {sha256 for one in floors for sha256 in one.files}
        assert all(sha256_hex(content) in kept or floor.on_server(content) for content in taken)
    for floor in floors:
        floor.wire.is_up, floor.wire.loses = True, 0.0
    for _ in range(10):
        world.clock.now += PUT_OFF_US + 1
        for floor in floors:
            floor.sync()
    assert all(floor.waiting == (0, 0) for floor in floors)
    assert all(floors[0].on_server(content) for content in taken)
    assert all(all(floor.stored()) for floor in floors)
