"""Who gets into the office, and who does not."""

import pytest

from sync_server.auth import LOCK_US, SESSION_US, TRIES_MAX
from tests.sync_server.office.conftest import PASSWORD, Office, open_office


def test_everything_leads_to_the_sign_in_page_first(office: Office) -> None:
    for path, then in (("/", ""), ("/orders", "?to=/orders"), ("/devices", "?to=/devices")):
        answer = office.client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in{then}")


def test_a_number_and_a_password_open_it_and_signing_out_closes_it(office: Office) -> None:
    assert office.sign_in().status_code == 303
    assert "今天" in office.client.get("/").text
    csrf = office.hidden("/")["csrf"]
    office.client.post("/sign-out", data={"csrf": csrf})
    assert office.client.get("/", follow_redirects=False).status_code == 303


def test_the_cookie_is_worthless_in_the_database(office: Office) -> None:
    answer = office.sign_in()
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_a_session_ends_after_a_working_day(office: Office) -> None:
    office.sign_in()
    office.server.factory.clock.now += SESSION_US + 1
    assert office.client.get("/", follow_redirects=False).status_code == 303


def test_wrong_passwords_lock_one_person_also_across_a_restart(office: Office) -> None:
    answers = [office.sign_in(password="falsch").status_code for _ in range(TRIES_MAX)]
    assert answers == [401] * (TRIES_MAX - 1) + [429]
    with open_office(office.server) as restarted:
        again = Office(office.server, restarted)
        assert again.sign_in().status_code == 429
        assert again.sign_in("吴刚").status_code == 303
        office.server.factory.clock.now += LOCK_US + 1
        assert again.sign_in().status_code == 303


def test_nobody_learns_which_numbers_exist(office: Office) -> None:
    known = office.client.post("/sign-in", data={"number": "9001", "password": "x"})
    unknown = office.client.post("/sign-in", data={"number": "0000", "password": "x"})
    assert known.status_code == unknown.status_code == 401
    assert known.text.replace("9001", "0000") == unknown.text


def test_a_worker_without_a_desk_is_told_so(office: Office) -> None:
    office.sign_in("张伟")
    answer = office.client.get("/")
    assert answer.status_code == 403
    assert "没有权限" in answer.text
    assert 'href="/sign-in">换一个账号登录' in answer.text


def test_a_form_without_its_token_changes_nothing(office: Office) -> None:
    office.sign_in()
    hidden = office.hidden("/orders/new")
    path = hidden.pop("action_path")
    answer = office.client.post(path, data=hidden | office.order_fields() | {"csrf": "x"})
    assert answer.status_code == 403
    assert "0 张" in office.client.get("/orders").text


def test_a_form_from_another_site_is_refused(office: Office) -> None:
    answer = office.client.post(
        "/sign-in", data={"number": "9001", "password": "x"}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403


def test_an_unknown_page_says_what_to_do(office: Office) -> None:
    answer = office.client.get("/nowhere")
    assert "主菜单" not in answer.text
    assert answer.status_code == 404
    assert "回到首页" in answer.text
    assert office.client.get("/v1/nowhere").json()["code"] == "not_found"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
        {"Origin": "http://[::1"},
    ],
)
def test_nobody_is_signed_in_by_a_form_of_another_site(office: Office, headers: dict[str, str]) -> None:
    number = office.server.factory.people["陈静"].number
    answer = office.client.post("/sign-in", data={"number": number, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 403
    assert "别的网站" in answer.text
    assert office.client.get("/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}])
def test_our_own_form_signs_in(office: Office, headers: dict[str, str]) -> None:
    number = office.server.factory.people["陈静"].number
    data = {"number": number, "password": PASSWORD}
    assert office.client.post("/sign-in", data=data, headers=headers, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("path", ["/nowhere", "/orders/1", "/orders/1/add-line", "/orders?page_number=x"])
def test_a_page_that_is_not_there_keeps_the_menu_of_whoever_is_signed_in(office: Office, path: str) -> None:
    office.sign_in()
    answer = office.client.get(path)
    assert answer.status_code in {404, 405, 422}
    for expected in ("主菜单", "陈静", "回到首页", "address"):
        assert expected in answer.text
    assert "Method" not in answer.text
