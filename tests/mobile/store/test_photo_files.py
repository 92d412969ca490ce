"""What a device knows of the pictures that it keeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mobile.store import photo_files
from mobile.store.database import Store
from mobile.store.photo_files import GONE_SHOWN_US, KEPT_US, PhotoState

ONE, TWO = "1" * 64, "2" * 64
EPOCH = 3
NOW_US = 1_795_000_000_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(str(tmp_path / "mumen.db"))
    yield store
    store.close()


def take(store: Store, sha256: str, at_us: int = 0) -> None:
    photo_files.add(store, sha256, 700, "image/jpeg", at_us)


class TestNextDue:
    def test_is_the_oldest_that_waits_and_is_not_put_off(self, store: Store) -> None:
        take(store, TWO, 5)
        take(store, ONE, 7)
        first = photo_files.next_due(store, EPOCH, [])
        assert first
        assert (first.sha256, first.byte_count, first.upload) == (TWO, 700, None)
        second = photo_files.next_due(store, EPOCH, [TWO])
        assert second
        assert second.sha256 == ONE
        assert photo_files.next_due(store, EPOCH, [ONE, TWO]) is None

    def test_is_also_one_that_was_proved_in_another_epoch(self, store: Store) -> None:
        take(store, ONE)
        photo_files.settle(store, ONE, PhotoState.STORED, EPOCH, NOW_US)
        assert photo_files.next_due(store, EPOCH, []) is None
        assert photo_files.counts(store) == (0, 0)
        assert photo_files.next_due(store, EPOCH + 1, []) is not None

    def test_is_never_one_that_is_gone(self, store: Store) -> None:
        take(store, ONE)
        photo_files.settle(store, ONE, PhotoState.GONE, EPOCH, NOW_US)
        assert photo_files.next_due(store, EPOCH + 1, []) is None
        assert photo_files.counts(store) == (0, 1)


class TestAdd:
    def test_leaves_what_is_known_alone(self, store: Store) -> None:
        take(store, ONE)
        photo_files.keep_upload(store, ONE, "/v1/photos/uploads/1")
        take(store, ONE)
        due = photo_files.next_due(store, EPOCH, [])
        assert due
        assert due.upload == "/v1/photos/uploads/1"
        photo_files.settle(store, ONE, PhotoState.STORED, EPOCH, NOW_US)
        take(store, ONE)
        assert photo_files.counts(store) == (0, 0)

    def test_of_one_that_was_gone_lets_it_wait_again(self, store: Store) -> None:
        take(store, ONE)
        photo_files.settle(store, ONE, PhotoState.GONE, EPOCH, NOW_US)
        take(store, ONE)
        assert photo_files.counts(store) == (1, 0)


@pytest.mark.parametrize(
    ("state", "epoch", "kept_us"),
    [(PhotoState.STORED, EPOCH, KEPT_US), (PhotoState.GONE, EPOCH, GONE_SHOWN_US)],
)
def test_what_need_not_be_kept_any_longer(store: Store, state: PhotoState, epoch: int, kept_us: int) -> None:
    for sha256 in (ONE, TWO):
        take(store, sha256)
    photo_files.settle(store, ONE, state, epoch, NOW_US)
    assert photo_files.outlived(store, EPOCH, NOW_US + kept_us) == []
    assert photo_files.outlived(store, EPOCH, NOW_US + kept_us + 1) == [ONE]
    other_epoch = photo_files.outlived(store, EPOCH + 1, NOW_US + kept_us + 1)
    assert other_epoch == ([] if state is PhotoState.STORED else [ONE])
    photo_files.forget(store, ONE)
    assert photo_files.known(store) == {TWO}


def test_one_that_was_settled_at_no_known_time_is_kept_for_good(store: Store) -> None:
    take(store, ONE)
    photo_files.settle(store, ONE, PhotoState.GONE, EPOCH, None)
    assert photo_files.outlived(store, EPOCH, 2**62) == []
