"""The laws of a profile by batch size: exact where measured, between their neighbours elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from by_batch import content, point, write
from hypothesis import given, settings
from hypothesis import strategies as st

from strag_sim import profiles
from strag_sim.distributions.profile import Profile

SIZES = (1, 2, 4, 8)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A profile of four batch sizes at concurrency 1, three at 2, and 4 without a batch of 1."""
    points = [point(batch) for batch in SIZES]
    points += [point(batch, 2, n=2000) for batch in (4, 1, 2)]  # in any order, on other levels
    points += [point(batch, 4) for batch in (2, 4)]
    return write(tmp_path_factory.mktemp("profiles") / "x.json", *points)


def test_measured_sizes_are_those_of_the_concurrency(path: str) -> None:
    """Rising; and of a profile that was not measured by batch size there are none."""
    assert Profile(profile=path).batches == SIZES
    assert Profile(profile=path, concurrency=2).batches == (1, 2, 4)
    assert Profile(profile="faas-aws").batches == ()


@pytest.mark.parametrize("concurrency", [1, 2])
def test_the_law_is_that_of_a_batch_of_one(path: str, concurrency: int) -> None:
    """At the concurrency asked for, scaled; so every law made of it is."""
    law = Profile(profile=path, concurrency=concurrency, scale=3)
    data = profiles.load(path).points
    one = next(p for p in data if (p.batch, p.concurrency) == (1, concurrency))

    assert law.quantile(one.levels) == pytest.approx(3 * one.values)
    assert law.mean == pytest.approx(3 * np.trapezoid(one.values, one.levels))
    assert law.sample(np.random.default_rng(1), 10_000).mean() == pytest.approx(law.mean, rel=0.01)


@pytest.mark.parametrize(("concurrency", "most"), [(1, 8), (1, 5), (1, 1), (2, 4)])
def test_rows_are_exact_where_measured(path: str, concurrency: int, most: int) -> None:
    """Row b - 1 is the table of a batch of b, to the last bit, on a grid that keeps its levels."""
    law = Profile(profile=path, concurrency=concurrency, scale=2)
    levels, values = law.batch_tables(most)

    assert values.shape == (most, levels.size)
    for each in profiles.load(path).points:
        if each.concurrency == concurrency and each.batch <= most:
            kept = np.isin(levels, each.levels)
            assert np.array_equal(levels[kept], each.levels)
            assert np.array_equal(values[each.batch - 1, kept], 2 * each.values)


def test_rows_between_by_hand(tmp_path: Path) -> None:
    """A batch of 3 lies half way from 2 to 4; of 7, three quarters of the way from 4 to 8."""
    ends = {1: (1, 2), 2: (2, 6), 4: (4, 8), 8: (4, 16)}
    law: dict[str, Any] = {"n": 3, "mean": 2, "std": 1, "levels": [0, 1]}
    points = [point(batch, **law, values=list(pair)) for batch, pair in ends.items()]
    found = Profile(profile=write(tmp_path / "x.json", *points)).batch_tables(8)

    assert found[0].tolist() == [0, 1]
    assert found[1] * 1000 == pytest.approx(
        np.array([[1, 2], [2, 6], [3, 7], [4, 8], [4, 10], [4, 12], [4, 14], [4, 16]])
    )


numbers = st.floats(1e-3, 1e3)
tables = st.lists(st.tuples(st.floats(0.001, 0.999), numbers), min_size=0, max_size=6)


def measured(batch: int, inner: list[tuple[float, float]], ends: tuple[float, float]) -> Any:
    """Return a point whose table has these levels and values, once they are in order."""
    levels = sorted({level for level, _ in inner})
    values = sorted([value for _, value in inner][: len(levels)] + list(ends))
    law = {"levels": [0, *levels, 1], "values": values, "n": 9, "mean": 1, "std": 1}
    return point(batch, **law)


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.sets(st.integers(2, 40), max_size=4),
    inside=st.lists(st.tuples(tables, st.tuples(numbers, numbers)), min_size=5, max_size=5),
    scale=st.floats(0.01, 100),
)
def test_every_row_is_a_quantile_function_between_its_neighbours(
    sizes: set[int],
    inside: list[tuple[list[tuple[float, float]], tuple[float, float]]],
    scale: float,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Whatever was measured, monotone in the batch size or not: positive and never falling.

    At measured sizes it is the measured table; in between no quantile leaves those of the two
    sizes around it.
    """
    batches = [1, *sorted(sizes)]
    points = [measured(b, *made) for b, made in zip(batches, inside, strict=False)]
    path = write(tmp_path_factory.mktemp("made") / "x.json", *points)
    law = Profile(profile=path, scale=scale)
    levels, values = law.batch_tables(batches[-1])

    assert (levels[0], levels[-1]) == (0, 1)
    assert (np.diff(levels) > 0).all()
    assert (values > 0).all()
    assert (np.diff(values, axis=1) >= 0).all()
    for b in range(1, batches[-1] + 1):
        below = max(size for size in batches if size <= b)
        above = min(size for size in batches if size >= b)
        around = values[[below - 1, above - 1]]
        assert (values[b - 1] >= around.min(axis=0) * (1 - 1e-12)).all()
        assert (values[b - 1] <= around.max(axis=0) * (1 + 1e-12)).all()
    for each in law.profile_data.points:
        wanted = np.interp(levels, each.levels, each.values) * scale
        assert np.array_equal(values[each.batch - 1], wanted)


def test_a_parabola_would_be_no_quantile_function() -> None:
    """Why lines: through three tables that rise, at batches of 1, 3 and 5, it falls at 2."""
    low, high = [1.0, 3, 3], [1.0, 3, 9]  # two quantiles of each table
    curved = [float(np.polyval(np.polyfit([1, 3, 5], each, 2), 2)) for each in (low, high)]
    straight = [float(np.interp(2, [1, 3, 5], each)) for each in (low, high)]

    assert curved == pytest.approx([2.25, 1.5])
    assert straight == [2, 2]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: Profile(profile=p, concurrency=3), "one that profile .* measured at: 1, 2, 4"),
        (
            lambda p: Profile(profile=p, concurrency=4),
            "batch of 1 at concurrency 4; this one holds",
        ),
        (
            lambda p: Profile(profile=p, concurrency=0),
            "concurrency must be a whole number of at le",
        ),
        (lambda p: Profile(profile=p, concurrency=True), "concurrency: True is not allowed"),
        (lambda _: Profile(profile="faas-aws", concurrency=2), "must be 1, as profile 'faas-aws' "),
        (
            lambda p: Profile(profile=p).batch_tables(9),
            "most: 9 is not allowed; most must be 1 to 8",
        ),
        (lambda p: Profile(profile=p).batch_tables(0), "most: 0 is not allowed"),
        (lambda _: Profile(profile="faas-aws").batch_tables(1), "measured by batch size"),
    ],
)
def test_what_was_not_measured_is_refused(
    path: str, make: Callable[[str], object], message: str
) -> None:
    """Nothing is extrapolated or taken from another concurrency; the message says what there is."""
    with pytest.raises(ValueError, match=message):
        make(path)


def test_of_two_loads_the_first_counts(tmp_path: Path) -> None:
    """A batch size that was measured under several loads has the law of the first in the file."""
    closed, open_ = point(1), point(1, n=500, load="poisson:5")
    path = tmp_path / "x.json"
    for first, second in ((closed, open_), (open_, closed)):
        profiles.write(path, content(first, second))
        wanted = first["values"][-1] / 1000
        assert float(Profile(profile=str(path)).quantile(1)) == pytest.approx(wanted)
