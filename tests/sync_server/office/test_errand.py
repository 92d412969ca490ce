"""Whoever has to sign in first goes on with what they were about to do, and what they typed is not lost."""

import html
import re

import pytest

from sync_server.auth import SESSION_US
from sync_server.office.shell.errand import local_path
from tests.sync_server.office.conftest import PASSWORD, Office


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def sign_in_here(office: Office, page: str, password: str = PASSWORD):  # noqa: ANN201 - the client's answer
    """Fills in the sign-in form that stands on this page."""
    number = office.server.factory.people["陈静"].number
    data = hidden(page) | {"number": number, "password": password}
    return office.client.post("/sign-in", data=data, follow_redirects=False)


def test_signing_in_leads_to_the_page_that_was_asked_for(office: Office) -> None:
    first = office.client.get("/orders?state=draft", follow_redirects=False)
    assert first.headers["location"] == "/sign-in?to=/orders%3Fstate%3Ddraft"
    answer = sign_in_here(office, office.client.get(first.headers["location"]).text)
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders?state=draft")


def test_a_form_sent_after_the_session_ended_is_kept_and_sent_once_somebody_is_signed_in(office: Office) -> None:
    office.sign_in()
    fields = office.hidden("/orders/new")
    path = fields.pop("action_path")
    office.server.factory.clock.now += SESSION_US + 1
    asked = office.client.post(path, data=fields | office.order_fields(customer_name="王<芳>"), follow_redirects=False)
    assert asked.status_code == 401
    assert "您填的内容还在" in asked.text
    wrong = sign_in_here(office, asked.text, "falsch")
    assert wrong.status_code == 401
    signed_in = sign_in_here(office, wrong.text)
    assert "接着提交" in signed_in.text
    assert "0 张" in office.client.get("/orders").text
    action = re.search(r'action="(/orders/[0-9a-f-]+)"', signed_in.text)
    assert action
    assert action[1] == path
    for _ in range(2):
        sent = office.client.post(path, data=hidden(signed_in.text), follow_redirects=False)
        assert (sent.status_code, sent.headers["location"]) == (303, path)
    assert "1 张" in office.client.get("/orders").text
    assert "王&lt;芳&gt;" in office.client.get(path).text


def test_a_form_of_another_site_is_not_carried_along(office: Office) -> None:
    answer = office.client.post(
        "/devices/invite", data={"device_name": "x"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert "device_name" not in answer.text


def test_signing_out_without_a_session_asks_for_nothing(office: Office) -> None:
    answer = office.client.post("/sign-out", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_fields_that_nobody_can_read_are_no_fields(office: Office) -> None:
    answer = sign_in_here(office, '<input type="hidden" name="fields" value="[[1]]">')
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", "orders", "", "/a\r\nb"])
def test_nobody_is_led_to_another_site(to: str) -> None:
    assert local_path(to) == "/"
