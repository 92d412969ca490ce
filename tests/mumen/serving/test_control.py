"""Orders to a running server: from this user on this machine, and from nobody else."""

import stat

import httpx2
import pytest

from mumen.serving.control import FILE, find_control, new_control
from mumen.serving.sockets import Listening
from tests.mumen.site import Site

pytestmark = pytest.mark.slow


def asked(site: Site, headers: dict[str, str]) -> int:
    return httpx2.get(f"http://127.0.0.1:{site.port}/v1/control", headers=headers).status_code


def test_nobody_else_finds_anything(site: Site) -> None:
    with site.serving():
        assert stat.S_IMODE((site.data_dir / FILE).stat().st_mode) == 0o600
        control = find_control(site.data_dir)
        assert control is not None
        ours = {"Authorization": f"Bearer {control.token}"}
        assert asked(site, ours) == 200
        for headers in (
            {},
            {"Authorization": "Bearer x"},
            {"Authorization": f"Bearer {control.token}x"},
            ours | {"X-Forwarded-For": "203.0.113.7"},
            ours | {"Via": "1.1 proxy"},
        ):
            assert asked(site, headers) == 404
    assert not (site.data_dir / FILE).exists()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8080"),  # noqa: S104 - told apart, not listened on
        ("::", "http://[::1]:8080"),
        ("192.168.1.20", "http://192.168.1.20:8080"),
        ("localhost", "http://localhost:8080"),
    ],
)
def test_it_is_asked_where_it_listens(host: str, url: str) -> None:
    assert new_control(Listening(host, 8080)).url == url
