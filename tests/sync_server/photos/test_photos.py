"""Photographs over the wire: tus 1.0 to the letter, and bytes that count only under their hash."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi.testclient import TestClient
from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import col

from shared.canonical import sha256_hex
from shared.schemas import tus
from shared.schemas.commands import AssignDevice, AttachPhoto, RevokeDevice
from shared.schemas.identifiers import PHOTO_BYTES_MAX, PHOTO_CHUNK_BYTES
from shared.schemas.people import Role
from shared.schemas.quality import Photo, PhotoKind
from shared.schemas.sync import HEADER_NONCE, HEADER_TIME_US, VerdictStatus
from sync_server import jobs
from sync_server.app import create_app
from sync_server.devices.push import Sender
from sync_server.devices.signatures import NONCE_VALID_US
from sync_server.housekeeping import HOUSEKEEPING
from sync_server.photos.uploads import UPLOAD_VALID_US, UPLOADS_OPEN_MAX
from sync_server.services import Services
from sync_server.storage.blobs import BlobStore
from sync_server.storage.meta import ServerIdentity
from sync_server.tables import BlobRow, JobRow
from tests.sync_server.photo_tablet import (
    RESUMABLE,
    PhotoTablet,
    attach,
    checksum,
    described,
    enrolled,
    picture,
)
from tests.sync_server.server import EPOCH, Server, TabletSender

HALF = 1_000
SMALL = picture(2 * HALF, "small")


@pytest.fixture
def services(server: Server, tmp_path: Path) -> Services:
    return Services(
        database=server.database,
        identity=ServerIdentity(EPOCH, os.urandom(32)),
        now_us=server.factory.clock,
        mint=server.factory.mint,
        public_url="http://127.0.0.1:8400",
        blobs=BlobStore(tmp_path / "photos"),
    )


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(services)) as client:
        yield client


@pytest.fixture
def tablet(server: Server, client: TestClient) -> PhotoTablet:
    return another(server, client)


def another(server: Server, client: TestClient) -> PhotoTablet:
    return enrolled(server, PhotoTablet(client, ec.generate_private_key(ec.SECP256R1())))


def stored(server: Server, photo_id: str) -> bool:
    photo = server.get(Photo, photo_id)
    assert isinstance(photo, Photo)
    return photo.is_stored


def files(services: Services) -> list[str]:
    folder = services.blobs.folder
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def place_of(content: bytes) -> str:
    sha256 = sha256_hex(content)
    return f"{sha256[:2]}/{sha256}"


def keep_house(services: Services) -> None:
    row = JobRow(kind=HOUSEKEEPING, key="today", due_at_us=0, lease_until_us=0)
    services.database.write(lambda session: session.add(row)).result()
    assert jobs.run_due(services.database, services) == 1


class TestProtocol:
    def test_options_say_what_the_server_can_do_and_need_no_signature(self, client: TestClient) -> None:
        answer = client.options(tus.PHOTOS_PATH)
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == answer.headers["Tus-Resumable"] == "1.0.0"
        assert answer.headers["Tus-Extension"] == "creation,checksum,expiration,termination"
        assert answer.headers["Tus-Max-Size"] == str(PHOTO_BYTES_MAX)
        assert answer.headers["Tus-Checksum-Algorithm"].split(",") == ["sha256", "sha1"]

    @pytest.mark.parametrize("version", [None, "0.2.2"])
    def test_another_version_is_told_ours_and_is_not_processed(self, tablet: PhotoTablet, version: str | None) -> None:
        path = tablet.begin(SMALL)
        headers = {tus.HEADER_OFFSET: "0", "Content-Type": tus.CHUNK_TYPE}
        headers |= {tus.HEADER_RESUMABLE: version} if version else {}
        answer = tablet.ask("PATCH", path, headers, SMALL)
        assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        assert tablet.offset(path) == 0

    def test_every_answer_names_the_version(self, tablet: PhotoTablet) -> None:
        path = tablet.begin(SMALL)
        answers = [
            tablet.post(SMALL + b"!"),
            tablet.head(path),
            tablet.patch(path, 7, b"x"),
            tablet.patch(path, 0, SMALL[:HALF]),
            tablet.ask("DELETE", path, RESUMABLE),
            tablet.head(path),
            tablet.post(SMALL, Upload_Length="x"),
        ]
        assert [answer.status_code for answer in answers] == [201, 200, 409, 204, 204, 404, 400]
        assert {answer.headers["Tus-Resumable"] for answer in answers} == {"1.0.0"}

    def test_a_network_without_patch_names_the_method_in_a_header(self, tablet: PhotoTablet) -> None:
        path = tablet.begin(SMALL)

        def through_post(method: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, str]:
            said = RESUMABLE | headers | {tus.HEADER_METHOD: method}
            answer = tablet.ask(method, path, said, body, sent_method="POST")
            return answer.status_code, answer.headers.get(tus.HEADER_OFFSET, "")

        chunk = {tus.HEADER_OFFSET: "0", "Content-Type": tus.CHUNK_TYPE}
        assert through_post("PATCH", chunk, SMALL[:HALF]) == (204, str(HALF))
        assert through_post("HEAD", {}) == (200, str(HALF))
        assert through_post("DELETE", {})[0] == 204
        assert through_post("PUT", {})[0] == 405


class TestCreate:
    def test_gives_an_address_and_says_until_when(self, server: Server, tablet: PhotoTablet) -> None:
        answer = tablet.post(SMALL)
        assert answer.status_code == 201
        assert answer.headers["Location"].startswith("/v1/photos/uploads/")
        until = parsedate_to_datetime(answer.headers["Upload-Expires"])
        assert until == datetime.fromtimestamp((server.factory.clock.now + UPLOAD_VALID_US) // 1_000_000, UTC)

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Upload_Length": ""}, 400),
            ({"Upload_Length": "-1"}, 400),
            ({"Upload_Length": "0"}, 400),
            ({"Upload_Defer_Length": "1"}, 400),
            ({"Upload_Length": str(PHOTO_BYTES_MAX + 1)}, 413),
            ({"Upload_Metadata": ""}, 400),
            ({"Upload_Metadata": "sha256 abc"}, 400),
            ({"Upload_Metadata": "sha256 YQ==,sha256 YQ=="}, 400),
            ({"Upload_Metadata": tus.metadata_text({"sha256": "../../etc/passwd", "media_type": "image/png"})}, 400),
            ({"Upload_Metadata": described(SMALL, "image/svg+xml")}, 415),
            ({"Upload_Metadata": described(SMALL, "text/html")}, 415),
        ],
    )
    def test_refuses_what_breaks_the_rules(self, tablet: PhotoTablet, headers: dict[str, str], status: int) -> None:
        answer = tablet.post(SMALL, **headers)
        assert answer.status_code == status
        assert answer.json()["message"]

    def test_refuses_too_many_at_once_and_says_when_to_come_back(
        self, server: Server, client: TestClient, tablet: PhotoTablet
    ) -> None:
        for number in range(UPLOADS_OPEN_MAX):
            tablet.begin(picture(HALF, str(number)))
        answer = tablet.post(SMALL)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_uploads")
        assert int(answer.headers["Retry-After"]) > 0
        assert another(server, client).post(SMALL).status_code == 201
        server.factory.clock.now += UPLOAD_VALID_US
        tablet.nonce = ""
        assert tablet.post(SMALL).status_code == 401
        assert tablet.post(SMALL).status_code == 201

    def test_a_lost_answer_does_not_leave_open_uploads_behind(self, tablet: PhotoTablet, services: Services) -> None:
        first = tablet.begin(SMALL)
        tablet.patch(first, 0, SMALL[:HALF])
        paths = [tablet.begin(SMALL) for _ in range(2 * UPLOADS_OPEN_MAX)]
        assert tablet.head(first).status_code == 404
        assert (tablet.offset(paths[-1]), files(services)) == (0, [])


class TestUpload:
    def test_in_chunks_is_linked_to_the_photo_that_announced_it(
        self, server: Server, tablet: PhotoTablet, services: Services
    ) -> None:
        content = picture(2 * PHOTO_CHUNK_BYTES + 17)
        photo_id = attach(server, tablet, server.released()[0], content)
        assert not stored(server, photo_id)
        assert tablet.prove(content) == 404
        answer = tablet.upload(content)
        assert (answer.status_code, answer.headers[tus.HEADER_OFFSET]) == (204, str(len(content)))
        assert stored(server, photo_id)
        assert files(services) == [place_of(content)]
        assert (services.blobs.folder / place_of(content)).read_bytes() == content
        assert tablet.prove(content) == 200
        told = [row for row in server.page(f"floor:{server.factory.site.id}").rows if row.entity == "photo"]
        assert ['"is_stored":true' in row.body for row in told] == [True]

    def test_before_the_word_of_it_is_linked_when_the_word_comes(self, server: Server, tablet: PhotoTablet) -> None:
        tablet.upload(SMALL)
        assert stored(server, attach(server, tablet, server.released()[0], SMALL))

    def test_says_how_far_it_is_in_the_clients_own_words(self, tablet: PhotoTablet) -> None:
        said = described(SMALL, filename="门.jpg")
        path = tablet.post(SMALL, Upload_Metadata=said).headers["Location"]
        tablet.patch(path, 0, SMALL[:HALF])
        answer = tablet.head(path)
        assert answer.status_code == 200
        assert (answer.headers["Upload-Offset"], answer.headers["Upload-Length"]) == (str(HALF), str(2 * HALF))
        assert answer.headers["Upload-Metadata"] == said
        assert answer.headers["Cache-Control"] == "no-store"

    def test_at_a_wrong_offset_changes_nothing(self, tablet: PhotoTablet) -> None:
        path = tablet.begin(SMALL)
        tablet.patch(path, 0, SMALL[:HALF])
        for offset in (0, HALF - 1, HALF + 1):
            answer = tablet.patch(path, offset, SMALL[HALF:])
            assert (answer.status_code, answer.json()["facts"]["offset"]) == (409, HALF)
        assert tablet.offset(path) == HALF
        assert tablet.patch(path, HALF, SMALL[HALF:]).status_code == 204
        assert tablet.prove(SMALL) == 200

    @pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
    def test_with_a_wrong_checksum_is_discarded(self, tablet: PhotoTablet, services: Services, algorithm: str) -> None:
        path = tablet.begin(SMALL)
        answer = tablet.patch(path, 0, SMALL[:HALF], Upload_Checksum=checksum(algorithm, SMALL[HALF:]))
        assert (answer.status_code, answer.json()["code"]) == (460, "chunk_differs")
        assert (tablet.offset(path), files(services)) == (0, [])
        right = tablet.patch(path, 0, SMALL[:HALF], Upload_Checksum=checksum(algorithm, SMALL[:HALF]))
        assert (right.status_code, tablet.offset(path)) == (204, HALF)

    @pytest.mark.parametrize("said", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha1 &&&", "sha256"])
    def test_with_a_checksum_that_nobody_knows_is_refused(self, tablet: PhotoTablet, said: str) -> None:
        path = tablet.begin(SMALL)
        status = tablet.patch(path, 0, SMALL[:HALF], Upload_Checksum=said).status_code
        assert (status, tablet.offset(path)) == (460 if said == "sha256" else 400, 0)

    def test_needs_the_type_of_tus(self, tablet: PhotoTablet) -> None:
        path = tablet.begin(SMALL)
        assert tablet.patch(path, 0, SMALL, Content_Type="image/jpeg").status_code == 415
        assert tablet.patch(path, 0, SMALL, Upload_Offset="").status_code == 400
        assert tablet.offset(path) == 0

    def test_beyond_its_length_or_in_too_large_a_chunk_is_refused(self, tablet: PhotoTablet) -> None:
        path = tablet.begin(SMALL)
        assert tablet.patch(path, 0, SMALL + b"!").json()["code"] == "beyond_length"
        long = tablet.begin(picture(2 * PHOTO_CHUNK_BYTES))
        answer = tablet.patch(long, 0, picture(2 * PHOTO_CHUNK_BYTES)[: PHOTO_CHUNK_BYTES + 1])
        assert (answer.status_code, answer.json()["code"]) == (413, "chunk_too_large")
        assert (tablet.offset(path), tablet.offset(long)) == (0, 0)

    def test_goes_on_after_an_answer_was_lost(self, server: Server, tablet: PhotoTablet) -> None:
        photo_id = attach(server, tablet, server.released()[0], SMALL)
        path = tablet.begin(SMALL)
        tablet.patch(path, 0, SMALL[:HALF])  # the device never hears of it
        assert tablet.patch(path, 0, SMALL[:HALF]).status_code == 409
        assert tablet.patch(path, tablet.offset(path), SMALL[HALF:]).status_code == 204  # nor of this
        answer = tablet.head(path)
        assert answer.headers["Upload-Offset"] == answer.headers["Upload-Length"]
        assert tablet.patch(path, len(SMALL), b"").status_code == 204
        assert stored(server, photo_id)
        photo = server.get(Photo, photo_id)
        assert isinstance(photo, Photo)
        assert [e.kind for e in server.events(photo.piece_id)].count("photo_stored") == 1

    def test_goes_on_at_another_process_over_the_same_folder(
        self, server: Server, tablet: PhotoTablet, services: Services
    ) -> None:
        path = tablet.begin(SMALL)
        tablet.patch(path, 0, SMALL[:HALF])
        other = Services(
            services.database, services.identity, services.now_us, services.mint, services.public_url,
            blobs=BlobStore(services.blobs.folder),
        )  # fmt: skip
        with TestClient(create_app(other)) as client:
            there = PhotoTablet(client, tablet.key, tablet.device_id, tablet.nonce)
            assert there.offset(path) == HALF
            assert there.patch(path, HALF, SMALL[HALF:]).status_code == 204
        assert tablet.prove(SMALL) == 200
        assert server.database.read(lambda session: session.get(BlobRow, sha256_hex(SMALL))) is not None

    def test_of_the_same_bytes_by_two_devices_at_once_is_kept_once(
        self, server: Server, client: TestClient, tablet: PhotoTablet, services: Services
    ) -> None:
        pieces = server.released()
        tablets = [tablet, another(server, client)]
        photos = [attach(server, one, piece, SMALL) for one, piece in zip(tablets, pieces, strict=True)]
        paths = [one.begin(SMALL) for one in tablets]
        for one, path in zip(tablets, paths, strict=True):
            assert one.patch(path, 0, SMALL[:HALF]).status_code == 204
        together, statuses = threading.Barrier(2), [0, 0]
        # FastAPI silences a warning while it builds an application and, at its first request, a route: no two threads
        # can do that at once.
        servers = [TestClient(create_app(services)) for _ in tablets]
        for one, path, own in zip(tablets, paths, servers, strict=True):
            one.client = own
            assert one.patch(path, 0, SMALL[HALF:]).json()["code"] == "wrong_offset"

        def send_last(number: int) -> None:
            with servers[number] as own:
                tablets[number].client = own
                together.wait(30)
                statuses[number] = tablets[number].patch(paths[number], HALF, SMALL[HALF:]).status_code

        threads = [threading.Thread(target=send_last, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert statuses == [204, 204]
        assert [stored(server, photo_id) for photo_id in photos] == [True, True]
        assert files(services) == [place_of(SMALL)]
        for piece in pieces:
            assert [e.kind for e in server.events(piece.id)].count("photo_stored") == 1

    def test_whose_whole_has_another_hash_is_not_linked(
        self, server: Server, tablet: PhotoTablet, services: Services
    ) -> None:
        photo_id = attach(server, tablet, server.released()[0], SMALL)
        path = tablet.begin(SMALL)
        answer = tablet.patch(path, 0, bytes(len(SMALL)))
        assert (answer.status_code, answer.json()["code"]) == (460, "photo_differs")
        assert tablet.head(path).status_code == 404
        assert (tablet.prove(SMALL), stored(server, photo_id), files(services)) == (404, False, [])
        assert tablet.upload(SMALL).status_code == 204
        assert stored(server, photo_id)

    def test_belongs_to_one_device(self, server: Server, client: TestClient, tablet: PhotoTablet) -> None:
        path, other = tablet.begin(SMALL), another(server, client)
        assert other.head(path).status_code == 404
        assert other.patch(path, 0, SMALL).status_code == 404
        assert other.ask("DELETE", path, RESUMABLE).status_code == 404
        assert tablet.patch(path, 0, SMALL).status_code == 204

    def test_is_gone_when_it_was_terminated(self, tablet: PhotoTablet, services: Services) -> None:
        path = tablet.begin(SMALL)
        tablet.patch(path, 0, SMALL[:HALF])
        assert len(files(services)) == 1
        assert tablet.ask("DELETE", path, RESUMABLE).status_code == 204
        assert tablet.head(path).status_code == tablet.patch(path, HALF, SMALL[HALF:]).status_code == 404
        assert files(services) == []

    def test_that_is_whole_can_be_terminated_and_its_bytes_stay(self, tablet: PhotoTablet) -> None:
        path = tablet.begin(SMALL)
        tablet.patch(path, 0, SMALL)
        assert tablet.ask("DELETE", path, RESUMABLE).status_code == 204
        assert tablet.prove(SMALL) == 200

    def test_that_lost_its_part_begins_anew(self, tablet: PhotoTablet, services: Services) -> None:
        for is_asked_first in (True, False):
            path = tablet.begin(SMALL)
            tablet.patch(path, 0, SMALL[:HALF])
            services.blobs.discard(path.rpartition("/")[2])
            if is_asked_first:
                assert tablet.head(path).status_code == 410
            else:
                assert tablet.patch(path, HALF, SMALL[HALF:]).status_code == 410
            assert tablet.head(path).status_code == 404
        assert tablet.upload(SMALL).status_code == 204

    def test_on_a_disk_that_takes_nothing_is_told_to_come_back(self, tablet: PhotoTablet, services: Services) -> None:
        path = tablet.begin(SMALL)
        services.blobs.folder.write_text("a file in the folder's place")
        answer = tablet.patch(path, 0, SMALL)
        assert (answer.status_code, answer.json()["code"]) == (503, "server_disk")
        assert int(answer.headers["Retry-After"]) > 0
        services.blobs.folder.unlink()
        assert tablet.offset(path) == 0
        assert tablet.patch(path, 0, SMALL).status_code == 204


class TestExpiry:
    def test_ends_an_upload_a_day_after_its_last_chunk(self, server: Server, tablet: PhotoTablet) -> None:
        path = tablet.begin(SMALL)
        server.factory.clock.now += UPLOAD_VALID_US - 1
        tablet.head(path)  # a stale nonce
        assert tablet.patch(path, 0, SMALL[:HALF]).status_code == 204
        server.factory.clock.now += UPLOAD_VALID_US - 1
        tablet.head(path)
        assert tablet.offset(path) == HALF
        server.factory.clock.now += 1
        assert tablet.head(path).status_code == tablet.patch(path, HALF, SMALL[HALF:]).status_code == 410

    def test_is_cleared_away_by_the_housekeeping(self, server: Server, tablet: PhotoTablet, services: Services) -> None:
        path, kept = tablet.begin(SMALL), tablet.begin(picture(2 * HALF, "kept"))
        tablet.patch(path, 0, SMALL[:HALF])
        server.factory.clock.now += UPLOAD_VALID_US // 2
        tablet.head(kept)
        tablet.patch(kept, 0, picture(2 * HALF, "kept")[:HALF])
        server.factory.clock.now += UPLOAD_VALID_US // 2
        keep_house(services)
        tablet.head(path)
        assert tablet.head(path).status_code == 404
        assert tablet.offset(kept) == HALF
        assert files(services) == [f"parts/{kept.rpartition('/')[2]}"]


class TestSignature:
    def test_is_asked_of_every_request(self, client: TestClient, tablet: PhotoTablet) -> None:
        path = tablet.begin(SMALL)
        requests = [
            ("POST", tus.PHOTOS_PATH),
            ("HEAD", path),
            ("PATCH", path),
            ("DELETE", path),
            ("HEAD", f"{tus.PHOTOS_PATH}/{sha256_hex(SMALL)}"),
            ("GET", f"{tus.PHOTOS_PATH}/{sha256_hex(SMALL)}"),
        ]
        assert [client.request(method, at, headers=RESUMABLE).status_code for method, at in requests] == [401] * 6

    def test_covers_method_path_and_bytes(self, tablet: PhotoTablet) -> None:
        path = tablet.begin(SMALL)
        tablet.patch(path, 0, SMALL[:HALF])
        headers = RESUMABLE | {tus.HEADER_OFFSET: str(HALF), "Content-Type": tus.CHUNK_TYPE}
        changed = tablet.ask("PATCH", path, headers, SMALL[HALF:], sent_body=bytes(HALF))
        assert changed.json()["code"] == "wrong_signature"
        assert tablet.ask("HEAD", path, headers, sent_method="DELETE").json()["code"] == "wrong_signature"
        assert tablet.offset(path) == HALF

    def test_with_a_stale_nonce_comes_with_a_fresh_one_beside_a_head_too(
        self, server: Server, tablet: PhotoTablet
    ) -> None:
        path = tablet.begin(SMALL)
        server.factory.clock.now += NONCE_VALID_US + 1
        assert tablet.head(path).status_code == 401
        assert tablet.head(path).status_code == 200
        assert tablet.ask("HEAD", path, RESUMABLE | {HEADER_NONCE: "0.0"}).status_code == 401


class TestProof:
    def test_is_given_for_bytes_that_were_just_read(
        self, server: Server, tablet: PhotoTablet, services: Services
    ) -> None:
        tablet.upload(SMALL)
        answer = tablet.ask("HEAD", f"{tus.PHOTOS_PATH}/{sha256_hex(SMALL)}")
        assert answer.status_code == 200
        assert answer.headers["Content-Length"] == str(len(SMALL))
        assert answer.headers[HEADER_TIME_US] == str(server.factory.clock.now)
        (services.blobs.folder / place_of(SMALL)).write_bytes(SMALL[:-1] + b"!")
        assert tablet.prove(SMALL) == 404

    @pytest.mark.parametrize("name", ["x", "../../parts", "A" * 64])
    def test_is_not_given_for_what_is_no_hash(self, tablet: PhotoTablet, name: str) -> None:
        assert tablet.ask("HEAD", f"{tus.PHOTOS_PATH}/{name}", RESUMABLE).status_code in {404, 405}

    @pytest.mark.parametrize("harm", ["missing", "damaged"])
    def test_is_taken_back_for_a_file_that_is_lost_and_given_again_after_another_upload(
        self, server: Server, tablet: PhotoTablet, services: Services, harm: str
    ) -> None:
        tablet.upload(SMALL)
        place = services.blobs.folder / place_of(SMALL)
        place.unlink() if harm == "missing" else place.write_bytes(b"?")
        assert tablet.prove(SMALL) == 404
        blob = server.database.read(lambda session: session.get(BlobRow, sha256_hex(SMALL)))
        assert blob is not None
        assert blob.stored_at_us is None
        assert tablet.upload(SMALL).status_code == 204
        assert (tablet.prove(SMALL), place.read_bytes()) == (200, SMALL)

    def test_links_what_an_older_copy_of_the_database_does_not_know(self, server: Server, tablet: PhotoTablet) -> None:
        photo_id = restored(server, tablet)
        assert tablet.prove(SMALL) == 200
        assert stored(server, photo_id)

    def test_is_not_needed_for_the_housekeeping_to_link_it(
        self, server: Server, tablet: PhotoTablet, services: Services
    ) -> None:
        photo_id = restored(server, tablet)
        keep_house(services)
        assert stored(server, photo_id)


def restored(server: Server, tablet: PhotoTablet) -> str:
    """A photo whose bytes lie here while the database, an older copy, has never heard of them."""
    tablet.upload(SMALL)

    def forget(session: Session) -> None:
        session.execute(delete(BlobRow).where(col(BlobRow.sha256) == sha256_hex(SMALL)))

    server.database.write(forget).result()
    photo_id = attach(server, tablet, server.released()[0], SMALL)
    assert not stored(server, photo_id)
    return photo_id


class TestFetch:
    def test_gives_the_picture_to_a_device_of_its_floor_and_nothing_but_a_picture(
        self, server: Server, client: TestClient, tablet: PhotoTablet
    ) -> None:
        attach(server, tablet, server.released()[0], SMALL)
        tablet.upload(SMALL)
        answer = another(server, client).fetch(SMALL)
        assert (answer.status_code, answer.content) == (200, SMALL)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in answer.headers["Cache-Control"]

    def test_does_not_know_it_where_the_device_holds_no_floor(
        self, server: Server, client: TestClient, tablet: PhotoTablet
    ) -> None:
        attach(server, tablet, server.released()[0], SMALL)
        tablet.upload(SMALL)
        phone = another(server, client)
        driver = server.factory.people["张伟"].model_copy(update={"roles": [Role.DRIVER]})
        server.system(server.factory.master_data().model_copy(update={"people": [driver]}))
        assigned = server.office(AssignDevice(device_id=phone.device_id, person_id=driver.id))
        assert assigned.status is VerdictStatus.OK
        assert (phone.fetch(SMALL).status_code, phone.fetch(SMALL).json()["code"]) == (404, "photo_unknown")
        assert phone.prove(SMALL) == 200

    def test_knows_of_no_signature_because_a_floor_knows_of_no_customer(
        self, server: Server, client: TestClient, tablet: PhotoTablet
    ) -> None:
        leaf = server.released()[0]
        attach(server, tablet, leaf, SMALL, PhotoKind.SIGNATURE)
        attach(server, another(server, client), leaf, SMALL)
        tablet.upload(SMALL)
        assert (tablet.fetch(SMALL).status_code, tablet.fetch(SMALL).json()["code"]) == (404, "photo_unknown")
        assert tablet.prove(SMALL) == 200

    def test_says_whether_it_has_not_come_or_is_lost(
        self, server: Server, tablet: PhotoTablet, services: Services
    ) -> None:
        assert tablet.fetch(SMALL).json()["code"] == "photo_unknown"
        attach(server, tablet, server.released()[0], SMALL)
        assert tablet.fetch(SMALL).json()["code"] == "photo_not_here"
        tablet.upload(SMALL)
        (services.blobs.folder / place_of(SMALL)).write_bytes(b"?")
        lost = tablet.fetch(SMALL)
        assert (lost.status_code, lost.json()["code"]) == (404, "photo_lost")
        assert "备份" in lost.json()["message"]


class TestRevoked:
    def test_may_deliver_what_its_quarantine_names_and_nothing_else(self, server: Server, tablet: PhotoTablet) -> None:
        leaf = server.released()[0]
        outbox = TabletSender(server, Sender(tablet.device_id, "i1"))
        assert server.office(RevokeDevice(device_id=tablet.device_id)).status is VerdictStatus.OK
        photo_id = server.factory.mint.new_id()
        outbox.record(AttachPhoto(photo_id=photo_id, piece_id=leaf.id, sha256=sha256_hex(SMALL), byte_count=len(SMALL)))
        refused = tablet.post(SMALL)
        assert (refused.status_code, refused.json()["code"]) == (403, "device_revoked")
        assert outbox.statuses() == [VerdictStatus.PARKED]
        assert tablet.post(picture(HALF, "other")).status_code == 403
        assert tablet.upload(SMALL).status_code == 204
        assert tablet.prove(SMALL) == 200
        assert tablet.fetch(SMALL).status_code == 403
        assert server.get(Photo, photo_id) is None
