"""Imports what the app needs, while Flutter's client is still loading beside this worker."""

from importlib import import_module

for name in (
    "flet.messaging.pyodide_connection",
    "mobile.app",
    "mobile.device_engine",
    "mobile.routes",
    "mobile.rounds",
    "mobile.web.browser_platform",
):
    import_module(name)
