"""Fits as people read them, and as programs do."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from strag_sim.cli.columns import aligned
from strag_sim.fitting import FAMILIES, Fit, States, best, rounded
from strag_sim.fitting.states import LAGS
from strag_sim.scenario import fragment, plain_values

HEAD = ("law", "KS", "p99", "p99.9", "slowest of 16", "AIC")
NONE = "-"
# Drawn beside the best three, unless families are named: what papers assume, and the table.
BESIDE = ("shifted-exponential", "table-tail")
# A table's tail with a greater error is warned of.
FAR = 0.2
WARNING = """\
# Not to be used as it is: what lies beyond p95 has no generalised Pareto law, as where some workers
# are slow in a way of their own. Take the measurements themselves (kind profile or empirical).
"""
FACTORS = "These are factors, not seconds: the YAML below has them where a scenario takes seconds."
NOTES = """\
KS is the largest difference between the shares of values up to any value. The rest is by how much
the law's quantiles, and its mean of the slowest of 16 draws, exceed the measured ones."""


def as_text(
    name: str, what: str, fits: Sequence[Fit], states: States | None, *, seconds: bool = True
) -> str:
    """Return the table, what could not be fitted, and the laws as YAML."""
    parts = [f"{name}: {what}", _table(ranked(fits)), NOTES]
    parts += [f"{each.family}: not fitted: {each.reason}" for each in fits if each.law is None]
    if any(each.goodness and math.isnan(each.goodness.p999) for each in fits):
        parts.append("No quantile is given that fewer than one measured value lies beyond.")
    if not seconds:
        parts.append(FACTORS)
    parts += [_pasted(each) for each in _chosen(fits)]
    if states:
        parts.append(_states(states))
    return "\n\n".join(parts)


def as_json(
    name: str, what: str, fits: Sequence[Fit], states: States | None, *, seconds: bool = True
) -> str:
    """Return everything as JSON; null where there is no number."""
    chosen = best(fits)
    whole: dict[str, Any] = {
        "source": name,
        "what": what,
        "seconds": seconds,
        "fits": [_plain(each) for each in fits],
        "best": chosen.family if chosen else None,
        "states": None,
    }
    if states:
        remarks = list(states.remarks)
        scenario = _scenario(states) if states.supported else None
        whole["states"] = {
            **asdict(states),
            "supported": states.supported,
            "remarks": remarks,
            "scenario": scenario,
        }
    return json.dumps(_finite(whole), indent=2)


def ranked(fits: Sequence[Fit]) -> list[Fit]:
    """Return the laws found, parametric ones first, and of these the nearest first."""

    def rank(each: Fit) -> tuple[bool, float]:
        return not FAMILIES[each.family].parametric, each.goodness.ks if each.goodness else 1.0

    return sorted((each for each in fits if each.law), key=rank)


def worth_a_look(fits: Sequence[Fit]) -> list[Fit]:
    """Return the best three and two to hold them against, in their order."""
    found = ranked(fits)
    best = [each for each in found if each.family not in BESIDE][:3]
    return [each for each in found if each in best or each.family in BESIDE]


def _chosen(fits: Sequence[Fit]) -> list[Fit]:
    """Return what is printed as YAML: the best parametric law, and the table."""
    first = best(fits)
    tables = [each for each in fits if each.law and not FAMILIES[each.family].parametric]
    return [*([first] if first else []), *tables]


def _table(fits: Sequence[Fit]) -> str:
    """Return a line a law, in aligned columns."""
    rows = [HEAD]
    for each in fits:
        if each.goodness:
            good = each.goodness
            errors = (_percent(good.p99), _percent(good.p999), _percent(good.slowest))
            aic = NONE if math.isnan(each.aic) else f"{each.aic:,.0f}"
            rows.append((each.family, f"{good.ks:.3f}", *errors, aic))
    return aligned(rows)


def _percent(error: float) -> str:
    """Return a relative error: +1.2 %; far beyond, how many times too much."""
    if math.isnan(error):
        return NONE
    if math.isinf(error):
        return "infinite"
    if error >= 10:
        return f"x {1 + error:.3g}"
    return f"{100 * error:+.1f} %".replace("-0.0 ", "+0.0 ")


def _pasted(each: Fit) -> str:
    """Return a law as the YAML of a scenario's service, under a comment."""
    text = f"# The nearest parametric law: {each.family}\n"
    if not FAMILIES[each.family].parametric:
        text = "# A table of quantiles with a generalised Pareto tail: table-tail\n"
        if each.goodness and max(abs(each.goodness.p99), abs(each.goodness.slowest)) > FAR:
            text += WARNING
    return text + fragment({"service": rounded(each.law)}).rstrip()


def _states(states: States) -> str:
    """Return the two states, what is to be said of them, and their YAML if they are supported."""
    rows = [
        f"States: {states.n:,} values of {states.workers} worker{'s' * (states.workers > 1)}",
        f"share of steps slow  {100 * states.share:.1f} %",
        f"dwell                {states.dwell:.1f} steps",
        f"factor               {states.factor:.3f}",
        "autocorrelation      " + ", ".join(f"lag {lag}" for lag in LAGS),
        "  measured           " + ", ".join(f"{states.measured[lag]:.2f}" for lag in LAGS),
        "  of the model       " + ", ".join(f"{states.modelled[lag]:.2f}" for lag in LAGS),
        "BIC                  " + ", ".join(f"{k} {v:,.0f}" for k, v in states.bic.items()),
    ]
    parts = ["\n".join(rows), "\n".join(states.remarks)]
    if states.supported:
        parts.append(f"# Two states\n{fragment(_scenario(states)).rstrip()}")
    return "\n\n".join(parts)


def _scenario(states: States) -> dict[str, Any]:
    """Return what a scenario says of the states, as plain values with six digits."""
    slowdown = {key: rounded(value) for key, value in states.slowdown.items()}
    return plain_values({"service": rounded(states.service), "slowdown": [slowdown]})


def _plain(each: Fit) -> dict[str, Any]:
    """Return one fit as plain values."""
    law = plain_values({"law": rounded(each.law)})["law"] if each.law else None
    good = asdict(each.goodness) if each.goodness else {}
    return {"family": each.family, "law": law, **good, "aic": each.aic, "reason": each.reason}


def _finite(value: Any) -> Any:
    """Return plain values with null for what is no number or infinite."""
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
