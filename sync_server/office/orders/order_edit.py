"""Filling in an order: a new one or a draft. Every button of the form is an endpoint, and none loses what was typed."""

import re
from dataclasses import dataclass
from typing import Self

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from shared.rules.order_check import find_problems
from shared.rules.permissions import Right
from shared.rules.refusals import RefusalCode
from shared.schemas.commands import PlaceOrder, ReleaseOrder, ReviseOrder
from shared.schemas.identifiers import Id
from shared.schemas.order import LineTerms, OrderTerms
from shared.schemas.sync import Verdict, VerdictStatus
from shared.words import Phrase
from sync_server.office.orders.order_form import (
    FORM_LINES_MAX,
    OrderForm,
    empty_form,
    form_of,
    show_problems,
    terms_of,
    typed_form,
)
from sync_server.office.orders.order_lookup import door_models, order_view
from sync_server.office.shell.forms import number_of, read_form, text_of
from sync_server.office.shell.language import NOTHING, language_of
from sync_server.office.shell.page import page
from sync_server.office.shell.sessions import keep_language
from sync_server.office.shell.submit import submit
from sync_server.office.shell.viewer import Viewer, viewer_of
from sync_server.office.shell.words import refusal_text
from sync_server.queries.orders import OrderView
from sync_server.services import services_of

router = APIRouter(include_in_schema=False)
NO_MORE_LINES = Phrase(
    "一张订单最多 {most} 行，请把其余的另开一张。",
    "An order has at most {most} lines; put the others into another one.",
).filled(most=FORM_LINES_MAX)
NOT_SAVED = Phrase("有内容填得不对，还没有保存。", "Something is filled in wrong; nothing was saved yet.")
SAVED = Phrase("已保存 {at}", "Saved {at}")
SAVED_COOKIE = "mumen_saved"
"""When the form was kept that this browser has just sent; the next page says so once."""

SAVED_COOKIE_S = 60
NOT_RELEASED = Phrase("已保存，但不能下达：{why}", "Saved, but it cannot be released: {why}")


@dataclass(frozen=True)
class Draft:
    """A form on somebody's screen: of which order, as seen at which `rev` (0: it was never kept), under which key."""

    order_id: str
    form: OrderForm
    seen_rev: int = 0
    key: str = ""

    @classmethod
    def kept(cls, view: OrderView) -> Self:
        """The form of an order as it is kept."""
        return cls(view.order.id, form_of(view.order, view.lines), view.order.rev)


@router.get("/orders/new")
async def new_order(request: Request) -> Response:
    """An empty form; its ids are minted here, so that sending it twice makes one order."""
    viewer = await viewer_of(request, Right.PLACE_ORDER)
    return await form_page(request, viewer, Draft(services_of(request).mint.new_id(), empty_form()))


@router.post("/orders/check")
async def check(request: Request) -> Response:
    """What is missing or wrong so far, while somebody types."""
    viewer = await viewer_of(request, Right.PLACE_ORDER)
    form = typed_form(await read_form(request, viewer))
    terms = terms_of(form)
    if terms is not None:
        show_problems(
            form, find_problems(*terms, await door_models(request), viewer.day(services_of(request).now_us()))
        )
    return page(request, "checked.html", viewer, {"form": form})


@router.post("/orders/{order_id}")
async def save(request: Request, order_id: Id) -> Response:
    """Keeps the form as a draft."""
    viewer, draft = await _sent(request, order_id)
    unkept = await _keep(request, viewer, draft)
    if unkept is not None:
        return unkept
    path, now_us = f"/orders/{order_id}", services_of(request).now_us()
    answer = RedirectResponse(path, 303)
    answer.set_cookie(SAVED_COOKIE, str(now_us), SAVED_COOKIE_S, path=path, httponly=True, samesite="lax")
    return answer


@router.post("/orders/{order_id}/save-and-release")
async def save_and_release(request: Request, order_id: Id) -> Response:
    """Keeps the form and releases the order; what keeps it from being released stands beside its field."""
    viewer, draft = await _sent(request, order_id)
    unkept = await _keep(request, viewer, draft)
    if unkept is not None:
        return unkept
    verdict = await submit(request, viewer, ReleaseOrder(order_id=order_id), f"{draft.key}/release")
    if verdict.status is not VerdictStatus.REJECTED:
        return RedirectResponse(f"/orders/{order_id}", 303)
    why = NOT_RELEASED.filled(why=refusal_text(verdict.code))
    return await kept_form_page(request, viewer, await order_view(request, viewer, order_id), why, 409)


@router.post("/orders/{order_id}/add-line")
async def add_line(request: Request, order_id: Id) -> Response:
    """The same form with one more line, which begins as a copy of the last."""
    viewer, draft = await _sent(request, order_id)
    if not draft.form.add_line():
        return await form_page(request, viewer, draft, NO_MORE_LINES, 422)
    return await form_page(request, viewer, draft)


@router.post("/orders/{order_id}/remove-line/{number}")
async def remove_line(request: Request, order_id: Id, number: int) -> Response:
    """The same form without this line; nothing is kept before somebody saves."""
    viewer, draft = await _sent(request, order_id)
    draft.form.remove_line(number)
    return await form_page(request, viewer, draft)


@router.post("/orders/{order_id}/language")
async def say_otherwise(request: Request, order_id: Id) -> Response:
    """The same form in the other language."""
    viewer, draft = await _sent(request, order_id)
    request.state.language = language_of(request).other
    answer = await form_page(request, viewer, draft)
    keep_language(answer, request.state.language)
    return answer


async def kept_form_page(
    request: Request, viewer: Viewer, view: OrderView, complaint: Phrase = NOTHING, status: int = 200
) -> Response:
    """The form of a draft as it is kept, with everything that is still to be mended."""
    draft = Draft.kept(view)
    today = viewer.day(services_of(request).now_us())
    show_problems(draft.form, find_problems(view.order, view.lines, await door_models(request), today))
    done = NOTHING if complaint else _just_saved(request, viewer)
    answer = await form_page(request, viewer, draft, complaint, status, view.order.number, done)
    answer.delete_cookie(SAVED_COOKIE, f"/orders/{view.order.id}")
    return answer


async def form_page(
    request: Request,
    viewer: Viewer,
    draft: Draft,
    complaint: Phrase = NOTHING,
    status: int = 200,
    number: str = "",
    done: Phrase = NOTHING,
) -> Response:
    """The form with a fresh key: whoever sends it twice sends one command."""
    models = list((await door_models(request)).values())
    if draft.seen_rev and not number:
        number = (await order_view(request, viewer, draft.order_id)).order.number
    context = {
        "form": draft.form,
        "order_id": draft.order_id,
        "seen_rev": draft.seen_rev,
        "key": services_of(request).mint.new_id(),
        "number": number,
        "models": [(model.id, f"{model.code} {model.name}") for model in models],
        "colours": list(dict.fromkeys(colour for model in models for colour in model.colours)),
        "complaint": complaint,
        "done": done,
    }
    return page(request, "orders/order_form.html", viewer, context, status)


def _just_saved(request: Request, viewer: Viewer) -> Phrase:
    at = request.cookies.get(SAVED_COOKIE, "")
    return SAVED.filled(at=viewer.clock(int(at))) if re.fullmatch("[0-9]{1,16}", at) else NOTHING


async def _sent(request: Request, order_id: str) -> tuple[Viewer, Draft]:
    viewer = await viewer_of(request, Right.PLACE_ORDER)
    sent = await read_form(request, viewer)
    return viewer, Draft(order_id, typed_form(sent), number_of(sent, "seen_rev", 0), text_of(sent, "key"))


async def _keep(request: Request, viewer: Viewer, draft: Draft) -> Response | None:
    """Keeps the draft, or answers with its form and why it was not kept."""
    terms = terms_of(draft.form)
    if terms is None:
        return await form_page(request, viewer, draft, NOT_SAVED, 422)
    verdict = await _submit(request, viewer, draft, *terms)
    if verdict.status is not VerdictStatus.REJECTED:
        return None
    if verdict.code in {RefusalCode.ORDER_CHANGED_MEANWHILE, RefusalCode.ORDER_EXISTS}:
        # Whoever has read the warning and saves again means it. It exists: somebody went back to a form once sent.
        current = (await order_view(request, viewer, draft.order_id)).order
        draft = Draft(draft.order_id, draft.form, current.rev)
    return await form_page(request, viewer, draft, refusal_text(verdict.code), 409)


async def _submit(request: Request, viewer: Viewer, draft: Draft, terms: OrderTerms, lines: list[LineTerms]) -> Verdict:
    if draft.seen_rev == 0:
        placed = PlaceOrder(order_id=draft.order_id, terms=terms, lines=lines)
        return await submit(request, viewer, placed, draft.key)
    revised = ReviseOrder(order_id=draft.order_id, seen_rev=draft.seen_rev, terms=terms, lines=lines)
    return await submit(request, viewer, revised, draft.key)
