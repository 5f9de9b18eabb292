"""Lines of a figure are told apart: by colour and dashes, and without colour."""

from itertools import islice

import pytest

from strag_sim import plots
from strag_sim.plots.legend import lines


@pytest.mark.parametrize("style", ["paper", "slides", "dark"])
def test_lines_are_told_apart(style):
    """No two of sixty are alike, and nine differ in their dashes alone."""
    with plots.styled(style):
        looks = list(islice(lines(), 60))

    assert len({(look["color"], str(look["linestyle"])) for look in looks}) == 60
    assert len({str(look["linestyle"]) for look in looks[:9]}) == 9
