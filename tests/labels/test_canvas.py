"""A PDF that is not written keeps nothing open: a server draws labels for years."""

from pathlib import Path

import pytest

from labels.fonts import LabelFonts
from labels.pdf import labels_pdf
from labels.templates import A4_3X8
from tests.factory import START_US


def opened() -> list[str]:
    """The fonts that this process has open."""
    links = list(Path("/proc/self/fd").iterdir())
    return [str(link.readlink()) for link in links if link.is_symlink() and str(link.readlink()).endswith(".ttf")]


def test_a_refused_pdf_closes_its_fonts(fonts: LabelFonts) -> None:
    before = opened()
    with pytest.raises(ValueError, match="at least one label"):
        labels_pdf([], fonts, "", START_US, A4_3X8)
    assert opened() == before
