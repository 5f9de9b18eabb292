"""What the authors of ParM say: their talk's figure, and the claims that are made of it."""

import math
from collections.abc import Mapping

from strag_sim.reproduce.claims import Claim

# The talk's figure "in presence of resource contention", digitised; seconds, by system.
TALK: Mapping[str, Mapping[str, float]] = {
    "equal resources": {"p50": 0.0203, "p99": 0.0332, "p995": 0.0382, "p999": 0.0527},
    "parity": {"p50": 0.02045, "p99": 0.0254, "p995": 0.0267, "p999": 0.0307},
}
ERROR = 0.00015  # of each
NAMES = {"p50": "median", "p99": "p99", "p995": "p99.5", "p999": "p99.9", "gap": "p99.9 - median"}
FIGURE = "authors' talk, digitised"
OVER = "equal resources over parity"
# The largest that the authors report of any setting: abstract, and blog (48 % lower).
LARGEST_GAP, LARGEST_P999 = 3.5, 1 / (1 - 0.48)


def ratios() -> dict[str, Claim]:
    """Return the claims about k = 2, by what they measure.

    Their ranges are those of the ratio of two times that are each read off with an error; a gap
    has that of two. The same median is taken as within 1 %.
    """
    equal, parity = (_with_gap(of) for of in TALK.values())
    found = {}
    for name, what in NAMES.items():
        error = ERROR * (2 if name == "gap" else 1)
        low = (equal[name] - error) / (parity[name] + error)
        high = (equal[name] + error) / (parity[name] - error)
        said = f"{equal[name] / parity[name]:.2f}, {low:.2f} to {high:.2f} ({FIGURE})"
        claim = Claim(what=f"{what}, {OVER}", paper=said, low=low, high=high, kind="number")
        if name == "p50":
            said = "the same median (abstract), within 1 %"
            claim = Claim(what=claim.what, paper=said, low=0.99, high=1.01)
        found[name] = claim
    return found


def largest() -> dict[str, Claim]:
    """Return the claims about the largest ratio of all settings, by what they measure."""
    said = {
        "p999": ("at most 48 % lower, so at most 1.92 (authors' blog)", LARGEST_P999),
        "gap": ("up to 3.5 (abstract)", LARGEST_GAP),
    }
    return {
        name: Claim(
            what=f"largest {NAMES[name]}, {OVER}", paper=paper, low=0.0, high=high, kind="limit"
        )
        for name, (paper, high) in said.items()
    }


def direction(name: str, of: str, figure: str) -> Claim:
    """Return the claim that parity reduces a measure more in one cell than in another."""
    paper = f"above 1 ({figure}; the direction is inferred, its numbers were not found)"
    what = f"reduction of {NAMES[name]}, {of}"
    return Claim(what=what, paper=paper, low=1.0, high=math.inf)


def _with_gap(of: Mapping[str, float]) -> dict[str, float]:
    """Return the quantiles of a system, and p99.9 less the median."""
    return {**of, "gap": of["p999"] - of["p50"]}
