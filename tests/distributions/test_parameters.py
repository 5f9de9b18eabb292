"""Parameters that make no law are refused when the distribution is built, with a clear message."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from strag_sim.distributions import KINDS
from strag_sim.distributions.composed import Mixture, Part, Shifted
from strag_sim.distributions.exponential import Exponential
from strag_sim.distributions.profile import Profile
from strag_sim.distributions.scripted import Scripted
from strag_sim.distributions.truncated import Truncated

ONE = Exponential(mean=1)
HYPER, TABLE, GPD = "hyperexponential", "table", "generalised-pareto"
# Which parameters make a law of each kind; the tests spoil one at a time.
GOOD: dict[str, dict[str, Any]] = {
    "exponential": {"mean": 1},
    "deterministic": {"value": 1},
    "uniform": {"low": 1, "high": 2},
    "lognormal": {"mean": 1, "cv": 1},
    "gamma": {"mean": 1, "cv": 1},
    "weibull": {"mean": 1, "cv": 1},
    "pareto": {"minimum": 1, "shape": 2},
    "generalised-pareto": {"scale": 1, "shape": 0.5},
    "shifted": {"shift": 1, "of": ONE},
    "truncated": {"of": ONE, "low": 0.1},
    "profile": {"profile": "collage-vm", "scale": 1},
}
TIMES_AND_NUMBERS = [
    (kind, key)
    for kind, keys in GOOD.items()
    for key in keys
    if key not in ("of", "profile")
    if (kind, key) != ("generalised-pareto", "shape")  # which may be negative, and 0
]
NO_NUMBERS = [
    math.nan,
    math.inf,
    -math.inf,
    -1,
    "20 ms",
    None,
    True,
    1j,
    [1],
    pytest.param(10**400, id="big"),
]


@pytest.mark.parametrize(("kind", "key"), TIMES_AND_NUMBERS)
@pytest.mark.parametrize("value", [*NO_NUMBERS, pytest.param(10**5000, id="huge")])
def test_what_is_no_number_in_range_is_refused(kind: str, key: str, value: object) -> None:
    """The message names the key, the value and what is allowed."""
    form = rf"^{key}: .{{1,200}} is not allowed; {key} must be .+"

    with pytest.raises(ValueError, match=form):
        KINDS[kind](**{**GOOD[kind], key: value})


@pytest.mark.parametrize(
    ("kind", "key"),
    [pair for pair in TIMES_AND_NUMBERS if pair[1] not in ("low", "shift")],
)
def test_zero_is_refused_where_it_makes_no_law(kind: str, key: str) -> None:
    """Only an offset or a lower end may be 0."""
    with pytest.raises(ValueError, match=f"{key}: 0 is not allowed; {key} must be"):
        KINDS[kind](**{**GOOD[kind], key: 0})


REFUSED: list[tuple[str, Mapping[str, Any], str]] = [
    ("uniform", {"low": 2, "high": 2}, "high: 2 is not allowed; high must be a finite number abo"),
    ("uniform", {"low": 2, "high": 1}, "high: 1 is not allowed"),
    ("gamma", {"mean": 1, "cv": 0}, "between 0.001 and 100 .*; use kind deterministic for a const"),
    ("weibull", {"mean": 1, "cv": 101}, "cv: 101 is not allowed; cv must be between 0.001 and 100"),
    ("pareto", {"minimum": 1, "shape": 0.05}, "shape: 0.05 is not allowed; .* at least 0.1"),
    (HYPER, {"means": (), "weights": ()}, r"means: \[\] is not allowed; means must"),
    (HYPER, {"means": (1, 0), "weights": (0.5, 0.5)}, r"means\[1\]: 0 is not allowed"),
    (HYPER, {"means": (1, 2), "weights": (1,)}, "must be as many as means .2, not 1"),
    (HYPER, {"means": (1, 2), "weights": (0.5, 0.4)}, r"sum to 1 \(these sum to 0.9\)"),
    (HYPER, {"means": (1, 2), "weights": (1.5, -0.5)}, r"weights\[0\]: 1.5 is not all"),
    (HYPER, {"means": (1, 2), "weights": (0.5, math.nan)}, r"weights\[1\]: nan is not"),
    ("mixture", {"parts": ()}, r"parts: \[\] is not allowed; parts must be a list of at least one"),
    ("mixture", {"parts": (Part(weight=0.5, of=ONE),)}, "weights must be shares that sum to 1"),
    (TABLE, {"levels": (), "values": ()}, "begins with 0 and ends with 1"),
    (TABLE, {"levels": (0,), "values": (1,)}, "begins with 0 and ends with 1"),
    (TABLE, {"levels": (0, 0.9), "values": (1, 2)}, "begins with 0 and ends with 1"),
    (TABLE, {"levels": (0.1, 1), "values": (1, 2)}, "begins with 0 and ends with 1"),
    (TABLE, {"levels": (0, 50, 100), "values": (1, 2, 3)}, r"levels\[1\]: 50 is not allowed"),
    (TABLE, {"levels": (0, 0.5, 0.5, 1), "values": (1, 2, 3, 4)}, r"levels\[2\]: 0.5 .* above 0.5"),
    (TABLE, {"levels": (0, 0.5, 0.4, 1), "values": (1, 2, 3, 4)}, r"levels\[2\]: 0.4 is not all"),
    (TABLE, {"levels": (0, 1), "values": (1,)}, r"values must be as many as levels \(2, not 1\)"),
    (TABLE, {"levels": (0, 1), "values": (2, 1)}, r"values\[1\]: 1 is not allowed; .* at least 2"),
    (TABLE, {"levels": (0, 1), "values": (0, 1)}, r"values\[0\]: 0 is not allowed"),
    (TABLE, {"levels": (0, 1), "values": (1, math.inf)}, r"values\[1\]: inf is not allowed"),
    (GPD, {"scale": 1, "shape": -1.1}, "shape: -1.1 is not allowed; shape must be between -1 and"),
    (GPD, {"scale": 1, "shape": 10.1}, "shape: 10.1 is not allowed"),
    (GPD, {"scale": 1, "shape": math.nan}, "shape: nan is not allowed"),
    (GPD, {"scale": 1, "shape": "heavy"}, "shape: 'heavy' is not allowed"),
    ("truncated", {"of": ONE, "low": 1}, "low: 1 is not allowed; low must be a level of at least"),
    ("truncated", {"of": ONE, "low": 0.5, "high": 0.5}, "high must be a level above low .0.5. and"),
    ("truncated", {"of": ONE, "high": 98}, "high: 98 is not allowed"),
    ("truncated", {"of": ONE, "high": True}, "high: True is not allowed"),
    ("empirical", {}, "values: None is not allowed; values must be given unless path is"),
    ("empirical", {"values": (1,), "path": "x.csv"}, "values must be left out beside path"),
    ("empirical", {"values": (1,), "column": "x"}, "column: 'x' is not allowed; .* without path"),
    ("empirical", {"values": ()}, r"values: \[\] is not allowed"),
    ("empirical", {"values": (1, -1)}, r"values\[1\]: -1 is not allowed"),
    ("empirical", {"values": (1,), "scale": 0}, "scale: 0 is not allowed"),
    ("scripted", {}, "own: None is not allowed; own must be a list of sizes, unless redundant"),
    ("scripted", {"own": ()}, r"own: \[\] is not allowed"),
    ("scripted", {"own": (1, 0)}, r"own\[1\]: 0 is not allowed"),
    ("scripted", {"redundant": ((1,), (2, math.nan))}, r"redundant\[1\]\[1\]: nan is not allowed"),
    ("scripted", {"own": (1,), "redundant": ((),)}, r"redundant\[0\]: \[\] is not allowed"),
    ("profile", {"profile": "collage-wm"}, "did you mean 'collage-vm'"),
    ("profile", {"profile": 3}, "profile: 3 is not allowed; profile must be the name of a shipped"),
    ("profile", {"profile": "nowhere/x.json"}, "'nowhere/x.json' is not allowed; profile must be"),
]


@pytest.mark.parametrize(("kind", "parameters", "message"), REFUSED)
def test_parameters_that_make_no_law_are_refused(
    kind: str, parameters: Mapping[str, Any], message: str
) -> None:
    """The message says what is allowed, on one line."""
    with pytest.raises(ValueError, match=message) as caught:
        KINDS[kind](**parameters)

    assert re.fullmatch(r"\S+: .+ is not allowed; .+ must .+", str(caught.value))


@pytest.mark.parametrize("weight", [-0.1, 1.1, math.nan, "half", True])
def test_a_weight_is_a_share(weight: float) -> None:
    """Between 0 and 1."""
    with pytest.raises(ValueError, match="weight: .* is not allowed; weight must be between 0 and"):
        Part(weight=weight, of=ONE)


@pytest.mark.parametrize(
    "compose",
    [
        lambda law: Part(weight=1, of=law),
        lambda law: Shifted(shift=1, of=law),
        lambda law: Truncated(of=law, high=0.9),
    ],
)
@pytest.mark.parametrize(
    "law", [Scripted(own=(1,)), Profile(profile="collage-vm", per_worker=True), None, "exponential"]
)
def test_laws_that_cannot_be_drawn_are_not_composed(
    compose: Callable[[Any], object], law: object
) -> None:
    """Scripted sizes go by position and per_worker profiles by worker; a part has neither."""
    with pytest.raises(ValueError, match="of: .* is not allowed; of must be a law"):
        compose(law)


def test_weights_may_carry_rounding() -> None:
    """Ten tenths sum to 1 less one bit and are accepted."""
    mixture = Mixture(parts=tuple(Part(weight=0.1, of=ONE) for _ in range(10)))

    assert mixture.mean == pytest.approx(1)


def test_lists_are_taken_for_tuples() -> None:
    """A scenario's lists give the same value as tuples do."""
    lists: dict[str, Any] = {"levels": [0, 1], "values": [1, 2]}
    tuples: dict[str, Any] = {"levels": (0, 1), "values": (1, 2)}

    assert KINDS["table"](**lists) == KINDS["table"](**tuples)
