"""The office over HTTP, with people who have passwords."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from shared.schemas.commands import PutMasterData
from sync_server import auth
from sync_server.app import create_app
from sync_server.meta import Identity
from sync_server.services import Services
from tests.sync_server.server import EPOCH, Server

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
            "line-1-opening": "left_in",
            "line-1-colour": "胡桃色",
            "line-1-quantity": "1",
        } | changed

    def send_order(self, action: str, **changed: str) -> Response:
        """Opens the form, fills it in and sends it."""
        hidden = self.hidden("/orders/new")
        path = hidden.pop("action_path")
        return self.client.post(
            path, data=hidden | self.order_fields(**changed) | {"action": action}, follow_redirects=False
        )


def open_office(server: Server, build_dir: Path | None = None) -> TestClient:
    services = Services(
        database=server.database,
        identity=Identity(EPOCH, os.urandom(32)),
        now_us=server.factory.clock,
        mint=server.factory.mint,
        public_url="http://testserver",
    )
    return TestClient(create_app(services, build_dir))


@pytest.fixture
def office(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    cheap = auth.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(auth, "HASHER", cheap)
    known = server.factory.people
    for name, person in known.items():
        known[name] = person.model_copy(update={"password_hash": cheap.hash(PASSWORD)})
    server.system(PutMasterData(people=list(known.values())))
    with open_office(server) as client:
        yield Office(server, client)
