"""Labels of what is not a piece: badges, stations, locations, packages of an order, shipments of a trip."""

from enum import StrEnum

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from labels.templates import CARDS_A4_2X5, LABEL_100X70, sheet_of
from shared.canonical import sha256_hex
from shared.rules.cards import RIGHTS
from shared.rules.permissions import Right
from shared.rules.refusals import RefusalCode
from shared.schemas.commands import CardKind, IssueLabels, PrintLabels
from shared.schemas.identifiers import SHORT_TEXT_MAX
from shared.schemas.sync import Verdict, VerdictStatus
from shared.words import Phrase
from sync_server.office.labels.label_sheets import printed
from sync_server.office.shell.errors import NOT_PERMITTED, OfficeFault
from sync_server.office.shell.forms import number_of, read_form, text_of
from sync_server.office.shell.language import NOTHING
from sync_server.office.shell.page import page
from sync_server.office.shell.submit import submit
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.office.shell.words import CARDS, refusal_text
from sync_server.printing.overview import list_printers
from sync_server.queries.cards import Card, cards_of, list_cards, list_trips, live_labels
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
NEW_LOCATIONS_MAX = 200
ON_PAPER = "pdf"
NOT_DONE = Phrase("没有打印", "Nothing was printed")
NONE_CHOSEN = Phrase("请先勾选要打的。", "Tick what is to be printed.")
NO_REASON = Phrase(
    "有的打过了：选一个原因才再打，打出来的算副本。",
    "Some were printed before: choose a reason to print them again; they count as copies.",
)
NOTHING_ON_IT = (
    Phrase("没有可打的", "Nothing to print"),
    Phrase("选的东西已经不在了，请返回再看。", "What was chosen is not there any more: go back and look again."),
)


class Cards(StrEnum):
    """The kinds by the names in their addresses."""

    BADGES = "badges"
    STATIONS = "stations"
    LOCATIONS = "locations"
    PACKAGES = "packages"
    SHIPMENTS = "shipments"


KINDS = {
    Cards.BADGES: CardKind.WORKER,
    Cards.STATIONS: CardKind.STATION,
    Cards.LOCATIONS: CardKind.LOCATION,
    Cards.PACKAGES: CardKind.PACKAGE,
    Cards.SHIPMENTS: CardKind.SHIPMENT,
}


@router.get("/cards")
async def first_cards(request: Request) -> Response:
    """Leads to the first kind."""
    await viewer_of(request, Right.ISSUE_LABELS)
    return RedirectResponse(f"/cards/{Cards.STATIONS}", 303)


@router.get("/cards/{name}")
async def show_cards(request: Request, name: Cards, of: str = "") -> Response:
    """What there is of this kind, to tick."""
    return await _page(request, await _viewer(request, name), name, of)


@router.post("/cards/{name}")
async def print_cards(request: Request, name: Cards) -> Response:
    """Gives a code to what has none, then prints what was ticked: on paper, or on a label printer."""
    viewer = await _viewer(request, name)
    sent = await read_form(request, viewer)
    of, key = text_of(sent, "of"), text_of(sent, "key")
    targets = [value for value in sent.getlist("target") if isinstance(value, str)]
    if name is Cards.LOCATIONS:
        count = min(number_of(sent, "count", 0), NEW_LOCATIONS_MAX)
        targets += [_id_within(key, number) for number in range(count)]
    if not targets:
        return await _page(request, viewer, name, of, NONE_CHOSEN, 422)
    verdict = await _submitted(request, viewer, {"kind": KINDS[name], "target_ids": targets}, key)
    if verdict.status is VerdictStatus.REJECTED:
        raise OfficeFault(409, NOT_DONE, refusal_text(verdict.code))

    def found(session: Session) -> dict[str, Card]:
        live = live_labels(session, KINDS[name], targets)
        return cards_of(session, [live[target].id for target in targets if target in live])

    cards = await services_of(request).read(found)
    if not cards:
        raise OfficeFault(409, *NOTHING_ON_IT)
    if text_of(sent, "where") != ON_PAPER:
        return await _on_printer(request, viewer, name, sent, list(cards))
    sheet = sheet_of(LABEL_100X70) if name in {Cards.PACKAGES, Cards.SHIPMENTS} else CARDS_A4_2X5
    title = CARDS[KINDS[name]]
    named = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return await printed(request, list(cards.values()), f"{title.zh} {title.en}", named, sheet)


def _id_within(key: str, number: int) -> str:
    """An id of the form's own time and key: sent twice, the form asks for the same locations."""
    return key[:24] + sha256_hex(f"{key}/{number}".encode())[:12]


async def _submitted(request: Request, viewer: Viewer, wanted: dict[str, object], key: str) -> Verdict:
    try:
        command = IssueLabels.model_validate(wanted)
    except ValidationError as error:
        raise OfficeFault(422, NOT_DONE, NOTHING_ON_IT[1]) from error
    return await submit(request, viewer, command, key)


async def _on_printer(request: Request, viewer: Viewer, name: Cards, sent: FormData, codes: list[str]) -> Response:
    try:
        command = PrintLabels(
            job_id=text_of(sent, "key"),
            printer_id=text_of(sent, "where"),
            label_codes=codes,
            reason=text_of(sent, "reason")[:SHORT_TEXT_MAX],
        )
    except ValidationError as error:
        raise OfficeFault(422, NOT_DONE, refusal_text(RefusalCode.PRINTER_UNKNOWN)) from error
    verdict = await submit(request, viewer, command, f"{command.job_id}/print")
    if verdict.status is not VerdictStatus.REJECTED:
        return RedirectResponse("/printing", 303)
    if verdict.code == RefusalCode.LABELS_PRINTED:
        return await _page(request, viewer, name, text_of(sent, "of"), NO_REASON, 422)
    raise OfficeFault(409, NOT_DONE, refusal_text(verdict.code))


async def _viewer(request: Request, name: Cards) -> Viewer:
    viewer = await viewer_of(request, Right.ISSUE_LABELS)
    if not viewer.may(RIGHTS[KINDS[name]]):
        raise OfficeFault(403, *NOT_PERMITTED)
    return viewer


async def _page(
    request: Request, viewer: Viewer, name: Cards, of: str, complaint: Phrase = NOTHING, status: int = 200
) -> Response:
    services, site_id = services_of(request), viewer.person.site_id
    is_of_a_trip = name is Cards.SHIPMENTS
    lines, printers, trips = await services.read(
        lambda session: (
            list_cards(session, KINDS[name], site_id, of),
            list_printers(session) if viewer.may(Right.PRINT_LABELS) else [],
            list_trips(session, site_id) if is_of_a_trip else [],
        )
    )
    context = {
        "name": name,
        "of": of,
        "kind": KINDS[name],
        "tabs": [
            (one, CARDS[KINDS[one]]) for one in Cards if one is not Cards.PACKAGES and viewer.may(RIGHTS[KINDS[one]])
        ],
        "lines": lines,
        "trips": trips,
        "printers": printers,
        "complaint": complaint,
        "key": services.mint.new_id(),
        "most": NEW_LOCATIONS_MAX,
    }
    return page(request, "labels/cards.html", viewer, context, status)
