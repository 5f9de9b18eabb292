"""Bisection on functions whose answer is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.capacity.searching import bracket, halve, largest

RATES = st.floats(1e-3, 1e3)


class Tried(dict[float, bool]):
    """What holds below a limit, and from a floor on; remembers what was tried."""

    def __init__(self, limit: float, floor: float = 0.0) -> None:
        self.limit, self.floor = limit, floor

    def __call__(self, rate: float) -> bool:
        """Return whether it holds."""
        self[rate] = self.floor <= rate <= self.limit
        return self[rate]


@given(limit=RATES, guess=RATES)
def test_a_bracket_holds_the_limit(limit: float, guess: float) -> None:
    """Wherever the search begins, its ends lie about the limit, within 1 % of each other."""
    tried = Tried(limit)

    found = bracket(tried, guess, 0.05, 0.01)
    assert found is not None
    assert found[0] <= limit < found[1] <= found[0] * 1.01 * (1 + 1e-12)
    assert len(tried) < 40


def test_a_search_without_an_end_ends() -> None:
    """What holds everywhere, or nowhere, has no bracket."""
    assert bracket(lambda _: True, 1.0, 0.05, 0.01) is None
    assert bracket(lambda _: False, 1.0, 0.05, 0.01) is None


@given(limit=st.floats(1.0, 2.0))
def test_halving(limit: float) -> None:
    """The bracket stays one."""
    low, high = halve(lambda rate: rate <= limit, 1.0, 2.1, 1e-3)

    assert low <= limit < high <= low * 1.001


@given(limit=st.floats(0.2, 0.9), wide=st.floats(2.0, 5.0))
def test_the_largest_rate_is_found_where_low_rates_fail_too(limit: float, wide: float) -> None:
    """What holds between two rates holds at the upper one; it is found from above."""
    tried = Tried(limit, floor=limit / wide)
    rates = [0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]

    found = largest(tried, rates, tried, 0.01)
    assert found is not None
    assert limit / 1.01 <= found <= limit


def test_what_holds_nowhere() -> None:
    """No rate is found, all have been tried."""
    tried = Tried(0.0)

    assert largest(tried, [3.0, 2.0, 1.0], tried, 0.01) is None
    assert list(tried) == [3.0, 2.0, 1.0]


@pytest.mark.parametrize("known", [[], [2.5], [2.5, 4.0]])
def test_what_is_known_already_is_used(known: list[float]) -> None:
    """Rates tried by other searches lie above: of them the bracket is made."""
    tried = Tried(2.6)
    for rate in known:
        tried(rate)

    found = largest(tried, [3.0, 2.0], tried, 1e-4)
    assert found == pytest.approx(2.6, rel=1e-4)
    assert len(tried) <= len(known) + 15
