"""The station: scan, see, go on. One large answer, what came before, four buttons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flet as ft

from mobile import theme
from mobile.outcome import Outcome, Recent, SyncState, Waiting
from mobile.strings import next_step, verdict
from mobile.views.components.chip import chip
from mobile.views.components.page import bar
from mobile.views.components.tile import action, tile
from mobile.views.recent import recent_view
from mobile.views.verdict import piece_name, ready_view, verdict_view
from shared.palette import Palette
from shared.schemas.people import Person
from shared.schemas.production import Station

RECENT_WIDTH = 420


@dataclass(frozen=True)
class StationActions:
    """What the buttons of this screen do."""

    on_type: Callable[[], None]
    on_change_worker: Callable[[], None]
    on_status: Callable[[], None]
    on_passed: Callable[[], None]
    on_failed: Callable[[str], None]
    on_understood: Callable[[], None]


FAULTS = ("划伤", "色差", "尺寸不对", "鼓包开裂", "其他")


def chips(state: SyncState, waiting: Waiting, palette: Palette, *, is_wide: bool) -> list[ft.Control]:
    """Online or not, and how much has not reached the server."""
    if state.problem:
        shown: list[ft.Control] = [chip(ft.Icons.SYNC_PROBLEM, "同步有问题" if is_wide else "问题", palette.stop)]
    elif state.is_online:
        shown = [chip(ft.Icons.CLOUD_DONE, "在线", palette.ok)]
    else:
        shown = [chip(ft.Icons.CLOUD_OFF, "离线", palette.wait)]
    if waiting.effects:
        shown.append(chip(ft.Icons.OUTBOX, f"待传 {waiting.effects}", palette.wait))
    if waiting.repeats:
        shown.append(chip(ft.Icons.REPEAT, f"重复 {waiting.repeats}", palette.info))
    return shown


def station_view(
    station: Station,
    worker: Person,
    top_chips: Sequence[ft.Control],
    shown: Outcome | None,
    shown_when: str,
    recent: Sequence[Recent],
    unseen: Sequence[Outcome],
    clock: Callable[[int], str],
    palette: Palette,
    actions: StationActions,
    *,
    is_wide: bool,
) -> ft.Column:
    """The whole screen; it is painted anew after every scan."""
    if shown is None:
        answer = ready_view(station.name, palette, is_wide=is_wide)
    else:
        answer = verdict_view(shown, shown_when, palette, is_wide=is_wide)
    stack: list[ft.Control] = [_news(unseen, palette, actions)] if unseen else []
    stack.append(answer)
    if shown is not None and shown.ask is not None:
        stack.append(_inspection(palette, actions))
    left = ft.Column(stack, spacing=12, expand=is_wide)
    body: ft.Control
    if is_wide:
        body = ft.Row(
            [left, recent_view(recent, clock, palette, RECENT_WIDTH)],
            spacing=20,
            vertical_alignment=ft.CrossAxisAlignment.START,
            expand=True,
        )
    else:
        rest = recent_view(recent, clock, palette, None)
        body = ft.Column([left, rest], spacing=8, scroll=ft.ScrollMode.AUTO, expand=True)
    padding = 20 if is_wide else 12
    below = ft.Container(
        ft.Column([body, _buttons(palette, actions)], spacing=14, expand=True), padding=padding, expand=True
    )
    top = bar(station.name, f"工位 {station.code} · {worker.name}", palette, top_chips)
    return ft.Column([top, below], spacing=0, expand=True)


def _buttons(palette: Palette, actions: StationActions) -> ft.Row:
    return ft.Row(
        [
            action(ft.Icons.KEYBOARD, "输入条码", palette, actions.on_type),
            action(ft.Icons.SWITCH_ACCOUNT, "换人", palette, actions.on_change_worker),
            action(ft.Icons.TUNE, "状态", palette, actions.on_status),
        ],
        spacing=12,
    )


def _inspection(palette: Palette, actions: StationActions) -> ft.Column:
    def failed(reason: str) -> Callable[[], None]:
        return lambda: actions.on_failed(reason)

    passed = tile(ft.Icons.CHECK_CIRCLE, "合格 Pass", palette, actions.on_passed, colour=palette.ok.text)
    reasons = [tile(ft.Icons.BLOCK, f"不合格：{r}", palette, failed(r), colour=palette.stop.text) for r in FAULTS]
    cells: list[ft.Control] = [ft.Container(one, col={"xs": 12, "sm": 6}) for one in (passed, *reasons)]
    return ft.Column([ft.ResponsiveRow(cells, spacing=10, run_spacing=10)], tight=True)


def _news(unseen: Sequence[Outcome], palette: Palette, actions: StationActions) -> ft.Container:
    """The server decided otherwise than the device had said; it stays until somebody has read it."""
    role = palette.stop
    names = [piece_name(outcome.piece) if outcome.piece else "标签" for outcome in unseen[:3]]
    from_server = [f"{name}：{_short(outcome)}" for name, outcome in zip(names, unseen, strict=False)]
    lines: list[ft.Control] = [
        ft.Text(
            f"服务器有 {len(unseen)} 条不同结果，请处理", size=theme.BODY, weight=ft.FontWeight.W_600, color=role.text
        ),
        *(ft.Text(line, size=18, color=palette.ink) for line in from_server),
        ft.Button("知道了 Understood", height=64, on_click=lambda _: actions.on_understood()),
    ]
    return ft.Container(ft.Column(lines, spacing=8), bgcolor=role.ground, padding=16, border_radius=18)


def _short(outcome: Outcome) -> str:
    steps = " / ".join(next_step(step).zh for step in outcome.next_steps)
    return f"{verdict(outcome.code).zh}" + (f" → {steps}" if steps else "")
