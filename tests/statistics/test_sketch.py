"""A sketch of many responses: its promise, its merging, and the package of its authors."""

import math
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from ddsketch.mapping import LogarithmicMapping
from hypothesis import given, settings
from hypothesis import strategies as st

from strag_sim.statistics import quantile, sketch
from strag_sim.statistics.responses import Ordered, pooled
from strag_sim.statistics.sketch import ERROR, GAMMA, TOP, Sketch
from strag_sim.statistics.tail import tail

TIMES = st.floats(1e-9, 1e9)
LEVELS = (0.001, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999)


def equal(one, other):
    """Whether two sketches are the same, bit for bit."""
    return (
        one.first == other.first
        and one.counts.tolist() == other.counts.tolist()
        and one.top.tobytes() == other.top.tobytes()
    )


def responses(count, seed=1):
    """Return responses over eight decades, with ties and a heavy tail."""
    rng = np.random.default_rng(seed)
    values = np.exp(rng.normal(0, 3, count))
    values[:: count // 50 or 1] = 0.25
    return values


def test_by_hand():
    """Of 1, 2 and 4 s with gamma = 1.001 / 0.999: buckets 0 and ceil(ln 2^i / ln gamma)."""
    found = Sketch.of(np.array([2.0, 1.0, 4.0, 2.0]))
    log = math.log(1.001 / 0.999)

    places = [0, math.ceil(math.log(2) / log), math.ceil(math.log(4) / log)]
    assert places == [0, 347, 694]
    assert found.first == 0
    assert np.flatnonzero(found.counts).tolist() == places
    assert found.counts[places].tolist() == [1, 2, 1]
    assert (found.count, found.top.tolist()) == (4, [1.0, 2.0, 2.0, 4.0])


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("count", [1, 7, 1000, 1001, 50_000])
def test_every_quantile_is_within_its_error(count, level):
    """0.1 %, and no error at all among the largest."""
    values = responses(count)
    exact = quantile(np.sort(values), level)

    found = Sketch.of(values).quantile(level)
    assert found == pytest.approx(exact, rel=ERROR * (1 + 1e-9))
    if math.ceil(level * count) > count - TOP:
        assert found == exact


@settings(max_examples=200, deadline=None)
@given(st.lists(TIMES, min_size=1, max_size=60), st.floats(0.001, 0.999))
def test_the_error_holds_for_any_values(values, level):
    """Also without the exact top: the value of a bucket is within 0.1 % of all that is in it."""
    array = np.array(values)
    exact = quantile(np.sort(array), level)

    bucket = sketch.value(sketch.buckets(np.array([exact])))[0]
    assert abs(bucket - exact) <= ERROR * exact * (1 + 1e-9)
    assert Sketch.of(array).quantile(level) == exact


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_merging_in_any_order_is_a_single_pass(data):
    """However responses are parted, and however the parts are merged, two at a time."""
    values = np.array(data.draw(st.lists(TIMES, min_size=1, max_size=80)))
    cuts = data.draw(st.lists(st.integers(1, 80), max_size=6))
    shuffled = np.array(data.draw(st.permutations(values.tolist())))
    parts = [Sketch.of(part) for part in np.split(shuffled, sorted(cuts)) if part.size]

    while len(parts) > 1:
        first = parts.pop(data.draw(st.integers(0, len(parts) - 1)))
        second = parts.pop(data.draw(st.integers(0, len(parts) - 1)))
        parts.append(Sketch.merged([first, second]))
    assert equal(parts[0], Sketch.of(values))


def test_merging_keeps_the_largest_of_all():
    """More than are kept, most of them in one part: the same as from all at once."""
    values = np.sort(responses(5 * TOP))
    parts = [values[-3 * TOP :], values[: -3 * TOP], values[:1]]

    whole = Sketch.of(np.concatenate(parts))
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        assert equal(Sketch.merged([Sketch.of(parts[i]) for i in order]), whole)
    assert whole.top.tolist() == values[-TOP:].tolist()


def test_sketches_of_other_processes_merge_the_same():
    """Two processes sketch a part each; in either order it is the sketch of the whole."""
    values = responses(20_000)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(Sketch.of, np.array_split(values, 4)))

    assert equal(Sketch.merged(parts), Sketch.of(values))
    assert equal(Sketch.merged(parts[::-1]), Sketch.of(values))


def test_the_buckets_are_those_of_ddsketch():
    """The same gamma, the same bucket for each value, and the same value for each bucket."""
    theirs = LogarithmicMapping(ERROR)
    values = np.concatenate([responses(20_000), 10.0 ** np.arange(-11, 12)])
    found = sketch.buckets(values)

    assert pytest.approx(theirs.gamma, rel=1e-15) == GAMMA
    # A value at the very edge of a bucket may round to either side of it.
    keys = np.array([theirs.key(value) for value in values])
    edges = np.abs(np.log(values) / math.log(GAMMA) - np.round(np.log(values) / math.log(GAMMA)))
    assert ((found == keys) | (edges < 1e-9)).all()
    assert np.mean(found == keys) > 0.999
    np.testing.assert_allclose(
        sketch.value(found), [theirs.value(int(key)) for key in found], rtol=1e-11
    )


def test_shares_of_a_sketch():
    """How many are at most a time: exact at the largest, within the error in time below."""
    values = responses(30_000)
    ordered, found = Ordered(np.sort(values)), Sketch.of(values)

    late = found.top[[0, 10, -1]]
    assert found.at_most(late).tolist() == ordered.at_most(late).tolist()
    times = np.exp(np.linspace(-8, 8, 100))
    assert (found.at_most(times) >= ordered.at_most(times * (1 - 2.1 * ERROR))).all()
    assert (found.at_most(times) <= ordered.at_most(times * (1 + 2.1 * ERROR))).all()
    assert found.at_most(np.array([1e-12, 1e12])).tolist() == [0, 30_000]


def test_the_tail_of_sketches_is_that_of_the_responses():
    """At each time, the share of responses above it, as of times 0.2 % away at most."""
    runs = [responses(30_000, seed) for seed in range(4)]
    together = np.sort(np.concatenate(runs))

    drawn = tail([Sketch.of(run) for run in runs], 0.95)
    early = 1 - np.searchsorted(together, drawn.response * (1 + 2.1 * ERROR)) / together.size
    late = 1 - np.searchsorted(together, drawn.response * (1 - 2.1 * ERROR)) / together.size
    assert ((early - 1e-12 <= drawn.ccdf) & (drawn.ccdf <= late + 1e-12)).all()


def test_runs_together_are_exact_unless_one_is_a_sketch():
    """Then the others are sketched too."""
    runs = [np.sort(responses(4000, seed)) for seed in range(3)]
    exact = pooled([Ordered(run) for run in runs])
    mixed = pooled([Sketch.of(runs[0]), Ordered(runs[1]), Ordered(runs[2])])

    together = np.sort(np.concatenate(runs))
    assert exact.quantile(0.3) == quantile(together, 0.3)
    assert exact.count == mixed.count == 12_000
    assert isinstance(mixed, Sketch)
    assert equal(mixed, Sketch.of(together))
