"""The one address that devices keep: fixed, and everybody led to it."""

import urllib.request
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from benchmarks.browsing.serving import free_port
from mumen.commands.serve import local_origin
from mumen.serving.origin import OneOrigin, OriginChanged, keep_origin, known_origin
from mumen.settings import read_settings
from sync_server.errors import StartFault
from tests.mumen.process import body_of, lines_until, running

OLD, NEW = "https://mumen.test", "https://other.test"


def client(origin: str, came_by: str) -> TestClient:
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def anything(path: str) -> str:
        return path

    return TestClient(OneOrigin(app, origin), base_url=came_by, follow_redirects=False)


class TestKeepOrigin:
    def test_is_fixed_at_the_first_run(self, tmp_path: Path) -> None:
        assert known_origin(tmp_path) is None
        keep_origin(tmp_path, OLD, lambda: 0)
        assert known_origin(tmp_path) == OLD
        keep_origin(tmp_path, OLD, lambda: 3)

    def test_may_change_while_no_device_is_enrolled(self, tmp_path: Path) -> None:
        keep_origin(tmp_path, OLD, lambda: 0)
        keep_origin(tmp_path, NEW, lambda: 0)
        assert known_origin(tmp_path) == NEW

    def test_afterwards_another_one_is_refused_with_what_to_do(self, tmp_path: Path) -> None:
        keep_origin(tmp_path, OLD, lambda: 0)
        with pytest.raises(OriginChanged, match=r"3 台设备.*重新登记") as refused:
            keep_origin(tmp_path, NEW, lambda: 3)
        assert str(tmp_path / "public-origin") in str(refused.value)
        assert f"Keep {OLD}" in str(refused.value)
        assert known_origin(tmp_path) == OLD


class TestLocalOrigin:
    @pytest.mark.parametrize(
        ("known", "public_url", "port", "expected"),
        [
            (None, "", "9000", "http://localhost:9000"),
            (None, OLD, "9000", OLD),
            (OLD, "", "9000", OLD),
            (OLD, NEW, "9000", NEW),
            ("http://localhost:8080", "", "8080", "http://localhost:8080"),
            ("http://127.0.0.1:8080", "", "8080", "http://127.0.0.1:8080"),
            ("http://localhost:8080", "", "9000", "http://localhost:9000"),
        ],
    )
    def test_is_what_was_set_or_is_known(
        self, tmp_path: Path, known: str | None, public_url: str, port: str, expected: str
    ) -> None:
        if known:
            keep_origin(tmp_path, known, lambda: 0)
        flags: dict[str, str | None] = {"data_dir": str(tmp_path), "port": port, "public_url": public_url}
        assert local_origin(read_settings({}, flags)) == expected

    def test_says_so_where_https_would_meet_plain_http(self, tmp_path: Path) -> None:
        keep_origin(tmp_path, "https://mumen.local:8080", lambda: 0)
        with pytest.raises(StartFault, match="--lan"):
            local_origin(read_settings({"MUMEN_DATA_DIR": str(tmp_path)}))


class TestOneOrigin:
    @pytest.mark.parametrize(
        ("origin", "came_by", "path", "expected"),
        [
            (OLD, OLD, "/app/", None),
            (OLD, "https://MUMEN.test", "/app/", None),
            (OLD, "https://192.168.1.20", "/app/?code=E1", f"{OLD}/app/?code=E1"),
            (OLD, "https://192.168.1.20", "/orders/%E6%9C%A8", f"{OLD}/orders/%E6%9C%A8"),
            (OLD, "https://192.168.1.20", "/healthz", None),
            (OLD, "https://192.168.1.20", "/v1/sync/push", None),
            (OLD, "https://mumen.test:8443", "/", f"{OLD}/"),
            ("http://localhost:8080", "http://127.0.0.1:8080", "/app/", "http://localhost:8080/app/"),
            ("http://localhost:8080", "http://[::1]:8080", "/app/", "http://localhost:8080/app/"),
            ("http://127.0.0.1:8080", "http://localhost:8080", "/", "http://127.0.0.1:8080/"),
            # A forwarded port, and a colleague's machine: "localhost" would be somewhere else.
            ("http://localhost:8080", "http://localhost:9000", "/", None),
            ("http://localhost:8080", "http://192.168.1.20:8080", "/", None),
        ],
    )
    def test_leads_there_whoever_came_by_another_name(
        self, origin: str, came_by: str, path: str, expected: str | None
    ) -> None:
        answer = client(origin, came_by).get(path)
        assert (answer.status_code, answer.headers.get("location")) == ((307, expected) if expected else (200, None))

    def test_a_host_that_nobody_can_read_is_led_there_too(self) -> None:
        answer = client(OLD, OLD).get("/", headers={"Host": "[::1"})
        assert (answer.status_code, answer.headers["location"]) == (307, f"{OLD}/")


def test_serve_fixes_the_origin_and_leads_there(tmp_path: Path) -> None:
    port = str(free_port())
    with running(tmp_path, "serve", "--port", port) as server:
        list(lines_until(server, "/docs"))
        body_of(f"http://127.0.0.1:{port}/healthz")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in?x=1") as answer:
            assert answer.geturl() == f"http://localhost:{port}/sign-in?x=1"
    assert known_origin(tmp_path) == f"http://localhost:{port}"
