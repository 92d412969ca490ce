"""What a machine lacks for a printer: asked of a printing system of our own, for none is installed here."""

from pathlib import Path

import pytest

from sync_server.printing import system_printers
from sync_server.printing.lines import File, Network, System, WrongAddress
from sync_server.printing.system_printers import check_known, missing_now


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    """Only these programs are there, by what each does."""
    for name, script in programs.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_a_printer_that_the_system_knows_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, lp="exit 0", lpstat='[ "$1" = -e ] && echo Zebra && echo TSC_1')
    check_known(System("TSC_1"))
    with pytest.raises(WrongAddress, match=r"does not know 'Gone'\. It has: Zebra, TSC_1"):
        check_known(System("Gone"))


@pytest.mark.parametrize(
    ("programs", "said"),
    [
        ({}, "没有打印系统"),
        ({"lp": "exit 0", "lpstat": "exit 1"}, "没有回答"),
        ({"lp": "exit 0", "lpstat": "while :; do :; done"}, "没有回答"),
        ({"lp": "exit 0", "lpstat": "exit 0"}, "还没有打印机"),
    ],
)
def test_what_the_system_lacks_is_said_with_what_to_do(
    programs: dict[str, str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_printers, "ASKED_S", 0.5)
    install(tmp_path, monkeypatch, **programs)
    with pytest.raises(WrongAddress) as raised:
        check_known(System("Zebra"))
    assert said in raised.value.message


def test_where_nobody_can_be_asked_the_name_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, lp="exit 0")
    check_known(System("Zebra"))
    assert missing_now(System("Zebra")) is None


def test_what_is_missing_at_the_moment_is_seen_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch)
    assert "没有打印系统" in (missing_now(System("Zebra")) or ("",))[0]
    assert "USB" in (missing_now(File(Path("/dev/usb/lp98"))) or ("",))[0]
    for there in (File(tmp_path / "labels.zpl"), Network("192.168.1.50")):
        assert missing_now(there) is None
        check_known(there)
