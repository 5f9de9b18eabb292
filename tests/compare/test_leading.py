"""Who is surely the best of a column: by paired tests, or nobody."""

from dataclasses import replace

import numpy as np
import pytest
from tables_by_hand import made

from strag_sim.compare.leading import First, firsts, leading

RNG = np.random.default_rng(5)
NOISE = RNG.normal(0, 0.001, (3, 10))
SHARED = RNG.normal(1, 0.2, 10)  # what all policies have in common: their random numbers


def test_told_apart_although_intervals_overlap():
    """The paired test sees what two intervals, wide with what is shared, do not."""
    result = made({"slow": {"p99": 1.05 * SHARED + NOISE[0]}, "fast": {"p99": SHARED + NOISE[1]}})
    rows = result.summary().set_index("label")

    assert rows.at["fast", "p99_high"] > rows.at["slow", "p99_low"]
    assert leading(result, ["p99"]) == {"p99": "fast"}


def test_nobody_where_one_other_cannot_be_told_apart():
    """Two that are alike take the mark from each other, also where both beat a third."""
    runs = {
        "slow": {"p99": 2 * SHARED},
        "a": {"p99": SHARED + NOISE[0]},
        "b": {"p99": SHARED + NOISE[1]},
    }

    assert leading(made(runs), ["p99"]) == {}


def test_nobody_where_two_are_the_same():
    """The same in every run is no lower."""
    runs = {"a": {"cost": [1.0, 1.0, 1.0]}, "b": {"cost": [1.0, 1.0, 1.0]}}

    assert leading(made(runs), ["cost"]) == {}


def test_the_same_difference_in_every_run():
    """Has no spread, and is sure."""
    runs = {"a": {"cost": [1.0, 1.0, 1.0]}, "b": {"cost": [1.5, 1.5, 1.5]}}

    assert leading(made(runs), ["cost"]) == {"cost": "a"}


@pytest.mark.parametrize(
    ("column", "best"),
    [("mean", "low"), ("var", "low"), ("wasted", "low"), ("accuracy", "high"), ("slo_met", "high")],
)
def test_directions(column, best):
    """Times, variances and waste are better low; accuracy and what meets the SLO, high."""
    runs = {
        "high": {column: 0.9 + NOISE[0]},
        "low": {column: 0.6 + NOISE[1]},
    }

    assert leading(made(runs), [column]) == {column: best}


def test_what_is_neither_better_high_nor_low():
    """Nor is the longest response, which has no interval."""
    runs = {"high": {"straggled": 0.9 + NOISE[0]}, "low": {"straggled": 0.6 + NOISE[1]}}

    assert leading(made(runs, max=1.0), ["straggled", "max", "runs"]) == {}


def test_oracles_and_what_has_no_number_are_no_rivals():
    """An oracle is below all and never marked; unstable policies have no number."""
    runs = {
        "bound": {"p99": 0.1 * SHARED},
        "fast": {"p99": SHARED + NOISE[0]},
        "slow": {"p99": 2 * SHARED + NOISE[1]},
        "unstable": {"p99": np.full(10, np.nan)},
    }

    assert leading(made(runs, policy=["oracle", "a", "b", "c"]), ["p99"]) == {"p99": "fast"}
    alone = {name: runs[name] for name in ("bound", "fast", "unstable")}
    assert leading(made(alone, policy=["oracle", "a", "b"]), ["p99"]) == {}


def test_overloaded_policies_have_no_responses_to_be_marked():
    """Theirs are only as long as the runs; what they cost is what it is."""
    runs = {
        "flooded": {"p99": 0.5 * SHARED, "cost": 0.5 * SHARED},
        "fast": {"p99": SHARED + NOISE[0], "cost": SHARED + NOISE[0]},
        "slow": {"p99": 2 * SHARED + NOISE[1], "cost": 2 * SHARED + NOISE[1]},
    }
    result = made(runs)
    known = replace(result, provenance={**result.provenance, "overloaded": ["flooded"]})

    assert leading(result, ["p99", "cost"]) == {"p99": "flooded", "cost": "flooded"}
    assert leading(known, ["p99", "cost"]) == {"p99": "fast", "cost": "flooded"}


def test_a_rival_that_lacks_the_number_in_a_run_takes_the_mark():
    """Its number stands in the table, so a mark would claim what was never tested."""
    runs = {"fast": {"p99": SHARED}, "slow": {"p99": 2 * SHARED + NOISE[0]}}
    partly = 2 * SHARED + NOISE[1]
    partly[3] = np.nan
    found = made({**runs, "partly": {"p99": partly}}, p99=[1.0, 2.0, 2.0])

    assert leading(made(runs), ["p99"]) == {"p99": "fast"}
    assert leading(found, ["p99"]) == {}
    assert firsts(found, ["p99"]) == {"p99": First("fast", ("partly",))}


def test_one_run_and_one_policy():
    """Tell nothing."""
    assert leading(made({"a": {"p99": [1.0]}, "b": {"p99": [2.0]}}), ["p99"]) == {}
    assert leading(made({"a": {"p99": [1.0, 1.1, 1.2]}}), ["p99"]) == {}


def test_all_tests_of_the_table_are_corrected_together():
    """What one column tells at 5 % is not told among twenty tests: p is 0.01, and 0.2 corrected."""
    ratio = np.array([0.9, 0.95, 0.93, 1.0, 0.97, 1.01, 0.92, 0.98, 1.03, 0.88])
    two = {"a": {"p99": SHARED}, "b": {"p99": ratio * SHARED}}
    others = {f"c{i}": {"p99": 3 * SHARED + RNG.normal(0, 0.5, 10)} for i in range(5)}

    assert leading(made(two), ["p99"]) == {"p99": "b"}
    assert leading(made({**two, **others}), ["p99"]) == {}


def test_nobody_where_runs_and_their_whole_disagree():
    """Short runs may rank policies otherwise than all requests together: then neither is sure."""
    runs = {"a": {"p99": SHARED}, "b": {"p99": 1.1 * SHARED + NOISE[0]}}

    assert leading(made(runs), ["p99"]) == {"p99": "a"}
    assert leading(made(runs, p99=[1.2, 1.1]), ["p99"]) == {}


def test_policies_that_are_alike_are_seldom_told_apart():
    """Of 200 tables of two alike policies, 5 % have a mark in any of six columns (z < 4).

    Without a correction, 1 - 0.95^6 = 26 % would.
    """
    rng, tables = np.random.default_rng(1), 200
    columns = ("mean", "p50", "p99", "p999", "var", "cost")
    alike = [
        made({label: {name: 1 + 0.1 * rng.random(8) for name in columns} for label in "ab"})
        for _ in range(tables)
    ]
    marked = sum(bool(leading(result, columns)) for result in alike)

    assert marked <= tables * 0.05 + 4 * (tables * 0.05 * 0.95) ** 0.5
