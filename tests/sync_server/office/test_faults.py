"""What the office shows when something breaks: words, a number to tell, and nothing typed is lost."""

import logging
import re
from collections.abc import Iterator

import pytest

from shared.schemas.sync import Fault
from sync_server.errors import Busy, DatabaseAway, NotNow, StorageFull
from sync_server.office.floor import pieces
from sync_server.office.orders import order_edit
from tests.sync_server.office.conftest import Office, open_office


@pytest.fixture
def breaking(office: Office) -> Iterator[Office]:
    """An office whose browser gets the answer that a person would get."""
    with open_office(office.server) as client:
        client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]  # noqa: SLF001
        yield Office(office.server, client)


def fails(*_args: object, **_how: object) -> object:
    raise RuntimeError("a fault that nobody foresaw")


def is_busy(*_args: object, **_how: object) -> object:
    raise Busy


def test_a_page_that_breaks_says_so_in_both_languages_with_an_id(
    breaking: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    breaking.sign_in()
    monkeypatch.setattr(pieces, "view_piece", fails)
    with caplog.at_level(logging.ERROR):
        answer = breaking.client.get("/pieces/00000000-0000-7000-8000-000000000001")
    assert answer.status_code == 500
    assert "服务器出错了" in answer.text
    assert "The server failed" in answer.text
    shown = re.search(r"错误编号 <code>(\w+)</code>", answer.text)
    assert shown
    assert any(shown[1] in record.getMessage() and record.exc_info for record in caplog.records)


def test_an_order_that_cannot_be_saved_is_sent_again_and_counts_once(
    breaking: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking.sign_in()
    with monkeypatch.context() as broken:
        broken.setattr(order_edit, "submit", fails)
        answer = breaking.send_order("", customer_name="王<芳>", remarks="门口有台阶")
    assert answer.status_code == 500
    assert "您填的内容还在" in answer.text
    action = re.search(r'action="(/orders/[0-9a-f-]+)"', answer.text)
    assert action
    kept = dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', answer.text))
    assert (kept["customer_name"], kept["remarks"]) == ("王&lt;芳&gt;", "门口有台阶")
    again = kept | {"customer_name": "王<芳>"}
    for _ in range(2):
        assert breaking.client.post(action[1], data=again, follow_redirects=False).status_code == 303
    assert "1 张" in breaking.client.get("/orders").text


@pytest.mark.parametrize(
    ("fault", "said"),
    [(Busy(), "服务器繁忙"), (StorageFull(), "服务器的磁盘满了"), (DatabaseAway(), "服务器的数据库暂时不能用")],
)
def test_a_server_that_cannot_save_keeps_what_was_typed(
    breaking: Office, monkeypatch: pytest.MonkeyPatch, fault: NotNow, said: str
) -> None:
    def is_unable(*_args: object, **_how: object) -> object:
        raise fault

    breaking.sign_in()
    monkeypatch.setattr(order_edit, "submit", is_unable)
    answer = breaking.send_order("", customer_name="王芳芳")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, fault.headers["Retry-After"])
    assert said in answer.text
    assert 'name="customer_name" value="王芳芳"' in answer.text


def test_a_machine_is_told_in_json(breaking: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaking.server.database, "read", fails)
    answer = breaking.client.get("/healthz")
    assert answer.status_code == 500
    assert Fault.model_validate(answer.json()).facts["error_id"]
    assert "编号" in answer.json()["message"]
    monkeypatch.setattr(breaking.server.database, "read", is_busy)
    assert breaking.client.get("/healthz").json()["code"] == "busy"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/v1/nothing", 404, "not_found"), ("GET", "/v1/sync/push", 405, "wrong_method")],
)
def test_a_machine_at_a_wrong_address_is_told_in_json(
    breaking: Office, method: str, path: str, status: int, code: str
) -> None:
    answer = breaking.client.request(method, path)
    assert (answer.status_code, Fault.model_validate(answer.json()).code) == (status, code)


def test_a_password_never_stands_in_a_page(breaking: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaking.server.database, "write", fails)
    answer = breaking.sign_in(password="geheim-geheim")
    assert answer.status_code == 500
    assert "geheim" not in answer.text
    assert "您填的内容还在" not in answer.text
