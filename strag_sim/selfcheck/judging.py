"""From a simulation and a check to a verdict."""

import math

import numpy as np

from strag_sim.results import Result
from strag_sim.selfcheck.accounts import IDENTITIES, ROUNDING
from strag_sim.selfcheck.check import Check, Verdict
from strag_sim.selfcheck.measures import measured, z_of_runs

LIMIT = 4.0  # standard errors
SIZE = 6e-5  # P(|Z| > 4): how often a check fails though all is right
# The widest standard error with which a check may pass, as a share of the value.
WIDEST, WIDEST_QUICK = 0.01, 0.02


def judge(check: Check, result: Result, *, quick: bool) -> Verdict:
    """Return what comes of a check in the result of its scenario."""
    if check.measure in IDENTITIES:
        return _identity(check, result)
    found = measured(result, check.measure, check.theory)
    z = z_of_runs(found.values, found.expected)
    outcome = "pass"
    if not abs(z) <= LIMIT:
        outcome = "fail"
    elif not found.error <= (WIDEST_QUICK if quick else WIDEST) * abs(check.theory):
        outcome = "inconclusive"
    return Verdict(check, check.theory, found.simulated, found.low, found.high, z, outcome)


def _identity(check: Check, result: Result) -> Verdict:
    """Return whether an identity holds in every run but for rounding."""
    reported, counted = IDENTITIES[check.measure].sides(result)
    agree = bool(np.allclose(counted, reported, rtol=ROUNDING, atol=0.0))
    means = float(reported.mean()), float(counted.mean())
    return Verdict(check, *means, math.nan, math.nan, math.nan, "pass" if agree else "fail")
