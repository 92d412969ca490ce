"""`mumen labels`: a sheet of the demo factory, and of one order."""

import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pypdfium2
import pytest
from PIL import Image

from labels.reading.ladder import read_picture
from labels.reading.readers import texts
from mobile.web.builder.fonts import ensure_fonts
from mumen.cli import main
from mumen.commands.labels.samples import SAMPLES


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


@pytest.fixture
def built(factory: Path) -> Path:
    ensure_fonts(factory / "build", lambda _: None)
    return factory


class TestMake:
    def test_without_fonts_says_what_to_do(self, factory: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["labels", "make", "--out", str(factory / "labels.pdf")]) == 1
        assert "make run" in capsys.readouterr().err

    def test_writes_labels_that_can_be_scanned(self, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = built / "labels.pdf"
        assert main(["labels", "make", "--out", str(out)]) == 0
        assert text_of(out).count("MD-") >= 40
        capsys.readouterr()
        assert main(["labels", "verify", str(out)]) == 0
        assert "48 labels read, 0 not" in capsys.readouterr().out

    @pytest.mark.parametrize("command", [["make"], ["preview", "piece"]])
    def test_a_folder_that_does_not_exist_is_said_to_and_not_made(
        self, built: Path, capsys: pytest.CaptureFixture[str], command: list[str]
    ) -> None:
        suffix = "pdf" if command == ["make"] else "png"
        assert main(["labels", *command, "--out", str(built / "new" / f"labels.{suffix}")]) == 1
        said = capsys.readouterr().err
        assert f"没有文件夹 {built / 'new'}" in said
        assert f"There is no folder {built / 'new'}" in said
        assert not (built / "new").exists()

    def test_the_folder_that_is_our_own_is_made(self, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(built / "data")
        assert main(["labels", "preview"]) == 0
        assert (built / "data" / "build" / "preview.png").exists()

    def test_an_order_that_does_not_exist_is_said_to(self, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["labels", "make", "MD-NONE", "--out", str(built / "labels.pdf")]) == 1
        assert "MD-NONE" in capsys.readouterr().err

    @pytest.mark.parametrize(("suffix", "starts"), [(".zpl", b"^XA^FX D1"), (".tspl", b"SIZE 60 mm,40 mm")])
    def test_speaks_printers_languages(self, built: Path, suffix: str, starts: bytes) -> None:
        out = built / f"labels{suffix}"
        assert main(["labels", "make", "--size", "60x40", "--dpi", "300", "--out", str(out)]) == 0
        sent = out.read_bytes()
        assert sent.startswith(starts)
        assert sent.count(b"^XZ\n" if suffix == ".zpl" else b"\r\nPRINT 1,1\r\n") == 48

    @pytest.mark.parametrize(("out", "said"), [("labels.doc", ".zpl"), ("labels.zpl", "--size 60x40")])
    def test_says_what_it_can_do(
        self, built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], out: str, said: str
    ) -> None:
        monkeypatch.chdir(built)
        assert main(["labels", "make", "--out", out]) == 1
        assert said in capsys.readouterr().err


class TestVerify:
    def test_names_the_label_that_cannot_be_read(self, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with Image.new("L", (1680, 2376), 255) as page:
            page.paste(0, (70, 140, 190, 260))  # a black square where a code should be
            page.save(built / "labels.pdf", "PDF", resolution=203)
        assert main(["labels", "verify", str(built / "labels.pdf")]) == 1
        said = capsys.readouterr()
        assert "第 1 页第 1 张" in said.err
        assert "0 labels read, 1 not" in said.out

    def test_what_is_no_pdf_is_told_before_anything_heavy_is_loaded(self, tmp_path: Path) -> None:
        (tmp_path / "README.md").write_text("# Mumen")
        command = f"import sys; from mumen.cli import main; main(['labels', 'verify', {str(tmp_path / 'README.md')!r}])"
        loaded = "; print([one for one in ('pypdfium2', 'pyzbar', 'zxingcpp') if one in sys.modules])"
        ran = subprocess.run([sys.executable, "-c", command + loaded], capture_output=True, text=True, check=True)
        assert "不是标签 PDF" in ran.stderr
        assert ran.stdout.strip() == "[]"

    @pytest.mark.parametrize("content", [b"", b"no PDF at all"])
    def test_says_what_is_no_pdf(self, built: Path, capsys: pytest.CaptureFixture[str], content: bytes) -> None:
        (built / "labels.pdf").write_bytes(content)
        assert main(["labels", "verify", str(built / "labels.pdf")]) == 1
        assert "is no PDF" in capsys.readouterr().err

    @pytest.mark.parametrize(("size", "named"), [("60x40", "a4-3x8"), ("a4-60x40", "a4-3x8"), ("100x70", "60x40")])
    def test_says_which_size_a_sheet_has_that_was_named_wrongly(
        self, built: Path, capsys: pytest.CaptureFixture[str], size: str, named: str
    ) -> None:
        out = str(built / "labels.pdf")
        assert main(["labels", "make", "--size", size, "--out", out]) == 0
        capsys.readouterr()
        assert main(["labels", "verify", out, "--size", named]) == 1
        assert f"is not of size {named} but {size}" in capsys.readouterr().err
        assert main(["labels", "verify", out, "--size", size]) == 0

    def test_a_file_that_is_not_there_is_said_to(self, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["labels", "verify", str(built / "none.pdf")]) == 1
        assert "none.pdf cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_can_be_looked_at(built: Path, kind: str) -> None:
    assert main(["labels", "preview", kind, "--out", str(built / "preview.png")]) == 0
    with Image.open(built / "preview.png") as picture:
        assert SAMPLES[kind][0].code in texts(read_picture(picture).found)


@pytest.mark.parametrize(
    ("suffix", "starts"),
    [(".png", b"\x89PNG"), (".PDF", b"%PDF"), (".zpl", b"^XA^FX D1"), (".tspl", b"SIZE 60 mm,40 mm")],
)
def test_a_preview_is_what_its_name_says(built: Path, suffix: str, starts: bytes) -> None:
    out = built / f"preview{suffix}"
    assert main(["labels", "preview", "--out", str(out)]) == 0
    assert out.read_bytes().startswith(starts)


@pytest.mark.parametrize("name", ["preview.jpg", "preview"])
def test_a_preview_of_another_kind_is_refused(built: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["labels", "preview", "--out", str(built / name)]) == 1
    assert f"{name}: use one of .png .pdf .zpl .tspl" in capsys.readouterr().err
    assert not (built / name).exists()


@pytest.mark.usefixtures("built")
class TestTestPrinter:
    def test_sends_one_label(self, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
        printed = built / "printer"
        assert main(["labels", "test-printer", f"file:{printed}", "--printer-language", "tspl"]) == 0
        assert printed.read_bytes().count(b"PRINT 1,1") == 1
        assert "--printer-language 换成 zpl" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("address", "said"),
        [
            ("a b", "is no printer's address"),
            ("127.0.0.1:1", "cannot be reached"),
            ("127.0.0.1:99999", "端口不对"),
            ("127.0.0.1:99999", "The port of '127.0.0.1:99999' cannot be"),
        ],
    )
    def test_says_what_to_do_where_there_is_none(
        self, capsys: pytest.CaptureFixture[str], address: str, said: str
    ) -> None:
        assert main(["labels", "test-printer", address]) == 1
        assert said in capsys.readouterr().err
