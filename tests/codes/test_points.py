"""Points: where they stand, and that they do not coincide."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.codes import FAMILIES, LagrangeCode, Points
from strag_sim.codes.points import chebyshev_first, chebyshev_second, equispaced, points_of
from strag_sim.errors import CodeError


def test_families_by_hand():
    """Three points of each family; one alone stands in the middle."""
    half = np.sqrt(3) / 2

    assert chebyshev_first(3) == pytest.approx([half, 0, -half])
    assert chebyshev_second(3) == pytest.approx([1, 0, -1])
    assert equispaced(5) == pytest.approx([1, 0.5, 0, -0.5, -1])
    assert [f(1)[0] for f in (chebyshev_first, chebyshev_second, equispaced)] == pytest.approx(
        [0, 0, 0], abs=1e-15
    )


@given(st.sampled_from(sorted(FAMILIES)), st.integers(1, 20), st.integers(0, 20))
def test_every_family_has_points(family, inputs, more):
    """K data points and N workers', all in [-1, 1], none twice, for any K and N."""
    points = FAMILIES[family](inputs, inputs + more)

    assert (len(points.data), len(points.workers)) == (inputs, inputs + more)
    assert max(map(abs, points.data + points.workers)) <= 1


def test_systematic_points_begin_with_the_data():
    """And data stands between the parities."""
    points = FAMILIES["systematic"](4, 6)

    assert points.workers[:4] == points.data
    assert points.workers[4:] == pytest.approx((1, -1))


def test_points_of_ones_own():
    """They are taken as they are, if they are as many as the code has."""
    own = Points((-0.5, 0.5), (-1.0, 0.0, 1.0))

    assert LagrangeCode(2, 3, points=own).encode_matrix() == pytest.approx(
        np.array([[1.5, -0.5], [0.5, 0.5], [-0.5, 1.5]])
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Points((0.5, 0.5), (1.0,)), "two data points coincide at 0.5; points of one kind"),
        (lambda: Points((0.5,), (0.1, 0.3, 0.1)), "two workers' points coincide at 0.1"),
        (lambda: Points((), (0.1,)), "data points must be finite numbers, at least one"),
        (lambda: Points((0.0,), (float("nan"),)), "workers' points must be finite numbers"),
        (lambda: points_of("cebyshev", 2, 3), "'cebyshev' is not allowed; points must be cheb"),
        (
            lambda: points_of(Points((0.0,), (1.0,)), 2, 3),
            "1 data and 1 workers' points do not fit 2 inputs and 3 tasks",
        ),
        (lambda: FAMILIES["systematic"](4, 3), "tasks: 3 is not allowed; of a systematic code"),
    ],
)
def test_wrong_points(make, message):
    """What is wrong with them is said."""
    with pytest.raises(CodeError, match=message):
        make()
