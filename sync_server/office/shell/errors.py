"""What keeps a page from being shown or a form from being taken; `faults` answers it."""

from typing import NamedTuple

from shared.words import Phrase

NOT_PERMITTED = (
    Phrase("没有权限", "Not permitted"),
    Phrase("请找主管开通，或换一个账号登录。", "Ask a manager for it, or sign in as somebody else."),
)


class WayOn(NamedTuple):
    """A page of this server, and what its button says."""

    path: str
    word: Phrase


class OfficeFault(Exception):  # noqa: N818 - named as the other faults are
    """A page that cannot be shown, or a form that cannot be taken: a status and sentences that say what to do."""

    def __init__(self, status: int, title: Phrase, advice: Phrase, way_on: WayOn | None = None) -> None:
        """Say what is wrong and what to do next; `way_on` is a button to where that is done."""
        super().__init__(title.en)
        self.status = status
        self.title = title
        self.advice = advice
        self.way_on = way_on


class NeedsSignIn(Exception):  # noqa: N818 - what it says
    """Nobody is signed in; the sign-in page comes first."""
