"""Timing: which number is taken of many, with a clock that can be foretold."""

import pytest

from strag_sim.codes import LagrangeCode, timing
from strag_sim.codes.timing import Timing, Trial, measure, spread_out, trials


class Clock:
    """A clock that only calls move: the n-th of a code takes what the script says."""

    def __init__(self, times):
        self.now, self.times = 0.0, iter(times)

    def __call__(self):
        """Return the time."""
        return self.now

    def call(self):
        """Take the next time."""
        self.now += next(self.times)


def test_the_median_over_rounds_of_the_least_of_a_round(monkeypatch):
    """The first call of a round is not counted, however short."""
    monkeypatch.setattr(timing, "ROUNDS", 3)
    monkeypatch.setattr(timing, "ROUND_TIME", 0.0)
    rounds = [[1, 5, 4, 6], [1, 9, 8, 7], [1, 2, 3, 4]]  # the least: 4, 7, 2
    clock = Clock([time for each in rounds for time in each])
    monkeypatch.setattr(timing, "_calls", lambda trial: (clock.call, lambda: None))
    told = []

    trial = Trial("lagrange", LagrangeCode(4, 6), 16)
    found = measure([trial], lambda done, total: told.append((done, total)), clock)

    assert found == [Timing(trial, encode=4, decode=0)]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_every_code_is_timed():
    """For every size, K and N; parities and collages where one task is spare."""
    found = trials((32,), ((4, 5), (4, 6)))

    names = [(each.name, each.code.inputs, each.code.tasks) for each in found]
    assert names == [
        ("lagrange", 4, 5),
        ("berrut", 4, 5),
        ("mds", 4, 5),
        ("parity sum", 4, 5),
        ("concatenation", 4, 5),
        ("collage", 4, 1),
        ("lagrange", 4, 6),
        ("berrut", 4, 6),
        ("mds", 4, 6),
    ]
    assert {each.numbers for each in found} == {3 * 32 * 32}


@pytest.mark.parametrize(("inputs", "tasks"), timing.PAIRS)
def test_what_is_decoded_can_be(inputs, tasks):
    """Of every K and N that is timed the gain is within the limit, for every code."""
    for trial in trials((8,), ((inputs, tasks),)):
        if trial.code.tasks > 1:
            returned = spread_out(inputs, tasks)
            assert len(set(returned)) == inputs
            assert trial.code.gain(returned) < 1e3


def test_real_times(monkeypatch):
    """Are above 0."""
    monkeypatch.setattr(timing, "ROUNDS", 1)
    (found,) = measure([Trial("lagrange", LagrangeCode(4, 6), 16)])

    assert found.encode > 0
    assert found.decode > 0
