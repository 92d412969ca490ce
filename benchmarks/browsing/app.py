"""A Flutter app in a page: open it, make it say what is there, wait until it needs no server."""

from playwright.sync_api import Page


def enable_semantics(page: Page) -> None:
    """Flutter draws on a canvas; this makes it say by role and label what is there."""
    page.locator("flt-semantics-placeholder").dispatch_event("click")


def open_app(page: Page, url: str) -> None:
    """Opens the app and waits for its first screen. A page that makes way for a newer version may never say `load`."""
    page.goto(url, wait_until="commit")
    page.locator("flt-semantics-placeholder").wait_for(state="attached")
    wait_until_up(page)


def wait_until_up(page: Page) -> None:
    """Until the first screen is there, and says what is on it."""
    page.wait_for_selector("#start", state="detached")
    enable_semantics(page)


def wait_until_kept(page: Page) -> None:
    """Until the service worker has everything, so that the next start needs no server."""
    page.wait_for_function("async () => (await navigator.serviceWorker.ready).active.state === 'activated'")
