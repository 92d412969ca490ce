"""A file that stands for a printer is looked into: no person is asked whether a label came out of it."""

import random
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from labels.bitmap import Bitmap
from labels.rolls import template_of
from labels.tspl import tspl_label
from labels.zpl import zpl_label
from shared.schemas.printing import LabelSize, PrinterLanguage, PrintHead
from sync_server.printing import delivery
from sync_server.printing.addresses import FOLDER, open_address
from sync_server.printing.delivery import Doubt, Outcome, Printer, deliver
from sync_server.printing.dialects import dialect_of, whole_labels_bytes
from sync_server.printing.lines import File, Line, open_line
from tests.sync_server.printing.test_delivery import CODES, LABELS, Notes, PowerCutError

ADDRESS = "file:labels.zpl"


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "POLL_S", 0.0)
    monkeypatch.setattr(delivery, "RECONNECT_S", 0.0)


class CutShort:
    """A line to a file whose server loses its power in the middle of some labels."""

    def __init__(self, line: Line, path: Path, cuts: list[int]) -> None:
        self._line, self._path, self._cuts = line, path, cuts

    def send(self, data: bytes) -> None:
        if self._cuts:
            with self._path.open("ab") as file:
                file.write(data[: self._cuts.pop()])
            raise PowerCutError
        self._line.send(data)

    def ask(self, question: bytes, timeout_s: float) -> bytes:
        return self._line.ask(question, timeout_s)


def run(data_dir: Path, notes: Notes, cuts: list[int]) -> Outcome:
    path = data_dir / FOLDER / "labels.zpl"

    @contextmanager
    def opened() -> Generator[Line]:
        with open_address(ADDRESS, data_dir) as line:
            yield CutShort(line, path, cuts)

    way = Printer(opened, dialect_of(ADDRESS, PrinterLanguage.ZPL, data_dir), time.sleep)
    while True:
        try:
            return deliver(notes, way, LABELS)
        except PowerCutError:
            continue  # the power is back, and the server starts again


def printed(data_dir: Path) -> list[str]:
    """The codes of the whole labels in the file."""
    labels = (data_dir / FOLDER / "labels.zpl").read_bytes().split(b"^XZ\n")[:-1]
    return [label.rpartition(b"^FX ")[2].partition(b"^FS")[0].decode() for label in labels]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_breaks_each_label_is_in_the_file_once_and_nobody_is_asked(seed: int, tmp_path: Path) -> None:
    seeded = random.Random(seed)
    notes = Notes(power_cuts=set(seeded.sample(range(1, 50), 5)))
    cuts = [seeded.randint(0, len(LABELS[0]) - 1) for _ in range(3)]
    assert run(tmp_path, notes, cuts) is Outcome.DONE
    assert printed(tmp_path) == CODES


def test_a_file_that_was_taken_away_meanwhile_leaves_the_label_to_a_person(tmp_path: Path) -> None:
    notes = Notes(done=2, doubt=Doubt(3, 1_000_000))
    assert run(tmp_path, notes, []) is Outcome.IN_DOUBT


def test_a_label_of_either_language_counts_when_all_of_it_is_there(tmp_path: Path) -> None:
    bitmap = Bitmap(480, 320, bytes(60 * 320))
    whole = {
        PrinterLanguage.ZPL: zpl_label(bitmap, CODES[0]),
        PrinterLanguage.TSPL: tspl_label(bitmap, template_of(LabelSize.SIZE_60X40, PrintHead.DPI_203)),
    }
    for language, label in whole.items():
        path = tmp_path / language
        assert whole_labels_bytes(path, language) == 0
        with open_line(File(path)) as line:
            for count in (1, 2):
                line.send(label)
                assert whole_labels_bytes(path, language) == count * len(label)
            line.send(label[:-1])
        assert whole_labels_bytes(path, language) == 2 * len(label)


def test_a_device_of_the_server_is_asked_like_any_printer(tmp_path: Path) -> None:
    in_words = dialect_of("192.168.1.50", PrinterLanguage.ZPL, tmp_path)
    assert dialect_of("file:/dev/usb/lp0", PrinterLanguage.ZPL, tmp_path) is in_words
    assert dialect_of(ADDRESS, PrinterLanguage.ZPL, tmp_path) is not in_words


def test_a_file_that_cannot_be_read_is_no_count(tmp_path: Path) -> None:
    assert whole_labels_bytes(tmp_path, PrinterLanguage.ZPL) is None
