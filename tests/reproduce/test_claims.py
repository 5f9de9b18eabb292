"""Whether what is simulated is inside what a paper says: each verdict, worked by hand."""

import math

import pytest

from strag_sim.reproduce import Claim, Finding, Reproduction

RANGE = Claim(what="ratio", paper="1.2 to 2", low=1.2, high=2.0)
POINT = Claim(what="ratio", paper="1.47", low=1.465, high=1.475, kind="number")
LIMIT = Claim(what="ratio", paper="up to 2.7", low=0.0, high=2.7, kind="limit")
OPEN = Claim(what="ratio", paper="over 1", low=1.0, high=math.inf)


@pytest.mark.parametrize(
    ("claim", "interval", "verdict"),
    [
        (RANGE, (1.5, 1.4, 1.6), "inside"),
        (RANGE, (1.2, 1.2, 2.0), "inside"),
        (RANGE, (1.95, 1.9, 2.01), "overlaps"),
        (RANGE, (1.1, 1.0, 1.19), "below"),
        (RANGE, (2.5, 2.1, 2.9), "above"),
        (RANGE, (1.5, math.nan, math.nan), "inside"),
        (RANGE, (2.5, math.nan, math.nan), "above"),
        (RANGE, (math.nan, math.nan, math.nan), "unknown"),
        (POINT, (1.5, 1.4, 1.6), "inside"),
        (POINT, (1.5, 1.48, 1.52), "above"),
        (POINT, (1.4, 1.35, 1.46), "below"),
        (POINT, (1.468, 1.467, 1.470), "inside"),
        (POINT, (1.468, 1.46, 1.470), "overlaps"),
        (RANGE, (1.5, 1.1, 2.1), "overlaps"),
        (LIMIT, (1.0, 0.9, 1.1), "not beyond"),
        (LIMIT, (2.6, 2.5, 2.8), "overlaps"),
        (LIMIT, (2.9, 2.8, 3.0), "above"),
        (OPEN, (30.0, 20.0, 40.0), "inside"),
        (OPEN, (1.1, 0.9, 1.3), "overlaps"),
    ],
)
def test_verdicts(claim: Claim, interval: tuple[float, float, float], verdict: str) -> None:
    """The interval decides; without one the value does; without a value nobody knows."""
    value, low, high = interval

    assert Finding(claim=claim, setting="", value=value, low=low, high=high).verdict == verdict


def test_a_table_has_a_row_a_finding() -> None:
    """What the paper says, what was simulated, and the verdict."""
    finding = Finding(claim=RANGE, setting="3x3", value=1.5, low=1.4, high=1.6)
    found = Reproduction(
        name="x",
        title="X",
        about="",
        findings=(finding,),
        conditions=(),
        draw=lambda ax: ax,
        caption="",
    )

    (row,) = found.table().to_dict("records")

    assert (row["paper"], row["setting"], row["value"]) == ("1.2 to 2", "3x3", 1.5)
    assert (row["claim_low"], row["claim_high"], row["verdict"]) == (1.2, 2.0, "inside")
