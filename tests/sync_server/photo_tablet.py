"""A tablet that speaks tus over HTTP and signs what it sends; a picture is any bytes."""

import base64
import hashlib
from dataclasses import dataclass

from httpx2 import Response

from shared.canonical import sha256_hex
from shared.schemas import tus
from shared.schemas.commands import AttachPhoto
from shared.schemas.door import Piece
from shared.schemas.identifiers import PHOTO_CHUNK_BYTES
from shared.schemas.quality import PhotoKind
from shared.schemas.sync import HEADER_NEXT_NONCE, VerdictStatus
from sync_server.devices.push import Sender
from tests.sync_server.server import Server, TabletSender
from tests.sync_server.test_api import HttpTablet, invite

RESUMABLE = {tus.HEADER_RESUMABLE: tus.TUS_VERSION}


def picture(byte_count: int, seed: str = "") -> bytes:
    """Bytes that no other picture has."""
    return hashlib.shake_256(seed.encode()).digest(byte_count)


def described(content: bytes, media_type: str = "image/jpeg", **more: str) -> str:
    """What `Upload-Metadata` says of these bytes."""
    return tus.metadata_text({tus.META_SHA256: sha256_hex(content), tus.META_MEDIA_TYPE: media_type, **more})


def checksum(algorithm: str, content: bytes) -> str:
    """The value of `Upload-Checksum`."""
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


@dataclass
class PhotoTablet(HttpTablet):
    """An enrolled tablet and its requests about photos."""

    def ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        *,
        sent_method: str | None = None,
        sent_body: bytes | None = None,
    ) -> Response:
        """A signed request; `headers` go beside those of the signature, and take their place where they name them.

        What is sent may differ from what was signed.
        """
        content = body if sent_body is None else sent_body
        sent = self.signed(method, path, body) | (headers or {})
        answer = self.client.request(sent_method or method, path, content=content, headers=sent)
        self.nonce = answer.headers.get(HEADER_NEXT_NONCE, self.nonce)
        return answer

    def post(self, content: bytes, **headers: str) -> Response:
        """Announces these bytes; header names with `_` for `-`."""
        said = {tus.HEADER_LENGTH: str(len(content)), tus.HEADER_METADATA: described(content)}
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", tus.PHOTOS_PATH, RESUMABLE | said | changed)

    def begin(self, content: bytes) -> str:
        """The path of a new upload."""
        answer = self.post(content)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def head(self, path: str) -> Response:
        """How far an upload is."""
        return self.ask("HEAD", path, RESUMABLE)

    def offset(self, path: str) -> int:
        """How far an upload is, where it is there."""
        return int(self.head(path).headers[tus.HEADER_OFFSET])

    def patch(self, path: str, offset: int, chunk: bytes, **headers: str) -> Response:
        """Sends a chunk."""
        said = {tus.HEADER_OFFSET: str(offset), "Content-Type": tus.CHUNK_TYPE}
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("PATCH", path, RESUMABLE | said | changed, chunk)

    def upload(self, content: bytes) -> Response:
        """Sends everything; the last answer."""
        path = self.begin(content)
        answer = self.head(path)
        for start in range(0, len(content), PHOTO_CHUNK_BYTES):
            answer = self.patch(path, start, content[start : start + PHOTO_CHUNK_BYTES])
            if answer.status_code != 204:
                break
        return answer

    def prove(self, content: bytes) -> int:
        """The status of the server's proof."""
        return self.ask("HEAD", f"{tus.PHOTOS_PATH}/{sha256_hex(content)}").status_code

    def fetch(self, content: bytes) -> Response:
        """The picture as the server gives it back."""
        return self.ask("GET", f"{tus.PHOTOS_PATH}/{sha256_hex(content)}")


def enrolled(server: Server, tablet: PhotoTablet) -> PhotoTablet:
    """The tablet, let in."""
    assert tablet.enrol(invite(server)).status_code == 200
    return tablet


def attach(server: Server, tablet: HttpTablet, piece: Piece, content: bytes, kind: PhotoKind = PhotoKind.PHOTO) -> str:
    """The tablet's word about a photo of this piece arrives; gives the photo's id."""
    photo_id = server.factory.mint.new_id()
    outbox = TabletSender(server, Sender(tablet.device_id, "i1"))
    sha256, byte_count = sha256_hex(content), len(content)
    outbox.record(AttachPhoto(photo_id=photo_id, piece_id=piece.id, kind=kind, sha256=sha256, byte_count=byte_count))
    assert outbox.statuses() == [VerdictStatus.OK]
    return photo_id
