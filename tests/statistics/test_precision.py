"""How precise estimates are: worked by hand, and when to look again."""

import math

import numpy as np
import pytest
from measured import sample_of

from strag_sim.statistics import estimate, first_look, half_widths, next_look
from strag_sim.statistics.precision import enough_above

T2 = 4.302653  # Student's t of 2 degrees of freedom, at 95 %


def estimates(**means):
    """Return the estimates of policies whose runs, of one request, have these responses."""
    found = {}
    for label, values in means.items():
        found[label] = estimate(sample_of(*([value] for value in values)))
    return found


def test_each_alone_by_hand():
    """Runs 9, 10, 11 about 10: t sqrt(2 / 6) / 10."""
    found = half_widths(estimates(a=[9, 10, 11], b=[10, 10, 10]), "mean", None, 0.95)

    assert found["a"] == pytest.approx(T2 * math.sqrt(2 / 6) / 10, rel=1e-6)
    assert found["b"] == 0


def test_a_ratio_by_hand():
    """The logs of the ratios of runs are -x, 0, x about that of 30 / 30: exp(t x sqrt(2/6)) - 1."""
    x = math.log(1.1)
    base = [10 / 1.1**0.5, 10, 10 * 1.1**0.5]
    pair = estimates(base=base, other=base[::-1])

    found = half_widths(pair, "mean", "base", 0.95)
    assert list(found) == ["other"]
    assert found["other"] == pytest.approx(math.expm1(T2 * x * math.sqrt(2 / 6)), rel=1e-6)


def test_pairs_are_of_the_same_runs():
    """Policies that rise and fall together have a sure ratio, though neither is sure."""
    pair = estimates(base=[5, 10, 15], other=[10, 20, 30])

    assert half_widths(pair, "mean", "base", 0.95)["other"] == pytest.approx(0, abs=1e-12)
    assert half_widths(pair, "mean", None, 0.95)["other"] > 0.5


def test_what_has_no_interval_is_never_precise():
    """A single run."""
    assert half_widths(estimates(a=[3.0]), "mean", None, 0.95)["a"] == math.inf


def test_what_is_not_known_is_not_waited_for():
    """The cost of an oracle, or whatever else no run will ever tell."""
    assert half_widths(estimates(a=[3.0, 4.0]), "slo_met", None, 0.95) == {}
    assert half_widths(estimates(a=[3.0, 4.0], b=[3.0, 4.0]), "slo_met", "b", 0.95) == {}


def test_looks():
    """At least ten runs, then half as many again, and never more than allowed."""
    looks = [first_look(4, 40)]
    while looks[-1] < 40:
        looks.append(next_look(looks[-1], 40))

    assert looks == [10, 15, 23, 35, 40]
    assert first_look(4, 6) == 6
    assert first_look(20, 500) == 20
    assert next_look(2, 500) == 3


@pytest.mark.parametrize(
    ("of", "count", "enough"),
    [("p99", 19_999, False), ("p99", 20_000, True), ("p999", 20_000, False), ("p90", 2000, True)],
)
def test_responses_above_a_quantile(of, count, enough):
    """200 of them."""
    assert enough_above(of, count) is enough


def test_an_unstable_policy_is_left_out():
    """Nothing is asked of it, or of a ratio to it."""
    found = estimates(a=[9, 10, 11], b=[10, 11, 12])
    unstable = {**found, "b": found["b"].__class__(**{**vars(found["b"]), "stable": False})}

    assert list(half_widths(unstable, "mean", None, 0.95)) == ["a"]
    assert half_widths(unstable, "mean", "b", 0.95) == {}
    assert np.isfinite(half_widths(unstable, "mean", None, 0.95)["a"])
