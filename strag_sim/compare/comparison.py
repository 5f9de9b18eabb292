"""From a result to a comparison of its policies with one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from strag_sim.compare.accurate import ACCURATE, accurate
from strag_sim.compare.latex import booktabs, fitting
from strag_sim.compare.ratios import Made, ratios
from strag_sim.compare.requests import requests_of
from strag_sim.compare.verdicts import biased, verdicts
from strag_sim.errors import ResultError
from strag_sim.results import Result
from strag_sim.results.estimated import amount
from strag_sim.results.notebook import as_html
from strag_sim.results.sheet import Sheet
from strag_sim.statistics.paired import METHODS, Method

# Of fewer runs BCa intervals miss 0 too often: of 8 null runs, in 7 % where 0.1 % is promised.
FEWEST_RESAMPLED = 20


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Policies against a baseline, over the same runs.

    Parameters
    ----------
    rows, pairs, standings : DataFrame
        See the methods `table`, `requests` and `accurate`.
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
    accuracy : float or None
        The accuracy that was asked for, a share.
    amount : str
        How much was simulated, in words.
    """

    rows: pd.DataFrame
    pairs: pd.DataFrame
    standings: pd.DataFrame
    baseline: str
    method: Method
    confidence: float
    runs: int
    notes: tuple[str, ...]
    accuracy: float | None = None
    amount: str = ""

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

    def accurate(self) -> pd.DataFrame:
        """Return one row a policy, the baseline too: p99 and accuracy, and how it stands.

        ``standing`` is, of policies whose accuracy has an interval that lies at or above what was
        asked for, fastest (the lowest p99), slower, cannot tell or equal (against the fastest); of
        the others why they are not among these. It has no rows where no accuracy was asked for.
        """
        return self.standings.copy()

    def sheet(self, measures: Sequence[str] | None = None) -> Sheet:
        """Return the ratios as a table for people: a measure a row, a policy a column.

        ``measures`` are some of the table's, such as p99; None are all that are known. Where an
        accuracy was asked for, policies that are not shown to have it have a star.
        """
        short = ~self.standings["standing"].isin(ACCURATE)
        made = Made(
            amount=self.amount,
            confidence=self.confidence,
            method=self.method,
            accuracy=self.accuracy,
            short=frozenset(self.standings["label"][short]),
        )
        return ratios(self.rows, measures, made)

    def latex(self) -> str:
        """Return the table of `sheet` for a paper, in LaTeX with the package booktabs.

        Policies are its rows where as many columns have no room on a page.
        """
        return booktabs(fitting(self.sheet()))

    def _repr_html_(self) -> str:
        """Return what notebooks show."""
        return as_html(self.sheet())


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
        A share: find out who has the lowest p99 of those that are at least so accurate.

    Raises
    ------
    ResultError
        If there is no such policy or method, or only one policy; if the accuracy is no share; and
        for bootstrap of few runs.
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
    standings = accurate(result, accuracy, method, confidence)
    rows = verdicts(result, base, method, confidence)
    pairs, missing = requests_of(result, base, confidence)
    return Comparison(
        rows=rows,
        pairs=pairs,
        standings=standings,
        accuracy=accuracy,
        baseline=base,
        method=method,
        confidence=confidence,
        runs=runs,
        notes=(*biased(rows), *missing),
        amount=amount(result.summary()),
    )
