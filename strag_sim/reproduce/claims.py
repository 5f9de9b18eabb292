"""What a paper says, what is simulated here, and whether the one holds the other."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes

INSIDE, OVERLAPS, BELOW, ABOVE, UNKNOWN = "inside", "overlaps", "below", "above", "unknown"
NOT_BEYOND = "not beyond"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One number of a paper.

    Parameters
    ----------
    what : str
        What it is about, such as ``p99, replication over collage``.
    paper : str
        What the paper says, and where: ``1.2 to 2 (ICDCS 2020, abstract)``.
    low, high : float
        The range that counts as inside, both ends included; infinite where it is open.
    kind : "range", "number" or "limit"
        Whether the paper gives a range; one number, whose range is how it was rounded or read off;
        or a limit, ``up to`` so much, which much else than the paper's system would not pass.
    """

    what: str
    paper: str
    low: float
    high: float
    kind: Literal["range", "number", "limit"] = "range"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is simulated of a claim under one setting, with its interval over runs.

    Parameters
    ----------
    claim : Claim
        What it is held against.
    setting : str
        Under which setting it was simulated.
    value, low, high : float
        The estimate and its interval; both ends NaN where there is none.
    """

    claim: Claim
    setting: str
    value: float
    low: float = math.nan
    high: float = math.nan

    @property
    def verdict(self) -> str:
        """Whether it is inside what the paper says.

        ``inside``: the whole interval is in the claim's range, or covers it where the claim is one
        number; ``overlaps``: only a part is; ``below`` and ``above``: none of it; ``not beyond``:
        all of it is within a limit; ``unknown``: there is no estimate.
        """
        if math.isnan(self.value):
            return UNKNOWN
        low = self.value if math.isnan(self.low) else self.low
        high = self.value if math.isnan(self.high) else self.high
        if high < self.claim.low:
            return BELOW
        if low > self.claim.high:
            return ABOVE
        within = self.claim.low <= low and high <= self.claim.high
        if self.claim.kind == "limit":
            return NOT_BEYOND if within else OVERLAPS
        covered = low <= self.claim.low and self.claim.high <= high
        return INSIDE if within or (self.claim.kind == "number" and covered) else OVERLAPS


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """What is known of a published system's claims, as a page, tables and a figure.

    Parameters
    ----------
    name, title : str
        What the command calls it, and what the page is called.
    about : str
        What was simulated, and how; Markdown.
    findings : tuple of Finding
        In the order of the page's table.
    conditions : tuple of str
        What would have to be true for the claims that do not hold here; a Markdown paragraph each.
    draw : callable
        Draws the figure on axes, and returns them.
    caption : str
        What the figure shows, a sentence.
    tables : mapping of str to DataFrame
        What the page rests on, written as ``NAME.csv``.
    """

    name: str
    title: str
    about: str
    findings: tuple[Finding, ...]
    conditions: tuple[str, ...]
    draw: Callable[[Axes], Axes]
    caption: str
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def table(self) -> pd.DataFrame:
        """Return one row a finding: the claim, what was simulated, and the verdict."""
        rows = [
            {
                "claim": each.claim.what,
                "paper": each.claim.paper,
                "claim_low": each.claim.low,
                "claim_high": each.claim.high,
                "setting": each.setting,
                "value": each.value,
                "low": each.low,
                "high": each.high,
                "verdict": each.verdict,
            }
            for each in self.findings
        ]
        return pd.DataFrame(rows)
