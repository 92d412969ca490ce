"""The colours can be read: contrast by WCAG 2.2."""

import pytest

from shared.palette import DARK, LIGHT, Palette, contrast

SCHEMES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


class TestContrast:
    def test_agrees_with_the_ends_of_the_scale(self) -> None:
        assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
        assert contrast("#777777", "#777777") == pytest.approx(1.0)

    def test_agrees_with_a_published_value(self) -> None:
        assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)


class TestPalette:
    @SCHEMES
    def test_text_is_legible_on_every_ground(self, palette: Palette) -> None:
        for ground in (palette.paper, palette.card):
            assert contrast(palette.ink, ground) >= 7
            assert contrast(palette.muted, ground) >= 4.5
        assert contrast(palette.on_wood, palette.wood) >= 7

    @SCHEMES
    @pytest.mark.parametrize("role", ["ok", "wait", "stop", "info"])
    def test_a_role_is_legible_on_its_own_ground(self, palette: Palette, role: str) -> None:
        colours = palette.roles[role]
        assert contrast(palette.ink, colours.ground) >= 7
        assert contrast(colours.text, colours.ground) >= 4.5

    @SCHEMES
    def test_roles_differ(self, palette: Palette) -> None:
        assert len({colours.text for colours in palette.roles.values()}) == 4
