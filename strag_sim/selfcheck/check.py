"""What is checked: a number that theory gives for a scenario; and what came of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Check:
    """A closed form, and the scenario and the measure that it is about.

    Parameters
    ----------
    family : str
        Of the checks that share a subject, such as ``hedge``.
    name : str
        Of the case, as people read it.
    scenario : mapping
        As `strag_sim.load` takes it, with one policy; checks of equal scenarios share a simulation.
    measure : str
        What is measured, see `measures`: a column of the runs' table, such as ``mean``; ``p99``
        and its like; ``P(T > 0.3)``; or one of those that have a name there.
    theory : float
        The expected value of the measure, in its unit; NaN for an identity of each run.
    formula, source : str
        How it is calculated, and where that comes from.
    """

    family: str
    name: str
    scenario: Mapping[str, Any]
    measure: str
    theory: float
    formula: str
    source: str


@dataclass(frozen=True)
class Verdict:
    """What came of a check.

    Parameters
    ----------
    check : Check
    theory, simulated : float
        In the unit of the measure. Of an identity, what the tables say and what the events say,
        means over runs.
    low, high : float
        The 95 % confidence interval over runs; NaN for an identity.
    z : float
        Standard errors between simulation and theory; NaN for an identity.
    outcome : str
        ``pass``; ``fail``; or ``inconclusive``, where the standard error is so wide that a wrong
        rule could pass.
    """

    check: Check
    theory: float
    simulated: float
    low: float
    high: float
    z: float
    outcome: str

    @property
    def passed(self) -> bool:
        """Whether simulation and theory agree; an inconclusive check has not passed."""
        return self.outcome == "pass"

    @property
    def identity(self) -> bool:
        """Whether the measure is an identity, which holds in each run but for rounding."""
        return math.isnan(self.z)


def checks_of(
    family: str,
    name: str,
    scenario: Mapping[str, Any],
    *claims: tuple[str, float, str],
    source: str,
) -> list[Check]:
    """Return the checks of one scenario: a measure, its expected value and its formula each."""
    return [
        Check(
            family=family,
            name=name,
            scenario=scenario,
            measure=measure,
            theory=float(theory),
            formula=formula,
            source=source,
        )
        for measure, theory, formula in claims
    ]
