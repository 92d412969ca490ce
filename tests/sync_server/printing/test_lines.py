"""Lines to printers: a real socket, a file, and what is said where there is no printer."""

import socket
import struct
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from sync_server.printing import lines
from sync_server.printing.addresses import check_address
from sync_server.printing.lines import (
    Address,
    File,
    Network,
    PrinterFault,
    PrinterLost,
    System,
    WrongAddress,
    open_line,
    parse_address,
)


class Printer:
    """Somebody who listens at a port, takes so many bytes, answers, and hangs up."""

    def __init__(self, takes: int | None = None, answer: bytes = b"") -> None:
        self.got = bytearray()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = Network("127.0.0.1", self._listening.getsockname()[1])
        self._takes, self._answer = takes, answer
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listening.accept()
        with connection:
            while more := connection.recv(1024):
                self.got += more
                if self._takes is not None and len(self.got) >= self._takes:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return
                if self._answer:
                    connection.sendall(self._answer)

    def close(self) -> None:
        self._thread.join(10)
        self._listening.close()


@pytest.fixture
def printer() -> Generator[Printer, None, None]:
    made = Printer(answer=b"ready")
    yield made
    made.close()


ADDRESSES: dict[str, Address] = {
    "192.168.1.50": Network("192.168.1.50"),
    " printer.local:9101 ": Network("printer.local", 9101),
    "[fe80::1]:9100": Network("fe80::1"),
    "fe80::1": Network("fe80::1"),
    "system:Zebra ZD421": System("Zebra ZD421"),
    "file:/tmp/labels.zpl": File(Path("/tmp/labels.zpl")),  # noqa: S108 - only a name
}


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_what_it_looks_like(text: str) -> None:
    assert parse_address(text) == ADDRESSES[text]


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "a b", "http://printer", "host:0", "host:99999", "host:x", "host:²", ":9100"),
        *("999.1.1.1", "192.168.1", "192.168.1.50.", "7", "192.168.1.256:9100", "192.168.1.50:70000", "[::1]:70000"),
        *("system:", "file:", "system: ", " file :", "http://192.168.1.50", "https://printer:9100/x", "ipp://printer"),
        *("192.168.1.50:9100:70000", "fe80::xyz", "[1.2.3.4.5]", "printer..", "打印机", "-host", "host-"),
    ],
)
def test_what_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(WrongAddress, match=r"192\.168\.1\.50"):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [("http://192.168.1.50", "网页的地址"), ("system:", "“system:”后面要写名字"), ("file: ", "“file:”后面要写名字")],
)
def test_what_looks_like_something_else_is_called_what_it_is(text: str, said: str) -> None:
    with pytest.raises(WrongAddress) as raised:
        parse_address(text)
    assert said in raised.value.message
    assert "端口不对" not in raised.value.message


class TestNetwork:
    def test_takes_everything_and_answers(self, printer: Printer) -> None:
        with open_line(printer.address) as line:
            line.send(b"^XA^XZ")
            assert line.ask(b"~HS", 5).startswith(b"ready")
        printer.close()
        assert bytes(printer.got) == b"^XA^XZ~HS"

    def test_one_that_is_silent_says_nothing(self) -> None:
        printer = Printer()
        with open_line(printer.address) as line:
            assert line.ask(b"~HS", 0.1) == b""
        printer.close()

    def test_one_that_hangs_up_is_lost(self) -> None:
        printer = Printer(takes=100)
        with open_line(printer.address) as line, pytest.raises(PrinterLost, match="broke off"):
            line.send(b"x" * 50_000_000)
        printer.close()

    def test_one_that_stops_reading_is_lost(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lines, "SEND_TIMEOUT_S", 0.2)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = Network("127.0.0.1", silent.getsockname()[1])
            with open_line(address) as line, pytest.raises(PrinterLost, match="paper"):
                line.send(b"x" * 50_000_000)

    def test_one_that_is_not_there_is_said_to_be(self) -> None:
        with pytest.raises(PrinterFault, match="is it on"), open_line(Network("127.0.0.1", 1)):
            pass


class TestFile:
    def test_is_added_to(self, tmp_path: Path) -> None:
        for data in (b"one", b"two"):
            with open_line(File(tmp_path / "printed")) as line:
                line.send(data)
                assert line.ask(b"?", 1) == b""
        assert (tmp_path / "printed").read_bytes() == b"onetwo"

    def test_that_cannot_be_written_is_said_to_be(self, tmp_path: Path) -> None:
        with open_line(File(tmp_path)) as line, pytest.raises(PrinterFault, match="cannot be written"):
            line.send(b"x")


class TestSystem:
    def test_hands_it_to_the_printing_system(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        spooled = tmp_path / "spooled"
        pretend(tmp_path, f'echo "$@" >{spooled}.args\ncat >{spooled}\n', monkeypatch)
        with open_line(System("Zebra")) as line:
            line.send(b"^XA^XZ")
            assert line.ask(b"?", 1) == b""
        assert spooled.read_bytes() == b"^XA^XZ"
        assert (tmp_path / "spooled.args").read_text().split() == ["-d", "Zebra", "-o", "raw", "-s", "-"]

    def test_says_why_the_printing_system_refuses(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        pretend(tmp_path, "echo 'lp: No such printer' >&2\nexit 1\n", monkeypatch)
        with open_line(System("None")) as line, pytest.raises(PrinterFault, match="No such printer"):
            line.send(b"x")

    def test_says_so_where_there_is_no_printing_system(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with open_line(System("Zebra")) as line, pytest.raises(PrinterFault, match="no printing system"):
            line.send(b"x")


def pretend(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A printing system of our own, for none is installed here."""
    lp = folder / "lp"
    lp.write_text(f"#!/bin/sh\n{script}")
    lp.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize("text", ["file:/etc/passwd", "file:../x", "file:a/b", "file:/dev/sda", "file:.hidden"])
def test_the_offices_list_leads_to_no_other_file_of_the_server(text: str, tmp_path: Path) -> None:
    with pytest.raises(WrongAddress):
        check_address(text, tmp_path)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("file:/dev/usb/lp0", File(Path("/dev/usb/lp0"))),
        ("system:Zebra", System("Zebra")),
        ("10.0.0.7", Network("10.0.0.7")),
    ],
)
def test_the_offices_list_leads_to_printers(text: str, address: Address, tmp_path: Path) -> None:
    assert check_address(text, tmp_path) == address
    assert check_address("file:labels.zpl", tmp_path) == File(tmp_path / "printouts" / "labels.zpl")
