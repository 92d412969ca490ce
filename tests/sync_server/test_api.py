"""The wire of devices over HTTP: enrolment, signatures, nonces, and every refusal in words."""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi.testclient import TestClient
from httpx2 import Client, Response
from pydantic import BaseModel

from shared.canonical import sha256_hex
from shared.label_code import CodeKind, make
from shared.schemas.commands import InviteDevice
from shared.schemas.sync import (
    HEADER_DEVICE,
    HEADER_INCARNATION,
    HEADER_NEXT_NONCE,
    HEADER_NONCE,
    HEADER_SIGNATURE,
    WIRE_SCHEMA,
    EnrolAnswer,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    VerdictStatus,
    signed_message,
)
from sync_server.app import create_app
from sync_server.devices import quarantine
from sync_server.devices.push import Sender
from sync_server.devices.signatures import NONCE_VALID_US
from sync_server.services import Services
from sync_server.storage.meta import ServerIdentity
from tests.sync_server.server import EPOCH, NO_BLOBS, Server, TabletSender

MINUTE_US = 60_000_000


@dataclass
class HttpTablet:
    """A tablet that signs its requests with a key of its own."""

    client: Client
    key: ec.EllipticCurvePrivateKey
    device_id: str = ""
    nonce: str = ""

    @property
    def public_key(self) -> str:
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def enrol(self, code: str) -> Response:
        asked = {"code": code, "incarnation": "i1", "public_key": self.public_key}
        answer = self.client.post("/v1/enrol", json=asked)
        if answer.status_code == 200:
            known = EnrolAnswer.model_validate(answer.json())
            self.device_id, self.nonce = known.device_id, known.nonce
        return answer

    def signed(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """The headers of a signature."""
        message = signed_message(method, path, sha256_hex(body), self.device_id, "i1", self.nonce)
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return {
            HEADER_DEVICE: self.device_id,
            HEADER_INCARNATION: "i1",
            HEADER_NONCE: self.nonce,
            HEADER_SIGNATURE: base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode(),
        }

    def send(self, path: str, asked: BaseModel | bytes, *, sent_body: bytes | None = None) -> Response:
        body = asked if isinstance(asked, bytes) else asked.model_dump_json().encode()
        answer = self.client.post(path, content=sent_body or body, headers=self.signed("POST", path, body))
        self.nonce = answer.headers.get(HEADER_NEXT_NONCE, self.nonce)
        return answer


@pytest.fixture
def client(server: Server) -> Iterator[TestClient]:
    services = Services(
        database=server.database,
        identity=ServerIdentity(EPOCH, os.urandom(32)),
        now_us=server.factory.clock,
        mint=server.factory.mint,
        public_url="http://127.0.0.1:8400",
        blobs=NO_BLOBS,
    )
    with TestClient(create_app(services)) as client:
        yield client


@pytest.fixture
def tablet(client: TestClient) -> HttpTablet:
    return HttpTablet(client, ec.generate_private_key(ec.SECP256R1()))


def invite(server: Server) -> str:
    code = make(CodeKind.ENROLMENT, server.factory.seeded.getrandbits(60))
    command = InviteDevice(
        enrolment_id=server.factory.mint.new_id(),
        site_id=server.factory.site.id,
        device_name="开料平板",
        token_hash=sha256_hex(code.encode()),
        expires_at_us=server.factory.clock.now + 10 * MINUTE_US,
    )
    assert server.office(command).status is VerdictStatus.OK
    return code


class TestEnrol:
    def test_lets_one_device_in(self, server: Server, client: TestClient, tablet: HttpTablet) -> None:
        code = invite(server)
        assert tablet.enrol(code.lower()).json()["site_name"] == "东区工厂"
        other = HttpTablet(client, ec.generate_private_key(ec.SECP256R1())).enrol(code)
        assert (other.status_code, other.json()["code"]) == (404, "enrolment_used")

    def test_answers_again_when_its_answer_was_lost(self, server: Server, tablet: HttpTablet) -> None:
        code = invite(server)
        first, again = tablet.enrol(code).json(), tablet.enrol(code).json()
        assert again["device_id"] == first["device_id"]

    def test_says_that_a_code_has_expired(self, server: Server, tablet: HttpTablet) -> None:
        code = invite(server)
        server.factory.clock.now += 11 * MINUTE_US
        answer = tablet.enrol(code)
        assert (answer.status_code, answer.json()["code"]) == (410, "enrolment_expired")
        assert "新的登记码" in answer.json()["message"]

    def test_refuses_a_code_that_was_never_given(self, tablet: HttpTablet) -> None:
        assert tablet.enrol(make(CodeKind.ENROLMENT, 5)).json()["code"] == "enrolment_unknown"

    def test_refuses_a_key_that_is_none(self, server: Server, client: TestClient) -> None:
        asked = {"code": invite(server), "incarnation": "i1", "public_key": "bm8ga2V5"}
        assert client.post("/v1/enrol", json=asked).json()["code"] == "key_wrong"


class TestSignedRequests:
    def test_a_pull_brings_every_scope_of_the_device(self, server: Server, tablet: HttpTablet) -> None:
        tablet.enrol(invite(server))
        answer = PullAnswer.model_validate(tablet.send("/v1/sync/pull", PullRequest()).json())
        site = server.factory.site.id
        expected = ["catalog", f"device:{tablet.device_id}", f"floor:{site}", f"people:{site}"]
        assert [page.scope for page in answer.scopes] == expected

    def test_a_push_is_answered_with_verdicts(self, server: Server, tablet: HttpTablet) -> None:
        tablet.enrol(invite(server))
        (leaf, *_), outbox = server.released(), TabletSender(server, sender_of(tablet))
        outbox.scan(leaf)
        request = PushRequest(incarnation="i1", commands=outbox.recorded)
        answer = PushAnswer.model_validate(tablet.send("/v1/sync/push", request).json())
        assert [(v.n, v.status) for v in answer.verdicts] == [(1, VerdictStatus.OK)]

    @pytest.mark.parametrize("depth", [120, 400, 850])
    def test_a_command_of_endless_boxes_blocks_nothing(self, server: Server, tablet: HttpTablet, depth: int) -> None:
        tablet.enrol(invite(server))
        (leaf, frame, *_), outbox = server.released(), TabletSender(server, sender_of(tablet))
        outbox.scan(leaf)
        outbox.record({"type": "report_scan", "version": 1, "label_code": json.loads("[" * depth + "]" * depth)})
        outbox.scan(frame)
        body = json.dumps({"schema_version": WIRE_SCHEMA, "incarnation": "i1", "commands": outbox.recorded}).encode()
        for _ in range(2):
            answer = PushAnswer.model_validate(tablet.send("/v1/sync/push", body).json())
            statuses = [verdict.status for verdict in answer.verdicts]
            assert statuses == [VerdictStatus.OK, VerdictStatus.PARKED, VerdictStatus.OK]

    def test_many_brackets_in_a_text_are_no_boxes(self, server: Server, tablet: HttpTablet) -> None:
        tablet.enrol(invite(server))
        (leaf, *_), outbox = server.released(), TabletSender(server, sender_of(tablet))
        outbox.scan(leaf)
        outbox.recorded[0]["note"] = "[{" * 200
        request = PushRequest(incarnation="i1", commands=outbox.recorded)
        answer = PushAnswer.model_validate(tablet.send("/v1/sync/push", request).json())
        assert [verdict.status for verdict in answer.verdicts] == [VerdictStatus.OK]

    def test_a_changed_body_is_not_accepted(self, server: Server, tablet: HttpTablet) -> None:
        tablet.enrol(invite(server))
        answer = tablet.send("/v1/sync/pull", PullRequest(), sent_body=b'{"limit": 5}')
        assert (answer.status_code, answer.json()["code"]) == (401, "wrong_signature")

    def test_a_stale_nonce_comes_with_a_fresh_one(self, server: Server, tablet: HttpTablet) -> None:
        tablet.enrol(invite(server))
        server.factory.clock.now += NONCE_VALID_US + 1
        stale = tablet.send("/v1/sync/pull", PullRequest())
        assert (stale.status_code, stale.json()["code"]) == (401, "nonce_stale")
        assert tablet.send("/v1/sync/pull", PullRequest()).status_code == 200

    def test_a_nonce_of_another_device_is_worth_nothing(self, server: Server, client: TestClient) -> None:
        one, two = (HttpTablet(client, ec.generate_private_key(ec.SECP256R1())) for _ in range(2))
        one.enrol(invite(server))
        two.enrol(invite(server))
        one.nonce = two.nonce
        assert one.send("/v1/sync/pull", PullRequest()).json()["code"] == "nonce_stale"

    def test_another_content_under_a_known_number_is_a_clone(self, server: Server, tablet: HttpTablet) -> None:
        tablet.enrol(invite(server))
        pieces, outbox = server.released(), TabletSender(server, sender_of(tablet))
        outbox.scan(pieces[0])
        tablet.send("/v1/sync/push", PushRequest(incarnation="i1", commands=outbox.recorded))
        clone = TabletSender(server, sender_of(tablet))
        clone.scan(pieces[1])
        for _ in range(2):
            answer = PushAnswer.model_validate_json(
                tablet.send("/v1/sync/push", PushRequest(incarnation="i1", commands=clone.recorded)).content
            )
            assert [(v.status, v.code) for v in answer.verdicts] == [(VerdictStatus.PARKED, "quarantined")]
            assert (answer.is_cloned, answer.last_n) == (True, 1)
        assert server.piece(pieces[1].id).operations == []
        (pile,) = server.database.read(quarantine.piles)
        assert (pile.reason, pile.count) == ("cloned_device", 1)

    def test_an_unknown_device_is_told_to_enrol(self, tablet: HttpTablet) -> None:
        tablet.device_id = "01890000-0000-7000-8000-000000000000"
        assert tablet.send("/v1/sync/pull", PullRequest()).json()["code"] == "not_enrolled"


def sender_of(tablet: HttpTablet) -> Sender:
    return Sender(tablet.device_id, "i1")


def test_health_answers_when_the_database_does(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "server_epoch": EPOCH}
