"""Transforms and their inversion against laws whose survival functions are known."""

import numpy as np
import pytest
from scipy import special, stats
from scipy.integrate import quad

from strag_sim.theory import arrivals, inversion, laws, queues, renewal, slowness

TIMES = np.array([0.01, 0.3, 1.0, 4.0, 15.0])


@pytest.mark.parametrize(
    ("transform", "survival"),
    [
        (inversion.gamma(2.0), laws.exponential(2.0)),
        (inversion.gamma(1.0, 0.7), stats.gamma(1 / 0.49, scale=0.49).sf),
        (
            inversion.hyperexponential((0.5, 3.0), (0.8, 0.2)),
            slowness.mixed((0.8, 0.2), (laws.exponential(0.5), laws.exponential(3.0))),
        ),
        (
            inversion.lognormal(1.0, 1.2),
            stats.lognorm(np.sqrt(np.log(2.44)), scale=1 / np.sqrt(2.44)).sf,
        ),
        (inversion.repeated(inversion.gamma(1.0), 3), lambda t: special.gammaincc(3, t)),
    ],
    ids=["exponential", "gamma", "hyperexponential", "lognormal", "erlang"],
)
def test_the_inverse_is_the_survival_function(transform, survival):
    """To 1e-7, as the algorithm promises, far into the tail."""
    assert inversion.survival(transform)(TIMES) == pytest.approx(survival(TIMES), abs=1e-7)


def test_the_lognormal_transform_is_its_integral():
    """At real and complex arguments, by scipy's quadrature."""
    law = stats.lognorm(np.sqrt(np.log(2.44)), scale=1 / np.sqrt(2.44))
    s = np.array([0.5 + 0j, 0.9 + 3.0j])
    by_quad = [
        quad(lambda x, z=z: law.pdf(x) * np.exp(-z.real * x) * np.cos(z.imag * x), 0, 60, limit=500)
        for z in s
    ]

    found = inversion.lognormal(1.0, 1.2)(s)
    assert found.real == pytest.approx([value for value, _ in by_quad], abs=1e-8)


def test_the_simplest_queue():
    """M/M/1: the response is exponential, and a share 1 - rho does not wait."""
    response = inversion.survival(inversion.mg1_response(0.7, inversion.gamma(1.0), 1.0))
    wait = inversion.survival(inversion.mg1_wait(0.7, inversion.gamma(1.0), 1.0))

    assert laws.quantile(response, 0.99) == pytest.approx(queues.mm1_quantile(0.99, 0.7, 1))
    assert wait(TIMES) == pytest.approx(0.7 * np.exp(-0.3 * TIMES), abs=1e-7)


@pytest.mark.parametrize(
    ("rate", "transform", "size"),
    [
        (0.7, inversion.gamma(1.0, 0.7), stats.gamma(1 / 0.49, scale=0.49).sf),
        (
            0.6,
            inversion.lognormal(1.0, 1.2),
            stats.lognorm(np.sqrt(np.log(2.44)), scale=1 / np.sqrt(2.44)).sf,
        ),
    ],
    ids=["gamma", "lognormal"],
)
def test_the_transform_agrees_with_the_renewal_equation(rate, transform, size):
    """Two ways to the same percentiles of M/G/1, one over complex numbers and one over time."""
    one = inversion.survival(inversion.mg1_response(rate, transform, 1.0))
    two = renewal.mg1_response_survival(rate, size, 1.0, upper=60.0)

    for level in (0.5, 0.9, 0.99):
        assert laws.quantile(one, level) == pytest.approx(laws.quantile(two, level), rel=2e-4)


def test_a_batch_of_one_is_no_batch():
    """M^[1]/G/1 is M/G/1."""
    size = inversion.gamma(1.0, 0.7)
    batch = inversion.survival(inversion.batch_mg1_response(0.7, 1, size, 1.0))
    single = inversion.survival(inversion.mg1_response(0.7, size, 1.0))

    assert batch(TIMES) == pytest.approx(single(TIMES), abs=1e-9)


def test_the_law_of_batches_has_their_mean():
    """The integral of P(T > t) is the mean that is known without a transform."""
    response = inversion.batch_mg1_response(0.2, 3, inversion.gamma(1.0), 1.0)
    times = np.linspace(0, 120, 1201)
    mean = np.trapezoid(inversion.survival(response)(times), times)

    assert mean == pytest.approx(arrivals.batch_mg1_mean(0.2, 3, 1, 2), rel=1e-3)
