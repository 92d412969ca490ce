"""The office: server-rendered pages, one router a page. They work without JavaScript; HTMX makes them quicker."""

from pathlib import Path

from fastapi import FastAPI

from sync_server.office import home, search
from sync_server.office.devices import device_assign, device_import, device_revoke, devices
from sync_server.office.floor import conflicts, photos, pieces, racks, scans
from sync_server.office.labels import (
    cards,
    label_answer,
    label_pictures,
    label_revoke,
    label_sheets,
    piece_labels,
    print_jobs,
    printers,
)
from sync_server.office.orders import order_cancel, order_edit, order_list, order_page, order_print
from sync_server.office.shell import interface, sessions
from sync_server.office.shell.assets import OFFICE, Assets, asset_router
from sync_server.office.shell.faults import install_faults
from sync_server.office.shell.style import style_router
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
