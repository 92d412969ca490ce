"""Where something is painted."""

import time

from playwright.sync_api import FloatRect, Locator

WITHIN_S = 5.0
STEP_MS = 50


def box_of(locator: Locator) -> FloatRect:
    """Its box in CSS pixels, once it stays where it is: a screen that is being laid out has none, or one of the way.

    Raises what Playwright raises where it never comes, and an `AssertionError` where it does not stay within five
    seconds.
    """
    locator.wait_for()
    last, end = None, time.monotonic() + WITHIN_S
    while time.monotonic() < end:
        box = locator.bounding_box()
        if box is not None and box["width"] and box == last:
            return box
        last = box
        locator.page.wait_for_timeout(STEP_MS)
    raise AssertionError(f"{locator} does not stay where it is")
