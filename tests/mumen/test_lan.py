"""The factory's own authority, the fixed origin, and what plain HTTP gives away."""

import stat
from pathlib import Path

import pytest
from cryptography import x509
from fastapi import FastAPI
from fastapi.testclient import TestClient

from mumen.lan.authority import CERTIFICATE_DAYS, ensure_authority, ensure_certificate, fingerprint
from mumen.lan.connect import CERTIFICATE_PATH, connect_app
from mumen.lan.origin import OriginChanged, fixed_origin
from mumen.lan.serve import only_as
from sync_server.errors import StartFault

NOW_US = 1_795_000_000_000_000
DAY_US = 86_400_000_000
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


class TestOrigin:
    def test_is_fixed_at_the_first_run(self, tmp_path: Path) -> None:
        chosen = {"MUMEN_PUBLIC_URL": "https://mumen.test:8443/"}
        assert fixed_origin(tmp_path, chosen, 8443) == "https://mumen.test:8443"
        assert fixed_origin(tmp_path, {}, 9999) == "https://mumen.test:8443"

    def test_another_one_later_is_refused_with_what_to_do(self, tmp_path: Path) -> None:
        fixed_origin(tmp_path, {"MUMEN_PUBLIC_URL": "https://mumen.test"}, 443)
        with pytest.raises(OriginChanged, match="重新登记"):
            fixed_origin(tmp_path, {"MUMEN_PUBLIC_URL": "https://other.test"}, 443)

    def test_plain_http_cannot_carry_a_pwa(self, tmp_path: Path) -> None:
        with pytest.raises(StartFault, match="https"):
            fixed_origin(tmp_path, {"MUMEN_PUBLIC_URL": "http://mumen.test"}, 80)


class TestConnect:
    def test_shows_the_way_and_hands_out_the_certificate_only(self, tmp_path: Path) -> None:
        authority = ensure_authority(tmp_path, NOW_US)
        digest = fingerprint(authority.certificate)
        client = TestClient(connect_app("https://mumen.test", authority.certificate, digest), follow_redirects=False)
        guide = client.get("/connect").text
        for expected in (digest, "https://mumen.test/app/", "<svg", "CA 证书"):
            assert expected in guide
        assert client.get(CERTIFICATE_PATH).content == authority.certificate.read_bytes()
        for path in ("/", "/app/", "/v1/sync/push", "/mumen-ca.key", "/docs"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (302, "/connect")

    def test_another_host_is_led_to_the_public_origin(self) -> None:
        app = FastAPI()

        @app.get("/app/")
        async def page() -> str:
            return "app"

        client = TestClient(only_as(app, "https://mumen.test"), base_url="https://192.168.1.20", follow_redirects=False)
        answer = client.get("/app/?code=E1")
        assert (answer.status_code, answer.headers["location"]) == (307, "https://mumen.test/app/?code=E1")
        assert client.get("/app/", headers={"Host": "mumen.test"}).status_code == 200
