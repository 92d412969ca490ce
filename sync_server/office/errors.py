"""What keeps a page from being shown or a form from being taken; `faults` answers it."""

from shared.words import Phrase

NOT_PERMITTED = (
    Phrase("没有权限", "Not permitted"),
    Phrase("请找主管开通，或换一个账号登录。", "Ask a manager for it, or sign in as somebody else."),
)


class OfficeFault(Exception):  # noqa: N818 - named as the other faults are
    """A page that cannot be shown, or a form that cannot be taken: a status and sentences that say what to do."""

    def __init__(self, status: int, title: Phrase, advice: Phrase) -> None:
        """Say what is wrong and what to do next."""
        super().__init__(title.en)
        self.status = status
        self.title = title
        self.advice = advice


class NeedsSignIn(Exception):  # noqa: N818 - what it says
    """Nobody is signed in; the sign-in page comes first."""
