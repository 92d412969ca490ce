"""Photographs in the office: shown to whoever may see the office, and nothing but pictures."""

import pytest

from shared.canonical import sha256_hex
from shared.schemas.commands import PutMasterData
from shared.schemas.door import Piece
from shared.schemas.people import Role
from shared.schemas.quality import PhotoKind
from tests.sync_server.office.conftest import Office

CONTENT = b"\xff\xd8 a picture"
SHA256 = sha256_hex(CONTENT)
PATH = f"/photos/{SHA256}"


@pytest.fixture
def piece(office: Office) -> Piece:
    """A piece with a photo that is announced."""
    leaf = office.server.released()[0]
    office.attach_photo(leaf.id, CONTENT, PhotoKind.PHOTO)
    office.sign_in()
    return leaf


def sign_in_as(office: Office, role: Role) -> None:
    """Somebody signs in who has this role and no other."""
    person = office.server.factory.people["吴刚"].model_copy(update={"roles": [role]})
    office.server.system(PutMasterData(people=[person]))
    assert office.sign_in("吴刚").status_code == 303


def test_a_photo_is_shown_on_its_pieces_page_and_by_its_hash(office: Office, piece: Piece) -> None:
    assert "还没有传到" in office.client.get(f"/pieces/{piece.id}").text
    office.receive_photo(CONTENT)
    page = office.client.get(f"/pieces/{piece.id}").text
    assert f'src="{PATH}"' in page
    assert "照片已传到" in page
    answer = office.client.get(PATH)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_browser_that_has_it_is_asked_for_its_right_and_sent_nothing(office: Office, piece: Piece) -> None:
    del piece
    office.receive_photo(CONTENT)
    known = {"If-None-Match": office.client.get(PATH).headers["etag"]}
    again = office.client.get(PATH, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    office.client.cookies.clear()
    assert office.client.get(PATH, headers=known, follow_redirects=False).status_code == 303


def test_what_claims_another_type_is_shown_as_nothing(office: Office, piece: Piece) -> None:
    page = b"<script>alert(1)</script>"
    path = office.attach_photo(piece.id, page, PhotoKind.PHOTO, "text/html")
    office.receive_photo(page)
    answer = office.client.get(path)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_what_cannot_be_shown_is_said_in_words(office: Office, piece: Piece) -> None:
    del piece
    unknown = office.client.get(f"/photos/{'0' * 64}")
    assert (unknown.status_code, "没有这张照片" in unknown.text) == (404, True)
    assert office.client.get("/photos/..%2F..%2Fetc").status_code == 404
    waiting = office.client.get(PATH)
    assert (waiting.status_code, "联网后会自动上传" in waiting.text) == (404, True)
    office.receive_photo(CONTENT)
    office.services.blobs.path(SHA256).write_bytes(b"?")
    lost = office.client.get(PATH)
    assert (lost.status_code, "丢失或损坏" in lost.text) == (404, True)


@pytest.mark.parametrize("kinds", [(PhotoKind.SIGNATURE,), (PhotoKind.SIGNATURE, PhotoKind.PHOTO)])
def test_a_signature_is_shown_to_those_who_may_see_customers(
    office: Office, piece: Piece, kinds: tuple[PhotoKind, ...]
) -> None:
    name = b"\xff\xd8 a name"
    path = {office.attach_photo(piece.id, name, kind) for kind in kinds}.pop()
    office.receive_photo(name)
    assert office.client.get(path).content == name
    assert f'src="{path}"' in office.client.get(f"/pieces/{piece.id}").text
    etag = office.client.get(path).headers["etag"]
    sign_in_as(office, Role.PURCHASER)
    for headers in ({}, {"If-None-Match": etag}):
        refused = office.client.get(path, headers=headers)
        assert (refused.status_code, "没有权限" in refused.text) == (403, True)
    assert "只给能看客户资料的人看" in office.client.get(f"/pieces/{piece.id}").text
