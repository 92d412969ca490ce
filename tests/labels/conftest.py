"""The fonts of labels, built once for all tests of labels."""

import pytest

from labels.fonts import LabelFonts
from mobile.web.builder.fonts import ensure_fonts


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> LabelFonts:
    """Both faces."""
    paths = ensure_fonts(tmp_path_factory.mktemp("build"), print)
    return LabelFonts(paths.regular, paths.semibold)
