"""A photograph that the server reads for a device: found, not found, refused; and the server suffers nothing by it."""

import io
import random
import subprocess
import sys
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from PIL import Image

from benchmarks.wear import dust
from labels.reading.aside import in_order, report_of
from labels.reading.readers import Found
from shared.label_code import CodeKind, make
from shared.schemas.picture import PICTURE_BYTES_MAX, PICTURE_PIXELS_MAX, READ_PICTURE_PATH, PictureReading
from shared.schemas.sync import Fault
from sync_server.devices import pictures
from sync_server.errors import RequestFault
from tests.labels.test_ladder import CODE, OTHER, scene
from tests.sync_server.office.conftest import open_office
from tests.sync_server.photo_tablet import PhotoTablet, enrolled
from tests.sync_server.server import Server

JPEG = {"Content-Type": "image/jpeg"}


def file_of(picture: Image.Image, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


@pytest.fixture
def tablet(server: Server) -> Iterator[PhotoTablet]:
    with open_office(server) as client:
        yield enrolled(server, PhotoTablet(client, ec.generate_private_key(ec.SECP256R1())))


class TestReadPicture:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_finds_a_code(self, tablet: PhotoTablet, kind: str) -> None:
        content = file_of(scene((CODE, 500, 200)), kind)
        answer = tablet.ask("POST", READ_PICTURE_PATH, {"Content-Type": f"image/{kind.lower()}"}, content)
        assert answer.status_code == 200, answer.text
        assert PictureReading.model_validate_json(answer.content).codes == [CODE]

    def test_climbs_the_ladder(self, tablet: PhotoTablet) -> None:
        worn = dust(scene((CODE, 600, 250)), 1.0, random.Random(3))
        answer = tablet.ask("POST", READ_PICTURE_PATH, JPEG, file_of(worn))
        reading = PictureReading.model_validate_json(answer.content)
        assert reading.codes == [CODE]
        assert reading.rung != "zxing-cpp 1280"

    def test_says_that_there_is_nothing(self, tablet: PhotoTablet) -> None:
        answer = tablet.ask("POST", READ_PICTURE_PATH, JPEG, file_of(scene()))
        assert (answer.status_code, answer.json()) == (200, {"codes": [], "rung": ""})

    @pytest.mark.parametrize(
        ("content", "media_type", "status", "code"),
        [
            (b"no picture", "image/jpeg", 415, "not_a_picture"),
            (b"\0\0\0\x18ftypheic" + bytes(40), "image/heic", 415, "not_a_picture"),
            (b"", "image/png", 415, "not_a_picture"),
            (file_of(Image.new("1", (8_000, 8_000)), "PNG"), "image/png", 413, "too_many_pixels"),
            (file_of(Image.new("1", (20_000, 20_000)), "PNG"), "image/png", 413, "too_many_pixels"),
            (bytes(PICTURE_BYTES_MAX + 1), "image/jpeg", 413, "too_large"),
        ],
    )
    def test_refuses_in_words(
        self, tablet: PhotoTablet, content: bytes, media_type: str, status: int, code: str
    ) -> None:
        answer = tablet.ask("POST", READ_PICTURE_PATH, {"Content-Type": media_type}, content)
        fault = Fault.model_validate_json(answer.content)
        assert (answer.status_code, fault.code) == (status, code)
        assert fault.message
        assert fault.message_en

    def test_listens_to_enrolled_devices_only(self, server: Server) -> None:
        with open_office(server) as client:
            assert client.post(READ_PICTURE_PATH, content=b"", headers=JPEG).status_code == 401

    def test_has_few_pictures_read_at_once(self, tablet: PhotoTablet, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pictures, "AT_ONCE_MAX", 0)
        answer = tablet.ask("POST", READ_PICTURE_PATH, JPEG, file_of(scene()))
        assert (answer.status_code, answer.json()["code"]) == (503, "busy_reading")
        assert answer.headers["Retry-After"] == "2"


class TestReadAside:
    def test_gives_up_in_time(self) -> None:
        assert pictures.read_aside(file_of(scene((CODE, 0, 0))), 0.01) == PictureReading()

    def test_a_reader_that_breaks_is_a_picture_that_cannot_be_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pictures, "READER", [sys.executable, "-c", "import os; os.abort()"])
        with pytest.raises(RequestFault) as refused:
            pictures.read_aside(b"", 20)
        assert refused.value.status == 415

    def test_the_server_itself_imports_nothing_for_it(self) -> None:
        heavy = "{'PIL', 'zxingcpp', 'pyzbar', 'cv2', 'labels.reading'} & set(sys.modules)"
        probe = f"import sys, sync_server.devices.pictures, sync_server.api.pictures; print({heavy})"
        done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "set()"


class TestReport:
    def test_puts_our_codes_first_and_the_nearest_first_of_them(self) -> None:
        misread = CODE[:-1] + ("0" if CODE[-1] != "0" else "1")
        found = [Found("other", 0.5, 0.5), Found(OTHER, 0.9, 0.9), Found(misread, 0.5, 0.5), Found(CODE, 0.4, 0.5)]
        assert in_order(found) == [CODE, OTHER, "other"]

    def test_looks_at_the_size_before_it_unpacks(self) -> None:
        side = int(PICTURE_PIXELS_MAX**0.5) + 1
        assert report_of(file_of(Image.new("1", (side, side)), "PNG")).problem == "too_many_pixels"

    def test_a_torn_file_is_no_picture(self) -> None:
        whole = file_of(scene((make(CodeKind.PIECE, 1), 10, 10)))
        assert report_of(whole[: len(whole) // 2]).problem == "not_a_picture"
