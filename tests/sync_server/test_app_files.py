"""How long a browser may believe in the files of the app: never without asking."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from sync_server.app import create_app
from tests.sync_server.server import Server

FILES = {"index.html": "<p>app</p>", "sw.js": "// worker", "main.dart.js": "code", "fonts/all.ttf": "glyphs"}


@pytest.fixture
def app_client(server: Server, tmp_path: Path) -> Iterator[TestClient]:
    for name, content in FILES.items():
        file = tmp_path / "build" / "app" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    with TestClient(create_app(server.services(), tmp_path / "build")) as client:
        yield client


@pytest.mark.parametrize("path", ["", *FILES])
def test_every_file_is_kept_but_asked_for(app_client: TestClient, path: str) -> None:
    first = app_client.get(f"/app/{path}")
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
    again = app_client.get(f"/app/{path}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"


def test_a_new_build_is_seen_at_once(app_client: TestClient, tmp_path: Path) -> None:
    first = app_client.get("/app/sw.js")
    (tmp_path / "build" / "app" / "sw.js").write_text("// worker of the next version", encoding="utf-8")
    again = app_client.get("/app/sw.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.text) == (200, "// worker of the next version")
