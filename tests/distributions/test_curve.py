"""Laws given by points of the quantile function."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.distributions.curve import Curve


@given(st.sets(st.integers(1, 999), max_size=8), st.integers(0, 2**32 - 1))
def test_look_up_by_position_is_the_search(thousandths: set[int], seed: int) -> None:
    """Levels on a grid are found by position, with the values that np.interp gives."""
    levels = np.array([0, *sorted(thousandths), 1000]) / 1000
    values = np.cumsum(np.random.default_rng(seed).random(len(levels))) + 0.1
    curve = Curve(levels, values)

    draws = curve.sample(np.random.default_rng(seed), 500)

    searched = np.interp(np.random.default_rng(seed).random(500), levels, values)
    assert draws == pytest.approx(searched, rel=1e-12)


@pytest.mark.parametrize("levels", [(0, 1 / 3, 1), (0, 1e-6, 1)])
def test_levels_on_no_grid_are_searched(levels: tuple[float, ...]) -> None:
    """No level is moved for the sake of speed."""
    curve = Curve(np.array(levels), np.array([1.0, 2.0, 4.0]))

    draws = curve.sample(np.random.default_rng(5), 1000)

    searched = np.interp(np.random.default_rng(5).random(1000), levels, [1.0, 2.0, 4.0])
    assert (draws == searched).all()


def test_mean_and_spread_are_those_of_the_lines() -> None:
    """A straight line is the uniform law: mean 1.5, standard deviation 1 / sqrt(12)."""
    curve = Curve(np.array([0.0, 1.0]), np.array([1.0, 2.0]))

    assert curve.mean == 1.5
    assert curve.std == pytest.approx(12**-0.5)


def test_a_flat_piece_is_an_atom() -> None:
    """The share at most its value counts all of it."""
    curve = Curve(np.array([0.0, 0.5, 0.9, 1.0]), np.array([1.0, 2.0, 2.0, 4.0]))

    assert curve.cdf([0.5, 2.0 - 1e-12, 2.0, 5.0]) == pytest.approx([0, 0.5, 0.9, 1])
