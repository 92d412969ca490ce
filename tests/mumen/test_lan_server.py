"""`mumen serve --lan` as a process, with its own certificate and with one that somebody gives it."""

import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from benchmarks.browsing.serving import free_port
from mumen.cli import main
from mumen.lan.addresses import lan_addresses
from mumen.lan.authority import CertificateFiles, ensure_authority, ensure_certificate
from mumen.serving.origin import known_origin
from tests.mumen.process import body_of, finished, lines_until, running

ORIGIN = "https://mumen.test"


def given(folder: Path) -> tuple[CertificateFiles, CertificateFiles]:
    """Somebody else's authority, and a certificate of theirs for this machine."""
    authority = ensure_authority(folder, time.time_ns() // 1_000)
    return authority, ensure_certificate(folder, authority, ["localhost"], time.time_ns() // 1_000)


def sound(data_dir: Path) -> list[str]:
    """Flags with which nothing is wrong."""
    return ["--data-dir", str(data_dir), "--port", str(free_port()), "--connect-port", str(free_port())]


def health_over_tls(port: int, authority: Path) -> bytes:
    context = ssl.create_default_context(cafile=str(authority))
    end = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"https://localhost:{port}/healthz", context=context, timeout=5) as answer:
                return bytes(answer.read())
        except urllib.error.URLError as error:
            if isinstance(error.reason, ssl.SSLError) or time.monotonic() > end:
                raise
            time.sleep(0.05)


def test_a_given_certificate_is_used_and_no_authority_made(tmp_path: Path) -> None:
    authority, files = given(tmp_path / "theirs")
    port, connect_port = free_port(), free_port()
    command = ("serve", "--lan", "--host", "127.0.0.1", "--port", str(port), "--connect-port", str(connect_port))
    own = ("--public-url", ORIGIN, "--cert", str(files.certificate), "--key", str(files.key))
    with running(tmp_path / "data", *command, *own) as server:
        printed = "".join(lines_until(server, "/connect"))
        assert b'"ok"' in health_over_tls(port, authority.certificate)
        guide = body_of(f"http://127.0.0.1:{connect_port}/connect").decode()
    assert "证书指纹" not in printed
    assert "下载证书" not in guide
    assert f"{ORIGIN}/app/" in guide
    assert not (tmp_path / "data" / "tls").exists()


def test_without_a_name_it_chooses_what_this_network_can_find_and_says_so(tmp_path: Path) -> None:
    if not lan_addresses():
        done = finished(tmp_path, "serve", "--lan", "--port", str(free_port()))
        assert (done.returncode, "--public-url" in done.stderr) == (1, True)
        return
    port = free_port()
    with running(tmp_path, "serve", "--lan", "--port", str(port), "--connect-port", str(free_port())) as server:
        printed = "".join(lines_until(server, "证书指纹"))
        assert b'"ok"' in health_over_tls(port, tmp_path / "tls" / "mumen-ca.crt")
    origin = known_origin(tmp_path)
    assert origin in {f"https://{lan_addresses()[0]}:{port}", *[word for word in printed.split() if ".local" in word]}
    assert "Tablets find" in printed or "tablets find" in printed


@pytest.mark.parametrize("wrong", ["no key", "no file", "other key", "no pem"])
def test_a_certificate_that_cannot_be_used_is_said_to(
    tmp_path: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, files = given(tmp_path / "theirs")
    other, _ = given(tmp_path / "other")
    (tmp_path / "text").write_text("?")
    arguments = {
        "no key": ["--cert", str(files.certificate)],
        "no file": ["--cert", str(tmp_path / "none.pem"), "--key", str(files.key)],
        "other key": ["--cert", str(files.certificate), "--key", str(other.key)],
        "no pem": ["--cert", str(tmp_path / "text"), "--key", str(files.key)],
    }[wrong]
    assert main(["serve", "--lan", *sound(tmp_path / "data"), "--public-url", ORIGIN, *arguments]) == 1
    zh, en = capsys.readouterr().err.splitlines()
    assert ("--cert" if wrong == "no key" else str(tmp_path)) in zh
    assert en.isascii()
    assert not (tmp_path / "data" / "public-origin").exists()


def test_plain_http_cannot_carry_the_app(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--lan", *sound(tmp_path), "--public-url", "http://mumen.test"]) == 1
    zh, en = capsys.readouterr().err.splitlines()
    assert "要以 https:// 开头" in zh
    assert "must begin with https://" in en
