"""Whatever colour an operator chooses, what is written in it can be read, in both themes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.site_settings import colours
from careerplan.site_settings.colours import contrast, dark_shades, darker, is_readable, light_shades

every_colour = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@pytest.mark.parametrize(("one", "other", "expected"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)])
def test_contrast_is_that_of_wcag(one, other, expected):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(expected, abs=0.01)


@given(every_colour)
def test_the_darker_shade_that_is_proposed_can_be_read(colour):
    assert is_readable(darker(colour))


@given(every_colour.map(darker))
def test_all_shades_of_a_readable_colour_can_be_read(colour):
    for shades, ground in ((light_shades(colour), colours.WASH), (dark_shades(colour), colours.DARK_WASH)):
        assert contrast(shades.accent, ground) >= 4.5
        assert contrast(shades.strong, ground) >= 4.5
        assert contrast(shades.accent, shades.wash) >= 4.5
        assert contrast(shades.on_accent, shades.accent) >= 4.5
        assert contrast(shades.band, "#ffffff") >= 4.5
