"""An order by hand: what is wrong is named field by field, nothing typed is lost, a double click is one order."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.schemas.door import Door, Piece
from shared.schemas.order import LineTerms, Order, OrderLine, Specification
from tests.factory import OFFSET_MIN
from tests.sync_server.office.conftest import Office, id_of


def test_nobody_complains_about_a_form_that_is_just_opened(office: Office) -> None:
    office.sign_in()
    assert all('role="alert"' not in office.client.get(path).text for path in ("/orders/new", "/devices", "/sign-in"))


def test_an_order_is_kept_released_and_has_its_doors_pieces_and_labels(office: Office) -> None:
    office.sign_in()
    answer = office.send_order("save-and-release", **{"line-1-quantity": "2"})
    assert answer.status_code == 303
    order_id = id_of(answer.headers["location"])
    doors = office.server.children(Door, order_id)
    assert [door.room for door in doors] == ["主卧", "主卧"]
    text = office.client.get(f"/orders/{order_id}").text
    assert "已下达" in text
    codes = [office.server.code_of(p) for door in doors for p in office.server.children(Piece, door.id)]
    assert len(codes) == 4
    assert all(code in text for code in codes)


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("line-1-height", "0", "高：要大于 0"),
        ("line-1-room", "房" * 31, "房间：太长，标签上最多 30 个字"),
        ("line-1-quantity", "-1", "数量：要大于 0"),
        ("customer_phone", "123456", "电话：不是手机号"),
        ("line-1-height", "9000", "太大，最大 2400 mm"),
        ("line-1-colour", "绿色", "没有这个颜色，可选：胡桃色、暖白"),
        ("customer_name", "", "客户姓名：还没填"),
        ("line-1-opening", "", "开向：还没填"),
    ],
)
def test_what_is_wrong_is_named_and_the_draft_is_kept(office: Office, name: str, typed: str, said: str) -> None:
    office.sign_in()
    answer = office.send_order("save-and-release", **{name: typed})
    assert answer.status_code == 409
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert f'value="{typed}"' in answer.text or not typed or name == "line-1-opening"
    assert "1 张" in office.client.get("/orders").text


@pytest.mark.parametrize("typed", ["八百", "nan", "inf", "1e-7", "800.05"])
def test_a_text_that_is_no_number_is_not_kept_but_not_lost(office: Office, typed: str) -> None:
    office.sign_in()
    answer = office.send_order("", **{"line-1-width": typed})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert "不是毫米数" in answer.text
    assert "0 张" in office.client.get("/orders").text


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("line-1-width", "1e21", "太大，最大 100000 mm"),
        ("line-1-width", "1e999999", "太大，最大 100000 mm"),
        ("line-1-width", "1e999999999", "太大，最大 100000 mm"),
        ("line-1-width", "9" * 5_000, "太大，最大 100000 mm"),
        ("line-1-width", "-1e21", "要大于 0"),
        ("line-1-quantity", "1e21", "太多，最多 500"),
    ],
)
def test_a_number_beyond_all_measure_is_said_to_be_too_large(office: Office, name: str, typed: str, said: str) -> None:
    office.sign_in()
    answer = office.send_order("", **{name: typed})
    assert answer.status_code == 422
    assert f'id="p-{name}">× {said}' in answer.text
    assert f'value="{typed}"' in answer.text


def test_sending_the_same_form_twice_makes_one_order(office: Office) -> None:
    office.sign_in()
    hidden = office.hidden("/orders/new")
    path = hidden.pop("action_path") + "/save-and-release"
    sent = hidden | office.order_fields()
    answers = [office.client.post(path, data=sent, follow_redirects=False) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "1 张" in office.client.get("/orders").text
    assert office.server.counts() == (2, 2)


def test_a_draft_is_edited_and_somebody_elses_edit_is_not_overwritten(office: Office) -> None:
    office.sign_in()
    path = office.send_order().headers["location"]
    mine, theirs = office.hidden(path), office.hidden(path)
    for hidden in (mine, theirs):
        hidden.pop("action_path")
    changed = office.order_fields(customer_name="李娜")
    assert office.client.post(path, data=theirs | changed, follow_redirects=False).status_code == 303
    late = office.client.post(path, data=mine | office.order_fields(customer_name="赵敏"))
    assert late.status_code == 409
    assert "刚被别人改过" in late.text
    assert 'value="赵敏"' in late.text
    order = office.server.get(Order, id_of(path))
    assert isinstance(order, Order)
    assert order.customer_name == "李娜"
    shown = re.search(r'name="seen_rev" value="(\d+)"', late.text)
    key = re.search(r'name="key" value="([^"]+)"', late.text)
    assert shown
    assert key
    again = mine | {"seen_rev": shown[1], "key": key[1]} | office.order_fields(customer_name="赵敏")
    assert office.client.post(path, data=again, follow_redirects=False).status_code == 303


def test_a_form_has_a_last_line_and_says_so(office: Office) -> None:
    office.sign_in()
    answer = office.send_order("add-line", line_count="50")
    assert answer.status_code == 422
    assert "最多 50 行" in answer.text


def test_a_tampered_number_is_no_fault_of_the_server(office: Office) -> None:
    office.sign_in()
    assert office.send_order("", line_count="x", seen_rev="y").status_code == 303
    assert office.client.get("/orders", params={"page_number": "x"}).status_code == 422
    assert "网址不对" in office.client.get("/orders", params={"page_number": "x"}).text


def test_one_more_line_keeps_what_was_typed(office: Office) -> None:
    office.sign_in()
    answer = office.send_order("add-line", customer_name="王芳芳")
    assert answer.status_code == 200
    assert "第 2 行" in answer.text
    assert 'value="王芳芳"' in answer.text


def test_a_clerk_may_place_but_not_release(office: Office) -> None:
    office.sign_in("吴刚")
    assert "保存并下达" not in office.client.get("/orders/new").text
    answer = office.send_order("save-and-release")
    assert answer.status_code == 409
    assert "没有权限" in answer.text


@pytest.mark.parametrize("typed", ["2026-12-24", "2026/12/24", "2026年12月24日", " 2026.12.24 "])
def test_a_date_is_kept_as_year_month_day_however_it_is_typed(office: Office, typed: str) -> None:
    office.sign_in()
    path = office.send_order("", promised_on=typed).headers["location"]
    order = office.server.get(Order, id_of(path))
    assert isinstance(order, Order)
    assert order.promised_on == "2026-12-24"
    shown = office.client.get(path).text
    assert re.search(r'<input id="f-promised_on" name="promised_on"[^>]* value="2026-12-24"[^>]*placeholder', shown)


@pytest.mark.parametrize("typed", ["12/24/2026", "2026-02-30", "年底", "20261224"])
def test_what_is_no_date_is_said_beside_the_field(office: Office, typed: str) -> None:
    office.sign_in()
    answer = office.send_order("", promised_on=typed)
    assert answer.status_code == 422
    assert re.search(r'id="p-promised_on">× 不是日期', answer.text)
    assert f'value="{typed}"' in answer.text


def test_a_check_while_typing_says_each_problem_beside_its_field(office: Office) -> None:
    office.sign_in()
    hidden = office.hidden("/orders/new")
    hidden.pop("action_path")
    fields = office.order_fields(**{"line-1-height": "9000", "customer_name": "", "line-1-width": "x"})
    text = office.client.post("/orders/check", data=hidden | fields, headers={"HX-Request": "true"}).text
    assert re.search(r'class="problem stop" id="p-line-1-width" hx-swap-oob="true">× 不是毫米数', text)
    fields["line-1-width"] = "800"
    text = office.client.post("/orders/check", data=hidden | fields, headers={"HX-Request": "true"}).text
    assert re.search(r'class="problem stop" id="p-line-1-height" hx-swap-oob="true">× 太大', text)
    assert re.search(r'class="problem wait" id="p-customer_name" hx-swap-oob="true">◐ 还没填', text)
    assert re.search(r'id="p-customer_phone" hx-swap-oob="true"></span>', text)
    beside = set(re.findall(r'id="p-([\w-]+)"', text))
    assert beside == set(re.findall(r'aria-describedby="p-([\w-]+)"', office.client.get("/orders/new").text))


def test_a_check_after_the_session_has_ended_leaves_the_form_alone(office: Office) -> None:
    answer = office.client.post("/orders/check", headers={"HX-Request": "true"}, follow_redirects=False)
    assert answer.status_code == 401
    assert answer.text == ""


def lines_of(office: Office, path: str) -> list[OrderLine]:
    """The lines that count."""
    found = office.server.children(OrderLine, id_of(path))
    return sorted((line for line in found if line.number), key=lambda line: line.number)


def test_an_edit_keeps_every_field_that_it_does_not_touch(office: Office) -> None:
    """Every field of a line, also one that was put there by another program."""
    office.sign_in()
    placed = office.server.factory.order(office.server.factory.line(wall_thickness_tenth_mm=1_605, remarks="倒圆角"))
    office.server.office(placed)
    path = f"/orders/{placed.order_id}"
    (before,) = lines_of(office, path)
    sent = office.shown(path)
    assert sent["line-1-wall_thickness"] == "160.5"
    assert office.client.post(path, data=sent, follow_redirects=False).status_code == 303
    (after,) = lines_of(office, path)
    assert after.model_dump(exclude={"rev"}) == before.model_dump(exclude={"rev"})


def test_the_form_has_an_input_for_every_field_of_a_line(office: Office) -> None:
    office.sign_in()
    named = set(re.findall(r'name="line-1-(\w+)"', office.client.get("/orders/new").text))
    assert named == {name.removesuffix("_tenth_mm") for name in LineTerms.model_fields}


def test_a_wall_thickness_reaches_the_specification(office: Office) -> None:
    office.sign_in()
    path = office.released(**{"line-1-wall_thickness": "160"})
    (door,) = office.server.children(Door, id_of(path))
    made = office.server.get(Specification, door.specification_id)
    assert isinstance(made, Specification)
    assert made.wall_thickness_tenth_mm == 1_600
    assert "墙厚 160 mm" in office.client.get(path).text


def test_a_wall_thickness_that_cannot_be_is_said_beside_it(office: Office) -> None:
    office.sign_in()
    answer = office.send_order("save-and-release", **{"line-1-wall_thickness": "-5"})
    assert answer.status_code == 409
    assert re.search(r'id="p-line-1-wall_thickness">× 要大于 0', answer.text)


def three_rooms(**changed: str) -> dict[str, str]:
    """What differs where the form has three lines."""
    fields = {"line_count": "3"}
    for number, room in enumerate(("主卧", "次卧", "书房"), start=1):
        fields |= {f"line-{number}-room": room, f"line-{number}-quantity": str(number)}
    return fields | changed


def test_a_line_is_removed_and_the_others_move_up(office: Office) -> None:
    office.sign_in()
    answer = office.send_order("remove-line/2", **three_rooms(customer_name="王芳芳"))
    assert answer.status_code == 200
    assert re.findall(r'name="line-\d-room"[^>]* value="([^"]*)"', answer.text) == ["主卧", "书房"]
    assert re.findall(r'name="line-\d-quantity"[^>]* value="([^"]*)"', answer.text) == ["1", "3"]
    assert 'name="line_count" value="2"' in answer.text
    assert 'value="王芳芳"' in answer.text
    assert "0 张" in office.client.get("/orders").text


def test_a_removed_line_of_a_draft_is_gone_after_it_is_saved(office: Office) -> None:
    office.sign_in()
    path = office.kept(**three_rooms())
    shown = office.client.post(f"{path}/remove-line/1", data=office.shown(path)).text
    assert "MD-" in re.findall(r"<h1>([^<]+)", shown)[0]
    assert [line.room for line in lines_of(office, path)] == ["主卧", "次卧", "书房"]
    assert office.client.post(path, data=office.fields_in(shown), follow_redirects=False).status_code == 303
    assert [line.room for line in lines_of(office, path)] == ["次卧", "书房"]


@pytest.mark.parametrize(("count", "number", "left"), [("1", "1", [""]), ("3", "9", ["主卧", "次卧", "书房"])])
def test_the_last_line_leaves_an_empty_one_and_no_line_nothing_changed(
    office: Office, count: str, number: str, left: list[str]
) -> None:
    office.sign_in()
    answer = office.send_order(f"remove-line/{number}", **three_rooms(line_count=count))
    assert re.findall(r'name="line-\d-room"[^>]* value="([^"]*)"', answer.text) == left


def test_only_one_line_cannot_be_removed(office: Office) -> None:
    office.sign_in()
    assert "remove-line" not in office.client.get("/orders/new").text
    assert office.send_order("add-line").text.count("/remove-line/") == 2


def test_enter_saves_whatever_button_stands_first(office: Office) -> None:
    """A browser presses the first button of a form; a line's own would take the line out."""
    office.sign_in()
    form = office.send_order("add-line").text.partition('<form id="order"')[2]
    assert "formaction" not in form.partition("</button>")[0]


@pytest.mark.parametrize("order_id", ["xyz", "%00", "0199-%F0"])
@pytest.mark.parametrize("button", ["", "/save-and-release", "/add-line", "/release", "/cancel"])
def test_an_address_that_names_no_order_makes_none(office: Office, order_id: str, button: str) -> None:
    office.sign_in()
    answer = office.client.post(
        f"/orders/{order_id}{button}", data=office.hidden("/orders/new") | office.order_fields()
    )
    assert answer.status_code in {404, 422}
    assert "回到首页" in answer.text
    assert "0 张" in office.client.get("/orders").text


def test_a_form_that_somebody_goes_back_to_and_changes_is_not_dropped(office: Office) -> None:
    office.sign_in()
    hidden = office.hidden("/orders/new")
    path = hidden.pop("action_path")
    office.client.post(path, data=hidden | office.order_fields())
    again = office.client.post(path, data=hidden | office.order_fields(customer_name="李四"), follow_redirects=False)
    assert again.status_code == 409
    assert "李四" in again.text
    assert "王芳" in office.client.get(path).text
    sent = office.fields_in(again.text) | dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', again.text))
    assert office.client.post(path, data=sent, follow_redirects=False).status_code == 303
    assert "李四" in office.client.get(path).text


def test_characters_that_nobody_can_read_are_left_out(office: Office) -> None:
    office.sign_in()
    path = office.kept(customer_name="\u202e王\x00芳\u2067\ufeff", remarks="一\n二")
    text = office.client.get(path).text
    assert 'value="王芳"' in text
    assert "一\n二" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [("2020-01-01", "约定日期：已经过去了，最早 "), ("9999-12-31", "约定日期：太远了，最晚 ")],
)
def test_a_draft_may_promise_an_impossible_date_but_is_not_released_with_it(
    office: Office, typed: str, said: str
) -> None:
    office.sign_in()
    path = office.kept(promised_on=typed)
    shown = office.client.get(path).text
    assert said in shown
    assert re.search(r'class="problem stop" id="p-promised_on">×', shown)
    sent = office.hidden(path) | office.order_fields(promised_on=typed)
    answer = office.client.post(f"{path}/save-and-release", data=sent)
    assert answer.status_code == 409
    assert said in answer.text


def test_a_day_is_past_when_it_is_so_at_the_factory(office: Office) -> None:
    """The clock stands at half past midnight in the factory, and still at the day before in UTC."""
    clock = office.server.factory.clock
    clock.now += 86_400_000_000 - (clock.now + OFFSET_MIN * 60_000_000) % 86_400_000_000 + 1_800_000_000
    utc_day = datetime.fromtimestamp(clock.now / 1_000_000, UTC).date()
    office.sign_in()
    assert office.send_order("save-and-release", promised_on=utc_day.isoformat()).status_code == 409
    tomorrow = utc_day + timedelta(days=1)
    assert office.send_order("save-and-release", promised_on=tomorrow.isoformat()).status_code == 303


def test_a_saved_draft_says_so_once_with_the_time(office: Office) -> None:
    office.sign_in()
    path = office.kept()
    clock = office.server.factory.clock
    for _ in range(2):
        at = f"{datetime.fromtimestamp(clock.now / 1_000_000, timezone(timedelta(minutes=OFFSET_MIN))):%H:%M}"
        assert f'role="status">✓ 已保存 {at}<' in office.client.get(path).text
        assert "已保存" not in office.client.get(path).text
        clock.now += 60_000_000
        sent = office.hidden(path) | office.order_fields()
        assert office.client.post(path, data=sent, follow_redirects=False).status_code == 303
    office.client.cookies.set("mumen_language", "en")
    assert "Saved " in office.client.get(path).text


def test_what_was_not_saved_does_not_say_so(office: Office) -> None:
    office.sign_in()
    path = office.kept()
    sent = office.hidden(path) | office.order_fields(**{"line-1-width": "x"})
    answer = office.client.post(path, data=sent)
    assert answer.status_code == 422
    assert "✓ 已保存" not in answer.text
