"""The files beside the pages: served once for each version, missing ones left out, and nothing else given away."""

import re
from pathlib import Path

from tests.sync_server.office.conftest import open_office
from tests.sync_server.server import Server


def lay_down(build_dir: Path, name: str, content: bytes) -> None:
    path = build_dir / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_a_page_names_the_version_that_its_browser_may_keep(server: Server, tmp_path: Path) -> None:
    lay_down(tmp_path, "office/htmx.min.js", b"first")
    lay_down(tmp_path, "office/fonts/common.woff", b"a font")
    with open_office(server, tmp_path) as client:
        page = client.get("/sign-in").text
        found = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        assert [url.partition("?")[0] for url in found] == ["/static/style.css", "/static/htmx.js"]
        for url in found:
            assert "immutable" in client.get(url).headers["cache-control"]
            assert client.get(url.partition("?")[0]).headers["cache-control"] == "no-cache"
        sheet = client.get(found[0]).text
        assert re.search(r'@font-face\{font-family:"Mumen";font-weight:400;[^}]*/static/common\.woff\?v=', sheet)
        lay_down(tmp_path, "office/htmx.min.js", b"second")
        assert client.get("/sign-in").text != page


def test_without_a_build_the_pages_ask_for_nothing_that_is_missing(server: Server) -> None:
    with open_office(server) as client:
        assert "htmx" not in client.get("/sign-in").text
        assert "@font-face" not in client.get("/static/style.css").text
        assert client.get("/static/common.woff").status_code == 404


def test_nothing_but_the_listed_files_is_given_away(server: Server, tmp_path: Path) -> None:
    lay_down(tmp_path, "office/secret.txt", b"the content")
    with open_office(server, tmp_path) as client:
        for path in ("secret.txt", "..%2Foffice%2Fsecret.txt", "office/secret.txt"):
            assert b"the content" not in client.get(f"/static/{path}").content
