"""The word about a picture, and that its bytes are here, as tables."""

import pytest

from shared.schemas.commands import AttachPhoto, ConfirmPhoto
from shared.schemas.door import Piece
from shared.schemas.quality import Photo
from tests.factory import START_US
from tests.shared.rules.bench import Bench, Table, check

PICTURE = "00000000-0000-7000-8000-0000000000e1"


def attach(bench: Bench) -> AttachPhoto:
    return AttachPhoto(photo_id=PICTURE, piece_id=bench.piece.id, sha256="a" * 64, byte_count=1_000)


def attached(bench: Bench) -> Bench:
    return bench.has(bench.decide(attach(bench), by="张伟"))


def without_the_piece(bench: Bench) -> AttachPhoto:
    command = attach(bench)
    bench.knows_no(Piece)
    return command


CONFIRM = ConfirmPhoto(photo_id=PICTURE)
PHOTOS: Table = {
    "a new one": (lambda b: b.decide(attach(b)), "ok: photo_attached"),
    "one that is known": (lambda b: attached(b).decide(attach(b)), "already"),
    "of an unknown piece": (lambda b: b.decide(without_the_piece(b)), "rejected piece_unknown: call_leader"),
    "its bytes": (lambda b: attached(b).decide(CONFIRM, by=None), "ok: photo_stored"),
    "its bytes again": (lambda b: attached(b).has(b.decide(CONFIRM, by=None)).decide(CONFIRM, by=None), "already"),
    "bytes of an unknown one": (lambda b: b.decide(CONFIRM, by=None), "rejected photo_unknown: call_leader"),
    "its bytes, by a person's word": (
        lambda b: attached(b).decide(CONFIRM),
        "rejected not_permitted: call_leader",
    ),
}


@pytest.mark.parametrize("case", PHOTOS)
def test_is_answered_as_the_table_says(case: str) -> None:
    check(case, PHOTOS)


def test_a_picture_names_its_piece_and_who_took_it() -> None:
    bench = attached(Bench())
    photo = bench.only(Photo)
    assert (photo.piece_id, photo.site_id) == (bench.piece.id, bench.factory.site.id)
    assert (photo.taken_by, photo.taken_at_us, photo.is_stored) == (bench.person_id("张伟"), START_US, False)


def test_bytes_that_are_here_are_marked_so() -> None:
    bench = attached(Bench())
    assert bench.has(bench.decide(CONFIRM, by=None)).only(Photo).is_stored
