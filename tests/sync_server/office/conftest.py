"""The office over HTTP, with people who have passwords."""

import html
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from shared.canonical import sha256_hex
from shared.schemas.commands import AttachPhoto, PutMasterData
from shared.schemas.quality import PhotoKind
from shared.schemas.sync import VerdictStatus
from sync_server import passwords
from sync_server.app import create_app
from sync_server.photos import uploads
from sync_server.services import Services
from sync_server.storage.blobs import BlobStore
from sync_server.storage.meta import ServerIdentity
from tests.sync_server.server import EPOCH, NO_BLOBS, Server

PASSWORD = "一扇好门"


@dataclass
class Office:
    """Somebody at a browser."""

    server: Server
    client: TestClient

    def sign_in(self, name: str = "陈静", password: str = PASSWORD) -> Response:
        number = self.server.factory.people[name].number
        return self.client.post("/sign-in", data={"number": number, "password": password}, follow_redirects=False)

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of a page's form."""
        text = self.client.get(path).text
        found = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
        action = re.search(r'action="(/orders/[0-9a-f-]+)"', text)
        return found | ({"action_path": action[1]} if action else {})

    def shown(self, path: str) -> dict[str, str]:
        """What a page's order form would send as it stands."""
        return self.fields_in(self.client.get(path).text)

    @staticmethod
    def fields_in(page: str) -> dict[str, str]:
        """The names and values of the order form on this page."""
        form = page.partition('<form id="order"')[2].partition("</form>")[0]
        inputs = re.findall(r'<input[^>]*? name="([\w-]+)"[^>]*? value="([^"]*)"', form)
        areas = re.findall(r'<textarea[^>]*? name="([\w-]+)"[^>]*>([^<]*)<', form)
        chosen = {
            name: (re.findall(r'value="([^"]*)" selected', options) or [""])[0]
            for name, options in re.findall(r'<select[^>]*? name="([\w-]+)"[^>]*>(.*?)</select>', form, re.DOTALL)
        }
        return {name: html.unescape(value) for name, value in (dict(inputs) | dict(areas) | chosen).items()}

    def order_fields(self, **changed: str) -> dict[str, str]:
        """A filled-in order form, but for what is changed."""
        return {
            "customer_name": "王芳",
            "customer_phone": "13812345678",
            "channel": "store",
            "address": "佛山市顺德区某路 1 号",
            "line-1-kind": "door_set",
            "line-1-model_id": self.server.factory.model.id,
            "line-1-room": "主卧",
            "line-1-height": "2050",
            "line-1-width": "800",
            "line-1-thickness": "40",
            "line-1-wall_thickness": "160",
            "line-1-opening": "left_in",
            "line-1-colour": "胡桃色",
            "line-1-quantity": "1",
        } | changed

    def send_order(self, button: str = "", **changed: str) -> Response:
        """Opens the form, fills it in and presses a button: save, or the one whose address ends in this."""
        hidden = self.hidden("/orders/new")
        path = hidden.pop("action_path") + (f"/{button}" if button else "")
        return self.client.post(path, data=hidden | self.order_fields(**changed), follow_redirects=False)

    def kept(self, **changed: str) -> str:
        """The address of a draft with these fields."""
        return self.send_order(**changed).headers["location"]

    def released(self, **changed: str) -> str:
        """The address of a released order with these fields."""
        return self.send_order("save-and-release", **changed).headers["location"]

    @property
    def services(self) -> Services:
        """The services of the server that answers this browser."""
        return getattr(self.client.app, "state").services  # noqa: B009 - its type says nothing of a state

    def attach_photo(self, piece_id: str, content: bytes, kind: PhotoKind, media_type: str = "image/jpeg") -> str:
        """The address of a picture that is announced; its bytes have not come."""
        sha256 = sha256_hex(content)
        command = AttachPhoto(
            photo_id=self.server.factory.mint.new_id(),
            piece_id=piece_id,
            kind=kind,
            sha256=sha256,
            byte_count=len(content),
            media_type=media_type,
        )
        assert self.server.office(command).status is VerdictStatus.OK
        return f"/photos/{sha256}"

    def receive_photo(self, content: bytes) -> None:
        """The bytes come."""
        services, sha256 = self.services, sha256_hex(content)
        services.blobs.append("u1", 0, content)
        assert services.blobs.finish("u1", sha256)
        services.database.write(
            lambda session: uploads.link(session, services, sha256, len(content), "image/jpeg")
        ).result()

    def cancel(self, path: str, reason: str) -> Response:
        """Opens the question whether to cancel, and says yes."""
        sent = self.hidden(f"{path}/cancel") | {"reason": reason}
        return self.client.post(f"{path}/cancel", data=sent)


def id_of(location: str) -> str:
    """The id at the end of an address."""
    return location.rpartition("/")[2]


def open_office(server: Server, build_dir: Path | None = None, photos_dir: Path | None = None) -> TestClient:
    """A browser at a new process of the server; it keeps photographs where it may, else it has none."""
    services = Services(
        database=server.database,
        identity=ServerIdentity(EPOCH, os.urandom(32)),
        now_us=server.factory.clock,
        mint=server.factory.mint,
        public_url="http://testserver",
        blobs=BlobStore(photos_dir) if photos_dir is not None else NO_BLOBS,
    )
    return TestClient(create_app(services, build_dir))


@pytest.fixture
def office(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", cheap)
    known = server.factory.people
    for name, person in known.items():
        known[name] = person.model_copy(update={"password_hash": cheap.hash(PASSWORD)})
    server.system(PutMasterData(people=list(known.values())))
    with open_office(server, photos_dir=tmp_path / "photos") as client:
        yield Office(server, client)
