"""Photographs on the screens: the button that takes one, and how many have not reached the server."""

from collections.abc import Callable

import flet as ft

from mobile import strings, theme
from mobile.outcome import Outcome, Waiting
from mobile.theme import Look
from mobile.views.components.chip import chip
from mobile.views.components.tile import action, tile

FADED = 0.4


class PhotoButton:
    """Takes a picture of the piece that the answer is about; not there where the device has no camera."""

    def __init__(self, look: Look, on_photo: Callable[[str], None] | None) -> None:
        """`on_photo` gets the piece's id. Among the other buttons where there is room for a fifth, else by itself."""
        self._on_photo = on_photo
        self._piece_id = ""
        self._is_among_others = look.is_wide
        if look.is_wide:
            self.control = action(ft.Icons.PHOTO_CAMERA, strings.TAKE_PHOTO, look, self._take)
        else:
            self.control = tile(ft.Icons.PHOTO_CAMERA, look.say(strings.TAKE_PHOTO), look, self._take)
            self.control.height = theme.TARGET_MIN
        self.control.disabled = False
        self.show(None)

    def show(self, outcome: Outcome | None) -> bool:
        """The answer on the screen is this one now; whether the button looks different."""
        piece = outcome.piece if outcome is not None and outcome.ask is None else None
        self._piece_id = piece.piece_id if piece is not None else ""
        has_piece = bool(self._piece_id)
        if self.control.disabled is not has_piece:
            return False
        # Among others it keeps its place, or every scan would move what people are about to press.
        self.control.visible = self._on_photo is not None and (has_piece or self._is_among_others)
        self.control.disabled = not has_piece
        self.control.opacity = 1.0 if has_piece else FADED
        return True

    def _take(self) -> None:
        if self._on_photo is not None:
            self._on_photo(self._piece_id)


def photo_chips(waiting: Waiting, look: Look) -> list[ft.Control]:
    """How many photos wait; nothing where none does."""
    if not waiting.photos:
        return []
    text = f"{look.say(strings.UNSENT_PHOTOS)} {waiting.photos}"
    return [chip(ft.Icons.PHOTO_CAMERA, text, look.palette.wait, look)]


def photo_words(waiting: Waiting, look: Look) -> str:
    """What the status screen says of photos."""
    said = [
        look.say(phrase.filled(n=count))
        for count, phrase in ((waiting.photos, strings.PHOTOS_WAITING), (waiting.photos_gone, strings.PHOTOS_GONE))
        if count
    ]
    return " · ".join(said) or look.say(strings.NONE)
