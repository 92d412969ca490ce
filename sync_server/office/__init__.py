"""The office: server-rendered pages, one router a page. They work without JavaScript; HTMX makes them quicker."""

from pathlib import Path

from fastapi import FastAPI

from sync_server.office import (
    cards,
    conflicts,
    device_assign,
    device_import,
    device_revoke,
    devices,
    home,
    interface,
    label_answer,
    label_pictures,
    label_revoke,
    label_sheets,
    order_cancel,
    order_edit,
    order_list,
    order_page,
    order_print,
    photos,
    piece_labels,
    pieces,
    print_jobs,
    printers,
    racks,
    scans,
    search,
    sessions,
)
from sync_server.office.assets import OFFICE, Assets, asset_router
from sync_server.office.faults import install_faults
from sync_server.office.style import style_router
from sync_server.passwords import PasswordChecks

PAGES = (
    sessions,
    home,
    search,
    order_list,
    order_edit,
    order_page,
    order_cancel,
    order_print,
    label_sheets,
    label_pictures,
    cards,
    print_jobs,
    printers,
    pieces,
    piece_labels,
    label_answer,
    label_revoke,
    photos,
    devices,
    device_import,
    device_assign,
    device_revoke,
    conflicts,
    scans,
    racks,
    interface,
)


def install(app: FastAPI, build_dir: Path | None) -> None:
    """Adds the office's pages, what they are made of, and answers for people to every path that is not a machine's."""
    assets = Assets(build_dir)
    app.state.assets = assets
    app.state.password_checks = PasswordChecks()
    for router in (style_router(assets), asset_router(assets, OFFICE)):
        app.include_router(router)
    for one in PAGES:
        app.include_router(one.router)
    install_faults(app)
