"""The tables that were measured on digits: complete, as good as they must be, and as documented."""

import re
from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np
import pytest

from strag_sim.accuracies import COMBINERS, AccuracyTable, names, read_accuracy

PAGE = Path(__file__).parents[2] / "docs/guides/accuracy.md"
MEASURED = [name for name in names() if name.startswith("digits-")]
# What prototypes reached, in per cent by the number of results: our models must not be worse by
# more than their intervals.
LEAST = {
    "digits-collage-2": {1: 99.2},
    "digits-collage-3": {1: 98.5},
    "digits-collage-4": {1: 96.0},
    "digits-lagrange-2-3": {2: 96.7, 3: 99.0},
    "digits-lagrange-4-5": {4: 95.0, 5: 97.8},
    "digits-lagrange-4-6": {4: 89.4, 5: 95.9, 6: 98.4},
    "digits-lagrange-4-6-stage-3": {4: 96.6, 6: 98.6},
    "digits-lagrange-8-10": {8: 89.4, 9: 95.1, 10: 97.9},
    "digits-naive-4-5": {4: 78.0},
    "digits-polynomial-2-4-9": {7: 95.7},
    "digits-parity-sum-2": {2: 91.3},
    "digits-parity-sum-3": {3: 77.7},
    "digits-parity-sum-4": {4: 66.0},
    "digits-parity-concatenation-2": {2: 98.9},
    "digits-parity-concatenation-3": {3: 98.4},
    "digits-parity-concatenation-4": {4: 97.8},
}


def row_of(table: AccuracyTable, returned: int) -> str:
    """Return the row of the documents on a number of results."""
    entry, spread = table.number(returned), table.spread(returned)
    assert entry is not None
    shares = [entry.low, entry.high, entry.value, spread[0] if spread else None, entry.agreement]
    low, high, value, worst, agreement = (
        "-" if share is None else f"{100 * share:.1f}" for share in shares
    )
    of = f"{returned} of {table.tasks}"
    return f"| `{table.name}` | {of} | {value} | {low} to {high} | {worst} | {agreement} |"


@pytest.mark.parametrize("name", MEASURED)
def test_a_table_is_complete(name: str) -> None:
    """Three seeds, an interval and an agreement everywhere, every set, and where it comes from."""
    table = read_accuracy(name)
    content = table.content

    assert content["seeds"] == [0, 1, 2]
    assert content["command"].startswith("strag-sim accuracy measure ")
    assert re.fullmatch("[0-9a-f]{64}", content["data_hash"])
    assert table.uncoded is not None
    for each in (*table.sets, *table.numbers):
        assert each.low is not None
        assert each.agreement is not None
    if content["code"]["kind"] not in ("collage", "parity"):
        sizes = range(table.least, table.tasks + 1)
        assert len(table.sets) == sum(comb(table.tasks, size) for size in sizes)


@pytest.mark.parametrize("name", LEAST)
def test_models_are_as_good_as_prototypes(name: str) -> None:
    """What the prototypes reached is below the end of the interval."""
    table = read_accuracy(name)
    for returned, least in LEAST[name].items():
        entry = table.number(returned)

        assert entry is not None
        assert entry.high is not None
        assert 100 * entry.high >= least


def test_the_uncoded_model() -> None:
    """99.3 % of digits, and the same in all tables of the same model."""
    others = ("digits-polynomial", "digits-ensemble")
    own = {read_accuracy(name).uncoded for name in MEASURED if not name.startswith(others)}

    assert len(own) == 1
    assert 100 * own.pop().high >= 99.3


def test_a_polynomial_is_exact_from_its_threshold_on() -> None:
    """K = 4 and degree 2: any 7 results agree with the uncoded polynomial, 6 do not."""
    table = read_accuracy("digits-polynomial-2-4-9")

    for each in table.sets:
        assert len(each.returned) < 7 or each.agreement == 1.0
    assert table.number(6).agreement < 0.97


def test_accuracy_follows_the_gain() -> None:
    """Sets of four results of the learned code are the less accurate, the larger their gain."""
    from strag_sim.codes import LagrangeCode

    table = read_accuracy("digits-lagrange-4-6")
    by_set = {each.returned: each.value for each in table.sets}
    sets = list(combinations(range(6), 4))
    gains = [np.log(LagrangeCode(4, 6, 4).gain(each)) for each in sets]

    assert np.corrcoef(gains, [by_set[each] for each in sets])[0, 1] < -0.8


def test_more_of_the_master_is_more_accurate() -> None:
    """From the fewest results: raw images, then features after one, two and three stages."""
    names = ["digits-lagrange-4-6", *(f"digits-lagrange-4-6-stage-{i}" for i in (1, 2, 3))]
    values = [read_accuracy(name).number(4).value for name in names]

    assert values == sorted(values)


def test_an_ensemble_is_better_than_its_members() -> None:
    """By every combiner all five beat each one, and up to four the more members the more is right.

    (By majority five are no better than four, whose ties are broken by probabilities.)
    """
    tables = [read_accuracy(f"digits-ensemble-5-{combiner}") for combiner in COMBINERS]
    for table in tables:
        ones = [each.value for each in table.sets if len(each.returned) == 1]
        means = [table.number(count).value for count in range(1, 6)]

        assert means[4] > max(ones) + 0.02
        assert means[:4] == sorted(means[:4])
        assert max(ones) - min(ones) > 0.1
    assert len({tuple(each.value for each in table.sets[:5]) for table in tables}) == 1


def test_the_page_says_what_the_tables_say() -> None:
    """The guide has the row of each number of each table, and no other."""
    tables = [read_accuracy(name) for name in MEASURED]
    rows = re.findall(r"^\| `digits-.*\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(rows) == sorted(
        row_of(table, each.returned) for table in tables for each in table.numbers
    )
