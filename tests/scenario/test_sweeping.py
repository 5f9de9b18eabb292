"""The grid of a sweep: worked by hand, and its laws for any grid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.errors import ScenarioError
from strag_sim.scenario import dump, load, read_grid

BASE = {
    "arrivals": {"kind": "poisson"},
    "service": {"kind": "exponential", "mean": 1},
    "workers": {"count": 4},
    "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2}],
}
RATE, COUNT, COPIES, LABEL = (
    "arrivals.rate",
    "workers.count",
    "policies.1.copies",
    "policies.1.label",
)


def grid_of(sweep, overrides=(), **keys):
    """Return the grid of a sweep of the base scenario."""
    return read_grid({**BASE, **keys, "sweep": sweep}, overrides=overrides)


def cells_of(grid):
    """Return the values of all cells."""
    return [tuple(grid.parameters(cell).values()) for cell in range(len(grid))]


def told(sweep, overrides=(), **keys):
    """Return what is told of a sweep that is wrong."""
    with pytest.raises(ScenarioError) as caught:
        grid_of(sweep, overrides, **keys)
    return str(caught.value)


def test_a_grid_worked_by_hand():
    """Two rates, a zip of two, three counts: twelve cells, and the last axis goes fastest."""
    zipped = {COPIES: [2, 3], LABEL: ["two", "three"]}
    grid = grid_of({RATE: [1, 2], "zip": zipped, COUNT: {"from": 4, "to": 16, "steps": 3}})

    assert cells_of(grid) == [
        (1, 2, "two", 4),
        (1, 2, "two", 10),
        (1, 2, "two", 16),
        (1, 3, "three", 4),
        (1, 3, "three", 10),
        (1, 3, "three", 16),
        (2, 2, "two", 4),
        (2, 2, "two", 10),
        (2, 2, "two", 16),
        (2, 3, "three", 4),
        (2, 3, "three", 10),
        (2, 3, "three", 16),
    ]
    made = grid.scenario(4)
    assert (made.arrivals.rate, made.workers.count) == (1, 10)
    assert (made.policies[1].policy.copies, made.policies[1].label) == (3, "three")
    assert made.sweep is None


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"from": 0.1, "to": 0.5, "steps": 5}, [0.1, 0.2, 0.3, 0.4, 0.5]),
        ({"from": 10, "to": 80, "steps": 4, "scale": "log"}, [10, 20, 40, 80]),
        ({"from": 8, "to": 2, "steps": 4, "scale": "linear"}, [8, 6, 4, 2]),
        ({"from": 1, "to": 2, "steps": 3}, [1.0, 1.5, 2.0]),
        ({"from": "1 ms", "to": "100 ms", "steps": 3, "scale": "log"}, [0.001, 0.01, 0.1]),
        (["p95", 0.25], ["p95", 0.25]),
        ([{"kind": "none"}], [{"kind": "none"}]),
    ],
)
def test_values_of_an_axis(given, values):
    """Ends are exact, steps are even or of one factor, and whole numbers stay whole."""
    found = [row[0] for row in cells_of(grid_of({RATE: given}))]

    assert found == values
    assert [type(value) for value in found] == [type(value) for value in values]


axes = st.lists(st.lists(st.integers(0, 50), min_size=1, max_size=4, unique=True), max_size=4)


@given(plain=axes, zipped=st.lists(st.tuples(st.integers(), st.booleans()), unique=True))
def test_any_grid_is_the_product_of_its_axes(plain, zipped):
    """Every combination is one cell, in the order of nested loops; zipped values stay together."""
    sweep = {f"models.m{i}": values for i, values in enumerate(plain)}
    if zipped:
        first, second = (list(column) for column in zip(*zipped, strict=True))
        sweep["zip"] = {"models.x": first, "models.y": second}
    if not sweep:
        return
    grid = grid_of(sweep)

    expected = [()]
    for values in plain:
        expected = [(*row, value) for row in expected for value in values]
    if zipped:
        expected = [(*row, *pair) for row in expected for pair in zipped]
    assert cells_of(grid) == expected
    assert grid_of(grid.sweep.plain()).sweep == grid.sweep


@given(start=st.floats(1e-3, 1e3), factor=st.floats(1.01, 100), steps=st.integers(2, 40), log=...)
def test_any_range_goes_evenly_from_end_to_end(start: float, factor: float, steps: int, log: bool):
    """Rising, both ends exact, and neighbours differ by one step or one factor."""
    end, scale = start * factor, "log" if log else "linear"
    grid = grid_of({RATE: {"from": start, "to": end, "steps": steps, "scale": scale}})
    found = [row[0] for row in cells_of(grid)]

    assert (found[0], found[-1], len(found)) == (start, end, steps)
    pairs = list(zip(found, found[1:], strict=False))
    gaps = [b / a if log else b - a for a, b in pairs]
    assert gaps == pytest.approx([gaps[0]] * len(gaps), rel=1e-6, abs=1e-9 * end)


def test_values_given_beside_the_scenario():
    """--set with commas is an axis, in place of the scenario's; a single value holds for all."""
    sweep = {RATE: [1, 2], "zip": {COPIES: [2, 3], LABEL: ["two", "three"]}}
    overrides = [
        f"{RATE}=5",
        f"{COPIES}=2,3,4",
        "slo=20 ms, 1 s",
        "seed={from: 1, to: 3, steps: 3}",
        "quantiles=[0.5, 0.99]",
    ]
    grid = grid_of(sweep, overrides)

    assert grid.sweep.paths == (LABEL, COPIES, "slo", "seed")
    assert len(grid) == 2 * 3 * 2 * 3
    made = grid.scenario(len(grid) - 1)
    assert (made.arrivals.rate, made.slo, made.seed) == (5, 1.0, 3)
    as_mapping = {RATE: 5, COPIES: [2, 3, 4], "slo": ["20 ms", "1 s"], "seed": [1, 2, 3]}
    assert grid_of(sweep, as_mapping).sweep == grid.sweep


@pytest.mark.parametrize(
    ("sweep", "text"),
    [
        (3, "sweep: 3 is not allowed; sweep must be a mapping from paths to values"),
        ({RATE: 3}, "sweep.arrivals.rate: 3 is not allowed; arrivals.rate must be a list"),
        ({RATE: []}, "sweep.arrivals.rate: [] is not allowed; give at least one value"),
        ({RATE: [1, 2, 1]}, "sweep.arrivals.rate: 1 is given twice"),
        ({"runs": [1, 2]}, "sweep.runs: cannot be swept: more runs extend the cells"),
        ({"name": ["a", "b"]}, "sweep.name: cannot be swept"),
        ({RATE: {"from": 1, "to": 3, "step": 2}}, "step: unknown key; did you mean 'steps'?"),
        ({RATE: {"from": 1, "to": 3, "steps": 1}}, "steps must be a whole number from 2 to"),
        ({RATE: {"from": 1, "to": 1, "steps": 3}}, "sweep.arrivals.rate.to: 1 is not allowed"),
        ({RATE: {"from": 0, "to": 1, "steps": 3, "scale": "log"}}, "rate.from: 0 is not allowed"),
        ({RATE: {"start": 1, "to": 2, "steps": 3}}, "rate.start: unknown key"),
        ({RATE: {"from": 1, "to": 2, "steps": 2, "scale": "lin"}}, "one of linear, log"),
        ({"zip": {RATE: [1, 2], COUNT: [1]}}, "arrivals.rate has 2, workers.count has 1"),
        ({"zip": [RATE]}, "sweep.zip: ['arrivals.rate'] is not allowed; zip must be a mapping"),
        ({"zip": {RATE: [1, 1], COUNT: [2, 2]}}, "[1, 2] is given twice"),
        ({"zip": {RATE: [1]}, RATE: [1]}, "sweep: arrivals.rate is given twice"),
        ({"workers": [1], COUNT: [2]}, "workers and workers.count are not allowed together"),
        ({RATE: list(range(1, 1001)), COUNT: list(range(1, 1002))}, "1,001,000 cells are not"),
    ],
)
def test_what_is_wrong_with_a_sweep_is_told(sweep, text):
    """With its path, the value, and what is allowed."""
    assert text in told(sweep)


def test_all_that_is_wrong_with_a_sweep_is_told_at_once():
    """In one error, and also by load."""
    sweep = {RATE: 3, COUNT: [1, 1], "runs": [1]}
    with pytest.raises(ScenarioError) as caught:
        load({**BASE, "sweep": sweep})

    assert len(caught.value.problems) == 4  # and the arrivals, which have no rate then
    assert told(sweep).count("\n") == 2


@pytest.mark.parametrize("overrides", [["runs=1,2"], [f"{RATE}="], ["slo={from: 1, to: 2}"]])
def test_what_is_wrong_with_an_override_is_told(overrides):
    """It begins with what was typed."""
    assert told({COUNT: [1]}, overrides).startswith(f"--set {overrides[0]}")


def test_nothing_to_sweep_over():
    """Says how to give an axis."""
    with pytest.raises(ScenarioError, match="nothing to sweep over: list values in the scenario"):
        read_grid({**BASE, "arrivals": {"kind": "poisson", "rate": 1}}, overrides=["seed=3"])


def test_a_scenario_with_a_sweep_is_its_first_cell_and_the_sweep():
    """What is only given by the sweep need not be given twice; dumped, it is read as the same."""
    made = load({**BASE, "sweep": {RATE: [3, 4], COUNT: {"from": 8, "to": 16, "steps": 2}}})

    assert (made.arrivals.rate, made.workers.count, made.sweep.size) == (3, 8, 4)
    assert load(dump(made)) == made


def test_a_wrong_value_is_told_by_the_line_of_its_axis(tmp_path):
    """Of the first cell by load, of each by the grid."""
    path = tmp_path / "wrong.yaml"
    path.write_text(
        "arrivals: {kind: poisson, rate: 1}\nservice: {kind: exponential, mean: 1}\n"
        "workers: {count: 4}\npolicies: [{kind: none}]\nsweep:\n"
        "  seed: [1, 2]\n  workers.count: [0, 5]\n  policies.3.copies: [1]\n"
    )
    expected = "wrong.yaml:7: workers.count: 0 is not allowed"

    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert expected in str(caught.value)
    assert "wrong.yaml:8: sweep.policies.3.copies: policies.3 is unknown" in str(caught.value)
    with pytest.raises(ScenarioError, match=expected):
        read_grid(path, overrides=["policies.0.label=a"]).scenario(2)


def test_cells_do_not_change_each_other():
    """A scenario that is made of one leaves the others as they were."""
    grid = grid_of({RATE: [1, 2], COUNT: [3, 4]})
    before = [grid.scenario(cell) for cell in range(4)]

    assert [grid.scenario(cell) for cell in reversed(range(4))] == before[::-1]
