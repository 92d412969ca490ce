"""What somebody in the office does."""

import re

from playwright.sync_api import Page, expect

PASSWORD = "mumen-demo"


def sign_in(page: Page, url: str, number: str = "9001") -> None:
    """Through the form, by its labels."""
    page.goto(f"{url}/")
    page.get_by_label("工号").fill(number)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="今天")).to_be_visible()


def fill_order(page: Page, url: str) -> None:
    """The order of story S1, but for the phone, which has six digits."""
    page.goto(f"{url}/orders/new")
    for name, value in (
        ("客户姓名", "王芳"),
        ("电话", "138123"),
        ("地址", "佛山市顺德区乐从镇新华路 8 号"),
        ("房间", "主卧"),
        ("高 mm", "2050"),
        ("宽 mm", "800"),
        ("厚 mm", "40"),
        ("数量", "1"),
    ):
        page.get_by_role("textbox", name=name).fill(value)
    page.get_by_role("combobox", name="型号").select_option(index=1)
    page.get_by_role("combobox", name="开向").select_option(label="左内")
    page.get_by_role("combobox", name="颜色").fill("黑胡桃")


def codes_of_order(page: Page) -> list[str]:
    """The label codes on an order's page."""
    return re.findall(r"D1[0-9A-Z]{14}", page.content())


def invitation(page: Page, url: str) -> str:
    """The address in the QR of a fresh invitation."""
    page.goto(f"{url}/devices")
    page.get_by_label("登记一台新设备").fill("开料平板")
    page.get_by_role("button", name="生成登记码").click()
    found = re.search(r"https?://\S+/app/\?code=\w+", page.content())
    assert found
    return found[0]
