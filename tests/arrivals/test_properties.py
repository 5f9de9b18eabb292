"""What holds for every kind of open arrivals, whatever its parameters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from strag_sim.arrivals import (
    KINDS,
    Arrivals,
    Deterministic,
    GammaGaps,
    Mmpp,
    Phase,
    Poisson,
    Rated,
    Steady,
    Trace,
    Varying,
    WeibullGaps,
)
from strag_sim.arrivals.rate_curve import RateCurve

rates = st.floats(1e-3, 1e6)
dwells = st.floats(1e-3, 1e3)
cvs = st.floats(0.05, 20)
batches = st.integers(1, 7)


@st.composite
def mmpps(draw) -> Mmpp:
    """Return an mmpp whose rates are not all 0, and whose states do not change all the time."""
    states = draw(st.lists(st.tuples(st.just(0.0) | rates, dwells), min_size=1, max_size=4))
    states.append((draw(st.floats(1.0, 1e6)), draw(st.floats(1.0, 1e3))))
    phases = tuple(Phase(rate=rate, dwell=dwell) for rate, dwell in states)
    return Mmpp(states=phases, batch=draw(batches))


@st.composite
def curves(draw) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return times and rates, steps or lines, of which no piece is far above the mean."""
    gaps = draw(st.lists(st.floats(0.1, 10), min_size=2, max_size=6))
    times = (0.0, *np.cumsum(gaps).tolist())
    count = len(times) - draw(st.integers(0, 1))
    values = draw(st.lists(st.just(0.0) | st.floats(0.1, 10), min_size=count, max_size=count))
    values[draw(st.integers(0, count - 1))] = 10.0
    return times, tuple(values)


@st.composite
def varyings(draw) -> Varying:
    """Return arrivals that vary, thinned or on a clock."""
    times, values = draw(curves())
    return Varying(
        times=times,
        rates=values,
        rate=draw(st.none() | rates),
        cv=draw(st.none() | cvs),
        random_start=draw(st.booleans()),
        batch=draw(batches),
    )


@st.composite
def traces(draw) -> Trace:
    """Return a trace of 300 times, many of them together."""
    times = np.cumsum(draw(st.lists(st.integers(0, 3), min_size=300, max_size=300)))
    jitter = draw(st.none() | st.floats(0, 5))
    scale = draw(st.floats(1e-3, 1e3))
    return Trace(times=tuple(times.tolist()), scale=scale, jitter=jitter, batch=draw(batches))


kinds: dict[str, st.SearchStrategy[Arrivals]] = {
    "poisson": st.builds(Poisson, rate=rates, batch=batches),
    "deterministic": st.builds(Deterministic, interval=dwells, batch=batches),
    "gamma": st.builds(GammaGaps, rate=rates, cv=cvs, batch=batches),
    "weibull": st.builds(WeibullGaps, rate=rates, cv=cvs, batch=batches),
    "mmpp": mmpps(),
    "varying": varyings(),
    "trace": traces(),
}


def test_every_open_kind_is_here() -> None:
    """A new kind must hold what all hold."""
    assert set(kinds) == set(KINDS) - {"closed"}


@pytest.mark.parametrize("kind", kinds)
@settings(max_examples=25, deadline=None)
@given(data=st.data(), seed=st.integers(0, 2**32), count=st.integers(0, 300))
def test_times(kind: str, data: st.DataObject, seed: int, count: int) -> None:
    """Finite, in order, not negative; repeatable; a longer draw begins alike; batches together."""
    arrivals = data.draw(kinds[kind])

    times = arrivals.draw(np.random.default_rng(seed), count)
    longer = arrivals.draw(np.random.default_rng(seed), 300)

    assert times.shape == (count,)
    assert times.dtype == np.float64
    assert np.isfinite(times).all()
    assert (np.diff(times, prepend=0.0) >= 0).all()
    assert times.tolist() == longer[:count].tolist()
    batch = arrivals.batch
    assert (longer == np.repeat(longer[::batch], batch)[:300]).all()


@pytest.mark.parametrize("kind", [kind for kind in kinds if kind != "trace"])
@settings(max_examples=25, deadline=None)
@given(data=st.data(), factor=st.floats(0.01, 100))
def test_what_is_known_before(kind: str, data: st.DataObject, factor: float) -> None:
    """The mean rate is known; an offered load becomes the rate that brings it, in requests."""
    arrivals = data.draw(kinds[kind])
    assert isinstance(arrivals, Steady)
    assert arrivals.mean_rate > 0
    assert arrivals.dispersion is None or arrivals.dispersion >= 0
    if kind == "deterministic":
        assert not isinstance(arrivals, Rated)
        return
    assert isinstance(arrivals, Rated)
    assert arrivals.at_capacity(factor, 3) == arrivals

    slots = 20
    given_load = {**vars_of(arrivals), "rate": None, "offered_load": 0.6}
    made = type(arrivals)(**given_load)
    size = 0.6 * slots / (factor * arrivals.mean_rate)
    with pytest.raises(ValueError, match="offered_load: needs the workers' capacity"):
        made.draw(np.random.default_rng(1), 1)
    assert np.isnan(made.mean_rate)
    if kind == "mmpp" and factor < 1:
        return  # might change state too often
    known = made.at_capacity(size, slots)
    assert known.offered_load is None
    assert known.mean_rate * size / slots == pytest.approx(0.6)


def vars_of(arrivals: Arrivals) -> dict[str, object]:
    """Return the parameters of arrivals, without what they keep for themselves."""
    return {key: value for key, value in vars(arrivals).items() if not key.startswith("_")}


@pytest.mark.parametrize(
    "arrivals",
    [
        Poisson(rate=3),
        GammaGaps(rate=3, cv=2),
        WeibullGaps(rate=3, cv=2),
        Mmpp(states=(Phase(rate=10, dwell=1), Phase(rate=1, dwell=5))),
        Mmpp(states=(Phase(rate=0.1, dwell=0.5), Phase(rate=0.01, dwell=1))),
        Varying(envelope="azure-code"),
        Varying(envelope="azure-code", random_start=True, batch=3),
        Varying(times=(0, 10, 20), rates=(1, 5, 0), cv=2.0),
    ],
)
def test_long_draws_begin_alike(arrivals: Arrivals) -> None:
    """Also across the portions that are drawn at a time."""
    most = 60_000
    whole = arrivals.draw(np.random.default_rng(3), most)

    assert (np.diff(whole, prepend=0.0) >= 0).all()
    for count in (1, 4_095, 4_096, 4_097, 8_193, 33_000):
        assert (arrivals.draw(np.random.default_rng(3), count) == whole[:count]).all()


@settings(max_examples=50, deadline=None)
@given(curve=curves(), levels=st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_a_rate_curve_is_its_own_inverse(curve, levels) -> None:
    """What is due until when so much is due; and it is the integral of the rate."""
    times, values = np.array(curve[0]), np.array(curve[1])
    steps = values.size < times.size
    left, right = (values, values) if steps else (values[:-1], values[1:])
    made = RateCurve(times, left, right)
    total = made.mean * made.period
    due = np.array(levels) * total

    assert made.due(made.when(due)) == pytest.approx(due, abs=1e-9 * total)
    assert (made.when(due) >= 0).all()
    assert (made.when(due) <= made.period).all()
    grid = (np.arange(20_000) + 0.5) * made.period / 20_000
    assert made.at(grid).mean() == pytest.approx(made.mean, rel=2e-3)
    assert made.at(grid).max() <= made.peak == values.max()
