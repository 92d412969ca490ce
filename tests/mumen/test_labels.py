"""`mumen labels`: a sheet of the demo factory, and of one order."""

import io
import shutil
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest

from mobile.web.builder.fonts import ensure_fonts
from mumen.cli import main


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("demo") / "data"
    assert main(["demo", "--data-dir", str(data)]) == 0
    return data


@pytest.fixture
def factory(told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(told, tmp_path / "data")
    monkeypatch.setenv("MUMEN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MUMEN_BUILD_DIR", str(tmp_path / "build"))
    return tmp_path


def text_of(path: Path) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(path.read_bytes()))
    text = "".join(str(cast("Any", page.get_textpage()).get_text_bounded()) for page in document)
    document.close()
    return text


def test_without_fonts_it_says_what_to_do(factory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["labels", "--out", str(factory / "labels.pdf")]) == 1
    assert "make run" in capsys.readouterr().err


def test_it_writes_labels_that_can_be_scanned(factory: Path) -> None:
    ensure_fonts(factory / "build", lambda _: None)
    assert main(["labels", "--out", str(factory / "labels.pdf")]) == 0
    text = text_of(factory / "labels.pdf")
    assert text.count("MD-") >= 40


def test_an_order_that_does_not_exist_is_said_to(factory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ensure_fonts(factory / "build", lambda _: None)
    assert main(["labels", "MD-NONE", "--out", str(factory / "labels.pdf")]) == 1
    assert "MD-NONE" in capsys.readouterr().err
