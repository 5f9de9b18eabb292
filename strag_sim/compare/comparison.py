"""From a result to a comparison of its policies with one of them."""

from dataclasses import dataclass

import pandas as pd

from strag_sim.compare.accurate import AtAccuracy, at_accuracy
from strag_sim.compare.latex import as_latex
from strag_sim.compare.requests import requests_of
from strag_sim.compare.verdicts import biased, verdicts
from strag_sim.errors import ResultError
from strag_sim.results import Result
from strag_sim.statistics.paired import METHODS, Method

# Of fewer runs BCa intervals miss 0 too often: of 8 null runs, in 7 % where 0.1 % is promised.
FEWEST_RESAMPLED = 20


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Policies against a baseline, over the same runs.

    Parameters
    ----------
    rows, pairs : DataFrame
        See the methods `table` and `requests`.
    baseline : str
        The label of the policy that the others are held against.
    method : "student", "sectioning" or "bootstrap"
        Of the intervals and tests, see `strag_sim.statistics.paired`.
    confidence : float
        Of each interval, and that no verdict of the table is wrong.
    runs : int
        How many pairs of runs there are.
    notes : tuple of str
        What is missing, or not to be believed, and why; a sentence each.
    accurate : AtAccuracy or None
        The p99 at an accuracy, where one was asked for.
    """

    rows: pd.DataFrame
    pairs: pd.DataFrame
    baseline: str
    method: Method
    confidence: float
    runs: int
    notes: tuple[str, ...]
    accurate: AtAccuracy | None = None

    def table(self) -> pd.DataFrame:
        """Return one row a policy and measure; times in seconds, NaN where there is no number.

        ``ratio`` is the policy's value over the baseline's, ``difference`` its value less that.
        ``p`` is of no difference, ``p_holm`` corrected for all tests of the table; ``verdict`` is
        lower, higher, cannot tell, equal (the same in every run), unstable (one of the two is),
        unknown (one of the two has no such number) or one run. ``runs_needed`` is how many runs
        would tell, where these cannot.
        """
        return self.rows.copy()

    def requests(self) -> pd.DataFrame:
        """Return one row a policy: the shares of requests that it made faster and slower.

        ``gained`` is how many seconds sooner, in the mean, a faster request was answered, ``lost``
        how many later a slower one. Each has its interval over runs (sectioning). A policy that is
        unstable has no row, a closed loop no rows, nor has a result of which ``notes`` say so.
        """
        return self.pairs.copy()

    def at_accuracy(self) -> pd.DataFrame:
        """Return one row a policy, the baseline among them: its p99 at the accuracy asked for.

        ``enough`` is yes where the interval of the policy's accuracy lies at or above what was
        asked for, no where it lies below, cannot tell where it does neither or there is none, and
        unknown where the accuracy of an answer is not known. ``ratio`` is the policy's p99 over
        that of the fastest policy that is accurate enough, with ``p`` and ``verdict`` as in
        `table` but for the correction, and fastest for that policy itself.

        ResultError where no accuracy was asked for.
        """
        if self.accurate is None:
            raise ResultError("no accuracy was asked for: compare(result, accuracy=0.95)")
        return self.accurate.rows.copy()

    def latex(self) -> str:
        """Return a table of the ratios for a paper, in LaTeX with the package booktabs."""
        return as_latex(self.rows, self.confidence, self.method, self.notes)


def compare(
    result: Result,
    *,
    baseline: str | None = None,
    method: Method = "student",
    accuracy: float | None = None,
) -> Comparison:
    """Compare every policy of a result with one of them, run by run.

    Parameters
    ----------
    result : Result
        Of at least two policies.
    baseline : str or None
        The label of the policy that the others are held against; by default the first.
    method : "student", "sectioning" or "bootstrap"
        How intervals and tests are made, see `strag_sim.statistics.paired`.
    accuracy : float or None
        In [0, 1]: tell which of the policies that are so accurate has the lowest p99.

    Raises
    ------
    ResultError
        If there is no such policy or method, or only one policy; for bootstrap of few runs; and
        for an accuracy that is no share.
    """
    if method not in METHODS:
        known = ", ".join(METHODS)
        raise ResultError(f"method: {method!r} is not allowed; method must be one of {known}")
    base = result.labels[0] if baseline is None else result.known(baseline)
    if len(result.labels) < 2:
        raise ResultError(f"nothing to compare with: {base!r} is the only policy of the result")
    runs = int(result.summary()["runs"].iloc[0])
    if method == "bootstrap" and runs < FEWEST_RESAMPLED:
        raise ResultError(
            f"method: bootstrap is not allowed with {runs} run{'s' if runs > 1 else ''}, of which "
            f"it is too sure; it needs {FEWEST_RESAMPLED}, take student or sectioning"
        )
    confidence = float(str(result.provenance["confidence"]))
    reached = None if accuracy is None else at_accuracy(result, accuracy, method, confidence)
    rows = verdicts(result, base, method, confidence)
    pairs, missing = requests_of(result, base, confidence)
    return Comparison(
        rows=rows,
        pairs=pairs,
        baseline=base,
        method=method,
        confidence=confidence,
        runs=runs,
        notes=(*biased(rows), *missing),
        accurate=reached,
    )
