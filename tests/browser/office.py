"""What somebody in the office does."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.paper import PaperLabel, read_sheet, read_symbol

PASSWORD = "mumen-demo"

POOR_CONTRASTS = """() => {
    const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const over = ([r, g, b, a = 1], below) => [r, g, b].map((value, at) => value * a + below[at] * (1 - a));
    const ground = (one) => {
        if (!one) return [255, 255, 255];
        const colour = parts(getComputedStyle(one).backgroundColor);
        return (colour[3] ?? 1) === 1 ? colour : over(colour, ground(one.parentElement));
    };
    const light = (colour) => colour.map((value) => value / 255)
        .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
    const ratio = (one) => {
        const below = ground(one), text = over(parts(getComputedStyle(one).color), below);
        const [low, high] = [light(text), light(below)].sort((first, second) => first - second);
        return (high + 0.05) / (low + 0.05);
    };
    const says = (one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    return [...document.body.querySelectorAll("*")].filter((one) => says(one) && one.checkVisibility())
        .filter((one) => ratio(one) < 4.5).map((one) => `${one.textContent.trim()}: ${ratio(one).toFixed(1)}`);
}"""


def sign_in(page: Page, url: str, number: str = "9001") -> None:
    """Through the form, by its labels."""
    page.goto(f"{url}/")
    page.get_by_label("工号").fill(number)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="今天")).to_be_visible()


def fill_order(page: Page, url: str) -> None:
    """The order of the one door, but for the phone, which has six digits."""
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
        page.get_by_role("textbox", name=name, exact=True).fill(value)
    page.get_by_role("combobox", name="型号").select_option(label="MX-101 现代平板门")
    page.get_by_role("combobox", name="开向").select_option(label="左内开")
    page.get_by_role("combobox", name="颜色").fill("胡桃色")


def foreign_fonts(page: Page) -> set[str]:
    """The fonts of this machine that a page is painted with; its codes, all ASCII, may be in any and are taken out."""
    page.evaluate("() => document.querySelectorAll('code, .code').forEach((one) => one.replaceChildren())")
    page.evaluate("() => document.fonts.ready.then(() => true)")
    devtools: Any = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        devtools.send(f"{domain}.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    found: set[str] = set()
    for node in devtools.send("DOM.querySelectorAll", {"nodeId": root, "selector": "body, body *"})["nodeIds"]:
        fonts = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        found |= {font["familyName"] for font in fonts if not font["isCustomFont"]}
    devtools.detach()
    return found


def poor_contrasts(page: Page) -> list[str]:
    """The texts that stand out from their ground by less than 4.5 to 1, with the ratio."""
    found: list[str] = page.evaluate(POOR_CONTRASTS)
    return found


def codes_of_order(page: Page) -> list[str]:
    """The label codes on an order's page."""
    return re.findall(r"D1[0-9A-Z]{14}", page.content())


def print_labels(page: Page, path: str, folder: Path) -> list[PaperLabel]:
    """The sheet at this address, read back from paper."""
    answer = page.request.get(path)
    assert answer.headers["content-type"] == "application/pdf"
    return read_sheet(answer.body(), folder)


def codes_to_cut(page: Page, url: str, folder: Path) -> list[str]:
    """The codes, read from the demo's sheet, of pieces whose next operation is the cutting, by their orders' pages."""
    on_paper = [label.code for label in print_labels(page, f"{url}/demo-labels.pdf", folder)]
    shown: set[str] = set()
    to_cut: set[str] = set()
    for path in _orders_in_work(page, url):
        page.goto(f"{url}{path}")
        shown |= set(codes_of_order(page))
        due = page.get_by_role("row").filter(has=page.locator("[data-label=下一道]", has_text="开料"))
        to_cut |= {code for row in due.all_inner_texts() for code in re.findall(r"D1[0-9A-Z]{14}", row)}
        if shown.issuperset(on_paper):
            break
    assert shown.issuperset(on_paper), "the sheet is of orders that the office lists"
    return [code for code in on_paper if code in to_cut]


def _orders_in_work(page: Page, url: str) -> list[str]:
    """The orders' pages in the order of the demo's sheet: those that nobody has begun come first."""
    paths: list[str] = []
    for state in ("released", "in_production"):
        page.goto(f"{url}/orders?state={state}")
        links = page.locator("td a[href^='/orders/']")
        paths += [str(link.get_attribute("href")) for link in links.all()]
    return paths


@dataclass(frozen=True)
class Invitation:
    """What the page of a fresh invitation shows: the text to type, and what the QR says to a camera."""

    code: str
    address: str


def invite(page: Page, url: str, name: str = "开料平板") -> Invitation:
    """Lets one more device in."""
    page.goto(f"{url}/devices")
    page.get_by_label("登记一台新设备").fill(name)
    page.get_by_role("button", name="生成登记码").click()
    code = page.get_by_label("登记码", exact=True).inner_text()
    return Invitation(code, read_symbol(page.locator(".qr").screenshot()))


def invitation(page: Page, url: str) -> str:
    """The address in the QR of a fresh invitation."""
    return invite(page, url).address


def history(page: Page, url: str, code: str, event: str) -> list[str]:
    """The rows of this kind in the history of the piece that carries this code."""
    page.goto(f"{url}/search?q={code}")
    expect(page.get_by_role("table", name="经过")).to_be_visible()
    return page.get_by_role("row").filter(has_text=event).all_inner_texts()
