"""The factory's own authority, and what plain HTTP gives away."""

import re
import stat
from pathlib import Path

import pytest
from cryptography import x509
from fastapi.testclient import TestClient

from mumen.lan.authority import CERTIFICATE_DAYS, ensure_authority, ensure_certificate, fingerprint
from mumen.lan.connect import CERTIFICATE_PATH, Guide, connect_app
from shared.schemas.identifiers import DAY_US
from sync_server.office.shell.assets import Assets

NOW_US = 1_795_000_000_000_000
NAMES = ["mumen.test", "192.168.1.20"]


class TestAuthority:
    def test_is_made_once_and_keeps_its_key_to_itself(self, tmp_path: Path) -> None:
        first = ensure_authority(tmp_path, NOW_US)
        before = first.certificate.read_bytes()
        assert ensure_authority(tmp_path, NOW_US + 400 * DAY_US).certificate.read_bytes() == before
        assert stat.S_IMODE(first.key.stat().st_mode) == 0o600

    def test_signs_a_certificate_for_these_names(self, tmp_path: Path) -> None:
        authority = ensure_authority(tmp_path, NOW_US)
        files = ensure_certificate(tmp_path, authority, NAMES, NOW_US)
        certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(authority.certificate.read_bytes()))
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert names.get_values_for_type(x509.DNSName) == ["mumen.test"]
        assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["192.168.1.20"]
        lasts = certificate.not_valid_after_utc - certificate.not_valid_before_utc
        assert lasts.days <= CERTIFICATE_DAYS + 1

    @pytest.mark.parametrize(
        ("days", "names", "is_renewed"),
        [(0, NAMES, False), (300, NAMES, False), (370, NAMES, True), (0, ["mumen.test", "192.168.1.21"], True)],
    )
    def test_renews_the_certificate_in_time(
        self,
        tmp_path: Path,
        days: int,
        names: list[str],
        is_renewed: bool,  # noqa: FBT001 - a table
    ) -> None:
        authority = ensure_authority(tmp_path, NOW_US)
        before = ensure_certificate(tmp_path, authority, NAMES, NOW_US).certificate.read_bytes()
        after = ensure_certificate(tmp_path, authority, names, NOW_US + days * DAY_US).certificate.read_bytes()
        assert (after != before) is is_renewed


class TestConnect:
    @staticmethod
    def guide(origin: str, authority: Path | None) -> Guide:
        return Guide(origin, "192.168.1.20", 8080, 8081, authority)

    def client(self, origin: str, authority: Path | None) -> TestClient:
        return TestClient(connect_app(self.guide(origin, authority), Assets()), follow_redirects=False)

    def test_shows_the_way_and_hands_out_the_certificate_only(self, tmp_path: Path) -> None:
        authority = ensure_authority(tmp_path, NOW_US)
        client = self.client("https://mumen.test", authority.certificate)
        guide = client.get("/connect").text
        for expected in (fingerprint(authority.certificate), "https://mumen.test/app/", "<svg", "CA 证书"):
            assert expected in guide
        assert client.get(CERTIFICATE_PATH).content == authority.certificate.read_bytes()
        for path in ("/", "/app/", "/v1/sync/push", "/mumen-ca.key", "/docs"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (302, "/connect")

    def test_brings_its_own_fonts_and_nothing_else_of_the_office(self, tmp_path: Path) -> None:
        font, script = tmp_path / "office/fonts/common.woff", tmp_path / "office/htmx.min.js"
        font.parent.mkdir(parents=True)
        font.write_bytes(b"a font")
        script.write_bytes(b"a script")
        app = connect_app(self.guide("https://mumen.test", None), Assets(tmp_path))
        client = TestClient(app, follow_redirects=False)
        named = re.search(r'src:url\("(/static/common\.woff\?v=\w+)"\)', client.get("/connect").text)
        assert named
        answer = client.get(named[1])
        assert (answer.content, answer.headers["content-type"]) == (b"a font", "font/woff")
        for name in ("htmx.js", "style.css", "../office/htmx.min.js"):
            assert client.get(f"/static/{name}").status_code in {302, 404}

    def test_for_a_name_it_says_how_to_get_in_by_address(self) -> None:
        guide = self.client("https://mumen.local:8080", None).get("/connect").text
        assert "--public-url https://192.168.1.20:8080" in guide
        assert 'data-plain="http://mumen.local:8081/connect"' in guide

    def test_for_an_address_it_says_to_reserve_it(self) -> None:
        guide = self.client("https://192.168.1.20:8080", None).get("/connect").text
        assert "--public-url" not in guide
        assert "路由器上把 192.168.1.20 固定" in guide
