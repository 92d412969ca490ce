"""Why a build fails.

BuildFault
└── FontsMissing    npm's packages are not there
"""


class BuildFault(Exception):  # noqa: N818 - named as the other faults are
    """The app could not be built; the sentence says what is missing and how to get it."""

    def __init__(self, message: str, message_en: str) -> None:
        """Why, and what to do, in both languages."""
        super().__init__(f"{message}\n{message_en}")
        self.message = message
        self.message_en = message_en


class FontsMissing(BuildFault):
    """npm's packages are not there: `npm ci`, or `make run`, brings them."""
