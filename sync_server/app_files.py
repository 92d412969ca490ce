"""The built app as files: a browser may keep them, but asks whether they are still the right ones."""

import os

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

REVALIDATE = "no-cache"
"""Keep, but ask before each use; an unchanged file is answered with 304 and no body.

No file's name changes with its content, so no file may be used unasked: the service worker keeps a version's files by
their hashes and fetches only what it lacks. A `sw.js` or a page that was used unasked would hold a tablet back.
"""


class AppFiles(StaticFiles):
    """`StaticFiles` whose answers say how they may be kept."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file, or 304 where the browser has this very one."""
        answer = super().file_response(full_path, stat_result, scope, status_code)
        answer.headers["Cache-Control"] = REVALIDATE
        return answer
