"""The best of a sweep, worked by hand; and its laws for any table."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.errors import ResultError
from strag_sim.sweep import best
from strag_sim.sweep.best import beaten


def rows_of(*rows):
    """Return rows of (label, load, p99 ± half, cost ± half, accuracy)."""
    return pd.DataFrame(
        [
            {
                "cell": cell,
                "arrivals.offered_load": load,
                "label": label,
                "p99": p99,
                "p99_low": p99 - half,
                "p99_high": p99 + half,
                "cost": cost,
                "cost_low": cost - spread,
                "cost_high": cost + spread,
                "accuracy": accuracy,
                "accuracy_low": accuracy,
                "accuracy_high": accuracy,
            }
            for cell, (label, load, p99, half, cost, spread, accuracy) in enumerate(rows)
        ]
    )


TABLE = rows_of(
    ("none", 0.4, 100.0, 5.0, 1.0, 0.1, 0.95),
    ("hedge", 0.4, 60.0, 4.0, 1.2, 0.05, 0.95),
    ("replication", 0.4, 50.0, 3.0, 2.0, 0.0, 0.95),
    ("collage", 0.4, 62.0, 4.0, 1.25, 0.1, 0.95),
    ("parity", 0.4, 90.0, 4.0, 1.4, 0.05, 0.85),
    ("unstable", 0.4, math.nan, math.nan, 1.1, 0.0, 0.95),
    ("none", 0.2, 40.0, 2.0, 1.0, 0.1, 0.95),
)


def test_the_lowest_and_what_cannot_be_told_from_it():
    """By p99 alone one is left: all others are surely worse."""
    found = best(TABLE)

    assert found["label"].tolist() == ["none"]
    assert found["arrivals.offered_load"].tolist() == [0.2]


def test_within_limits():
    """Replication costs too much; collage is beaten by hedge in all, but not surely."""
    limits = "cost<=1.3, accuracy>=0.9, arrivals.offered_load=0.4"
    found = best(TABLE, subject_to=limits)

    assert found["label"].tolist() == ["hedge", "collage", "none"]
    assert found["like"].tolist() == [0, 1, 0]
    assert found["unsure"].tolist() == ["", "cost <= 1.3", ""]


def test_two_columns_to_be_low():
    """The front of p99 and cost at one load; parity is surely worse than hedge."""
    found = best(TABLE, minimise="p99,cost", subject_to="arrivals.offered_load=0.4")

    assert found["label"].tolist() == ["replication", "hedge", "collage", "none"]


def test_rounding_makes_no_row_worse():
    """The cost of the same sizes, summed in another order, is the same cost."""
    rows = rows_of(
        ("slow", 0.6, 90.0, 1.0, 0.3, 0.1, 1.0), ("fast", 0.2, 50.0, 1.0, 0.1 + 0.2, 0.1, 1.0)
    )

    assert best(rows, minimise="p99,cost")["label"].tolist() == ["fast"]


def test_times_may_have_units():
    """And every sign does what it says."""
    assert best(TABLE, subject_to="p99>=61 s,p99<95")["label"].tolist() == ["collage"]
    assert best(TABLE, subject_to="label=parity")["label"].tolist() == ["parity"]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"minimise": "p98"}, "'p98': no such column; did you mean 'p99'"),
        ({"minimise": ""}, "minimise: name a column"),
        ({"subject_to": "cost"}, "'cost' is not allowed; write conditions such as"),
        ({"subject_to": "cots<=1"}, "'cots': no such column; did you mean 'cost'"),
        ({"subject_to": "cost<=cheap"}, "'cheap' is no number, nor a time"),
        ({"subject_to": "label<=none"}, "label is a text: use label="),
        ({"subject_to": "cost<=0.5"}, r"no row of 7 keeps all conditions \(cost <= 0.5: 0; p99"),
    ],
)
def test_what_is_wrong_is_told(given, text):
    """With what is allowed, or how many rows keep each condition."""
    with pytest.raises(ResultError, match=text):
        best(TABLE, **given)


values = st.lists(
    st.tuples(
        *[st.sampled_from([0.0, 1.0, 2.0, 3.0])] * 2, *[st.sampled_from([0.0, 0.6, 1.2])] * 2
    ),
    min_size=1,
    max_size=12,
)


@given(values)
def test_what_is_left_is_by_definition(found):
    """A row is left out if, and only if, another is no worse in all and surely better in one."""
    rows = rows_of(*[("a", 0, p99, half, cost, spread, 1) for p99, cost, half, spread in found])
    lost = beaten(rows, {"p99": 1.0, "cost": 1.0})

    for one, (p99, cost, half, spread) in enumerate(found):
        expected = any(
            q <= p99 and c <= cost and (q + h < p99 - half or c + s < cost - spread)
            for q, c, h, s in found
        )
        assert lost[one] == expected
    assert not lost.all()


def test_a_large_table_takes_little_time():
    """A hundred thousand rows; a seed for the points, which are in a square."""
    rng = np.random.default_rng(3)
    points = rng.random((100_000, 2)) + 0.1
    frame = pd.DataFrame({"cell": np.arange(100_000), "p99": points[:, 0], "cost": points[:, 1]})
    found = best(frame, minimise="p99,cost")

    assert 1 < len(found) < 100
    assert (np.diff(found["cost"]) < 0).all()
