"""The real pip, and what is said while it works."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mobile.web.builder import pip
from mobile.web.builder.pip import PipFailed, Progress, count_requirements, install, main

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def offline(tmp_path: Path) -> list[str]:
    """Arguments by which pip finds one small package of ours, and no other, without a network."""
    with zipfile.ZipFile(tmp_path / "tinydoor-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tinydoor.py", "")
        wheel.writestr("tinydoor-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tinydoor\nVersion: 1.0\n")
        wheel.writestr("tinydoor-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("tinydoor-1.0.dist-info/RECORD", "tinydoor.py,,\n")
    return ["--no-index", "--find-links", str(tmp_path), "--target", str(tmp_path / "target")]


class TestInstall:
    def test_says_how_many_of_how_many_while_it_installs(self, offline: list[str], tmp_path: Path) -> None:
        said: list[str] = []
        install([*offline, "tinydoor==1.0"], 1, said.append)
        assert (tmp_path / "target" / "tinydoor.py").exists()
        assert any("packages 1/1" in line for line in said)

    def test_is_never_silent_for_long(
        self, offline: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pip, "SILENT_S_MAX", 0.02)
        said: list[str] = []
        install([*offline, "tinydoor==1.0"], 1, said.append)
        assert (tmp_path / "target" / "tinydoor.py").exists()
        assert len([line for line in said if line.endswith(" s")]) >= 3

    def test_hands_on_what_pip_said_where_it_fails(self, offline: list[str]) -> None:
        with pytest.raises(PipFailed, match="No matching distribution found for nodoor"):
            install([*offline, "nodoor==1.0"], 1, lambda _: None)

    def test_as_a_command_it_ends_in_both_languages(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        pins = tmp_path / "pins.txt"
        pins.write_text(f"--no-index\nnodoor==1.0 --hash=sha256:{'0' * 64}\n")
        assert main(pins) == 1
        told = capsys.readouterr().err
        assert "请检查网络" in told
        assert "could not be installed" in told


def test_a_package_counts_once_and_its_download_is_named() -> None:
    progress = Progress(93)
    for line in (
        "Collecting flet-web==1.0.5 (from -r requirements/dev.txt (line 3))",
        "  Downloading flet_web-1.0.5-py3-none-any.whl (85.3 MB)",
        "Requirement already satisfied: six==1.17.0 in ./lib (from -r requirements/dev.txt (line 4))",
        "  Using cached six-1.17.0-py2.py3-none-any.whl (11 kB)",
    ):
        progress.hear(line)
    assert str(progress) == "  Python 包 packages 2/93: Using cached six-1.17.0-py2.py3-none-any.whl (11 kB)"


def test_every_pin_is_counted_with_and_without_extras(tmp_path: Path) -> None:
    pins = tmp_path / "pins.txt"
    pins.write_text(
        "--only-binary :all:\nflet[web]==1.0.5 \\\n    --hash=sha256:00\nsix==1 ; python_version > '3'\n# a==1\n"
    )
    assert count_requirements(pins) == 2
    assert count_requirements(ROOT / "requirements" / "browser.txt") >= 12


def test_it_runs_before_anything_is_installed() -> None:
    program = [sys.executable, "-S", "-c", "import mobile.web.builder.pip; import pydantic"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "No module named 'pydantic'" in done.stderr, "-S must leave out what is installed, or this proves nothing"
