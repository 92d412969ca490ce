"""An invitation as it reaches a device: the code alone, or the address in its QR, however it was read."""

import re

_IN_ADDRESS = re.compile(r"[?&]code=([^&#\s]+)", re.IGNORECASE)
"""A gun types addresses in capitals."""


def code_in(text: str) -> str:
    """The code in an invitation's address; a text that is no address, as it is."""
    found = _IN_ADDRESS.search(text)
    return found[1] if found else text.strip()
