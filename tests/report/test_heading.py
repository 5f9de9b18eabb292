"""What a page says of the lowest p99: what the mark of a table says."""

from dataclasses import replace

import numpy as np
import pytest
from tables_by_hand import made

from strag_sim import compare, typeset
from strag_sim.report.heading import finding
from strag_sim.results import Result
from strag_sim.results.pairs import pairs_frame

RNG = np.random.default_rng(5)
SHARED = RNG.normal(1, 0.2, 10)
NOISE = RNG.normal(0, 0.001, (3, 10))


def found(result: Result) -> str:
    """Return the finding beside the comparison with the first policy; requests are not paired."""
    pairs = pairs_frame({}, result.labels[0])
    return finding(result, compare(replace(result, tables={**result.tables, "pairs": pairs})))


def test_a_rival_beside_a_first_policy_that_is_far_off():
    """The lowest is told apart from the first policy, but not from another: neither is sure."""
    runs = {
        "slow": {"p99": 2 * SHARED},
        "a": {"p99": SHARED + NOISE[0]},
        "b": {"p99": SHARED + NOISE[1]},
    }
    result = made(runs)
    best, other = ("a", "b") if NOISE[0].sum() < NOISE[1].sum() else ("b", "a")

    text = found(result)

    assert text.startswith(f"The lowest p99 is that of {best}, ")
    assert "times that of slow. " in text
    assert f"it cannot be told apart from {other}." in text
    assert "**" not in typeset.table(result)


def test_what_is_marked_is_told_apart():
    """In the table and on the page; also where it is the first policy."""
    fast, slow = {"p99": SHARED + NOISE[0]}, {"p99": 2 * SHARED + NOISE[1]}

    for runs in ({"fast": fast, "slow": slow}, {"slow": slow, "fast": fast}):
        assert "**" in typeset.table(made(runs))
        assert found(made(runs)).endswith("It is told apart from every other policy that has one.")
        assert ("times that of" in found(made(runs))) == (next(iter(runs)) == "slow")


def test_several_rivals():
    """All are named."""
    result = made({name: {"p99": SHARED + NOISE[i]} for i, name in enumerate("abc")})

    assert found(result).endswith((" and c.", " and b."))


def test_one_run_cannot_tell():
    """However far the others are."""
    text = found(made({"a": {"p99": [1.0]}, "b": {"p99": [20.0]}}))

    assert text == "The lowest p99 is that of a, 1 s. One run cannot tell it apart from the others."


@pytest.mark.parametrize("other", [{"p99": [np.nan] * 3}, None])
def test_nothing_to_compare(other):
    """With fewer than two numbers there is no finding."""
    runs = {"a": {"p99": [1.0, 1.1, 1.2]}} | ({} if other is None else {"b": other})

    assert finding(made(runs), None) == ""
