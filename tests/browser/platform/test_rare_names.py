"""Rare names are painted: not as the boxes of characters that a font lacks."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.browsing.app import open_app, wait_until_kept
from benchmarks.browsing.chromium import SCREENSHOTS, Chromium
from mumen.demo.people import DEMO_PIN, hash_pin
from mumen.serving.running import open_services
from mumen.settings import read_settings
from shared.schemas.commands import PutMasterData
from shared.schemas.people import Person, Role
from sync_server import intake
from sync_server.services import Services
from sync_server.tables import SiteRow
from tests.browser import office
from tests.browser.conftest import Factory
from tests.browser.tablet import RIVE, says, tap
from tests.browser.test_build import RARE

pytestmark = pytest.mark.browser
OTHER_BLOCKS = "㛃㙓㬢䲁𠅤𬱖𫖯𬭳𫍣"
"""From Extension A and from beyond the 65,536 characters that most fonts stop at."""

COMMON = "木门订单客户张伟"
MISSING = "\ue83a\U0010fffd"
"""For private use: no font has them, so both look like what a font shows for a character that it lacks."""

NAME_LENGTH = 15
ONE_COLUMN = {"width": 500, "height": 3_200}
LEFT, TOP, BOTTOM = 62, 8, 46
"""Where the line of the name is within the button of a person."""

CHARACTER = 20
EDGE = 2
"""Left out on either side of a character: its neighbour may reach into it."""

IN_OFFICE = 40
SHOW_ALONE = """([characters, size]) => document.body.replaceChildren(...[...characters].map((character, at) => {
    const shown = document.createElement("div");
    shown.textContent = character;
    shown.style.cssText = `position:absolute;left:0;top:${at * size}px;width:${size}px;height:${size}px`;
    return shown;
}))"""


def hire(factory: Factory, names: list[str]) -> None:
    """More people for the demo factory."""
    with open_services(read_settings(factory.environment)) as services:
        services.database.write(lambda session: add_people(session, services, names)).result()


def add_people(session: Session, services: Services, names: list[str]) -> None:
    site = session.execute(select(SiteRow)).scalars().one()
    people = [
        Person(id=services.mint.new_id(), site_id=site.id, number=str(7_000 + at), name=name, roles=[Role.OPERATOR],
               pin=hash_pin(DEMO_PIN, b"salt"), badge_code=services.mint.new_code("W"))
        for at, name in enumerate(names)
    ]  # fmt: skip
    body = PutMasterData(people=people).model_dump(mode="json")
    sent = intake.Submission(
        origin="system", key=services.mint.new_id(), body=body, command=body, event_time_us=services.now_us(),
        event_offset_min=480, person_id=None, is_trusted=True,
    )  # fmt: skip
    intake.submit(session, sent, services.moment())


def painted_characters(page: Page, names: list[str]) -> list[bytes]:
    """Every character of these names but for the first of each, cut out of one picture."""
    boxes = [page.get_by_role("button", name=name).bounding_box() for name in names]
    picture = Image.open(io.BytesIO(page.screenshot()))
    found: list[bytes] = []
    for name, box in zip(names, boxes, strict=True):
        assert box is not None
        x, y = round(box["x"]) + LEFT, round(box["y"])
        for at in range(1, len(name)):
            left = x + at * CHARACTER
            found.append(picture.crop((left + EDGE, y + TOP, left + CHARACTER - EDGE, y + BOTTOM)).tobytes())
    return found


def differ(painted: list[bytes]) -> bool:
    """Each looks like no other, but for the last two, which no font has."""
    return painted[-1] == painted[-2] and len(set(painted)) == len(painted) - 1


def test_two_hundred_rare_characters_are_painted_without_a_network(
    factory: Factory, browser: Chromium, office_browser: Chromium
) -> None:
    rare = "".join(dict.fromkeys(OTHER_BLOCKS + RARE))
    parts = [rare[at : at + NAME_LENGTH] for at in range(0, len(rare), NAME_LENGTH)]
    names = [f"李{part}" for part in (*parts, *MISSING)]
    hire(factory, names)
    office_browser.open()
    browser.open()
    page = browser.page(ONE_COLUMN)
    with factory.running():
        desk = office_browser.page()
        office.sign_in(desk, factory.url)
        open_app(page, office.invitation(desk, factory.url))
        says(page, "选择工位")
        wait_until_kept(page)
    tap(page, "开料 1 号位")
    says(page, "谁在干活")
    painted: list[bytes] = []
    for _ in range(40):
        page.wait_for_timeout(500)
        painted = painted_characters(page, names)
        if differ(painted):
            break
    page.screenshot(path=SCREENSHOTS / "app-rare-names.png")
    assert len(painted) >= 200
    assert differ(painted)
    assert browser.outside(factory.url) <= {RIVE}


def test_the_office_paints_rare_and_common_characters_with_its_own_fonts(
    factory: Factory, office_browser: Chromium
) -> None:
    office_browser.open()
    characters = COMMON + OTHER_BLOCKS + RARE[:20] + MISSING
    with factory.running():
        page = office_browser.page({"width": 400, "height": IN_OFFICE * len(characters)})
        office.sign_in(page, factory.url)
        assert office.foreign_fonts(page) == set()
        page.evaluate(SHOW_ALONE, [characters, IN_OFFICE])
        page.evaluate("() => document.body.offsetHeight && document.fonts.ready.then(() => true)")
        picture = Image.open(io.BytesIO(page.screenshot(path=SCREENSHOTS / "office-rare-names.png")))
        page.evaluate(f"() => [...document.body.children].slice(-{len(MISSING)}).forEach((one) => one.remove())")
        assert office.foreign_fonts(page) == set()
    tops = [at * IN_OFFICE for at in range(len(characters))]
    assert differ([picture.crop((0, top, IN_OFFICE, top + IN_OFFICE)).tobytes() for top in tops])
