"""A station PC's platform, on a real disk and a real socket."""

import asyncio
import socket
import stat
from pathlib import Path

import pytest

from labels.fonts import LabelFonts
from mobile.native.platform import KEY_FILE, NativePlatform, open_native_platform
from mobile.platform import Offline, StorageUnavailable
from mobile.web.builder.fonts import ensure_fonts
from shared.canonical import sha256_hex
from sync_server.devices.signatures import is_public_key, is_signed_by


def test_its_key_is_made_once_kept_to_itself_and_signs_for_the_server(tmp_path: Path) -> None:
    first, second = (NativePlatform(tmp_path, "http://server") for _ in range(2))
    key = asyncio.run(first.public_key())
    assert is_public_key(key)
    assert asyncio.run(second.public_key()) == key
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    signature = asyncio.run(second.sign("一扇门".encode()))
    assert is_signed_by(key, signature, "一扇门".encode())
    assert not is_signed_by(key, signature, "两扇门".encode())


def test_a_server_that_is_not_there_is_offline(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1/sync/pull"
        with pytest.raises(Offline):
            asyncio.run(NativePlatform(tmp_path, "http://server").request("POST", url, b"", {}))


def test_a_pin_is_derived_as_the_standard_says(tmp_path: Path) -> None:
    # RFC 7914, section 11
    derived = asyncio.run(NativePlatform(tmp_path, "http://server").pbkdf2_hex("passwd", b"salt".hex(), 1))
    assert derived == "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"


def test_a_download_lands_beside_the_store_whatever_its_name(tmp_path: Path) -> None:
    NativePlatform(tmp_path / "device", "http://server").download("../outbox.json", b"{}")
    assert (tmp_path / "device" / "outbox.json").read_bytes() == b"{}"


def test_labels_are_set_in_the_fonts_of_the_page_once_it_is_built(tmp_path: Path) -> None:
    platform = open_native_platform({"MUMEN_DEVICE_DIR": str(tmp_path / "device"), "MUMEN_BUILD_DIR": str(tmp_path)})
    assert asyncio.run(platform.label_fonts(has_rare=False)) is None
    paths = ensure_fonts(tmp_path, lambda _: None)
    assert asyncio.run(platform.label_fonts(has_rare=True)) == LabelFonts(paths.regular, paths.semibold)


class TestFiles:
    def test_are_kept_under_the_hash_of_their_bytes_and_outlive_the_process(self, tmp_path: Path) -> None:
        content = b"a picture"
        name = sha256_hex(content)
        asyncio.run(NativePlatform(tmp_path, "http://server").keep_file(name, content))
        later = NativePlatform(tmp_path, "http://server")
        asyncio.run(later.keep_file(name, content))
        assert asyncio.run(later.read_file(name)) == content
        listed = asyncio.run(later.list_files())
        assert list(listed) == [name]
        assert abs(listed[name] - later.now_us()) < 60_000_000
        asyncio.run(later.remove_file(name))
        asyncio.run(later.remove_file(name))
        assert asyncio.run(later.read_file(name)) is None
        assert asyncio.run(later.list_files()) == {}

    def test_that_are_not_what_was_written_are_not_kept(self, tmp_path: Path) -> None:
        with pytest.raises(StorageUnavailable):
            asyncio.run(NativePlatform(tmp_path, "http://server").keep_file("0" * 64, b"a picture"))

    def test_on_a_disk_that_takes_nothing_are_not_kept(self, tmp_path: Path) -> None:
        (tmp_path / "photos").write_text("a file in the folder's place")
        with pytest.raises(StorageUnavailable):
            asyncio.run(NativePlatform(tmp_path, "http://server").keep_file("0" * 64, b"a picture"))
