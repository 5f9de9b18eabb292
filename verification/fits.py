"""Fit every family to every shipped profile, and print how far each law is: KS, and p99's error.

Run as ``python verification/fits.py``; exit code 1 if the mixture is not the nearest of the
parametric laws in most profiles, or the shifted exponential, which most papers on coded computing
assume, does not overstate p99 in most.
"""

import sys
from collections.abc import Iterator

from strag_sim import fitting, profiles
from strag_sim.fitting import Fit

NAMES = tuple(fitting.FAMILIES)


def fitted() -> Iterator[tuple[str, dict[str, Fit]]]:
    """Yield the name of each shipped profile and its fits by family."""
    for name in profiles.names():
        values = fitting.rebuilt(profiles.load(name))
        yield name, {each.family: each for each in fitting.fit(values)}


def cell(each: Fit) -> str:
    """Return the distance and the error of p99 as text."""
    if each.goodness is None:
        return "-"
    error = each.goodness.p99
    return f"{each.goodness.ks:.3f} " + (f"{error:+.0%}" if error < 10 else f"x {1 + error:.1g}")


def main() -> int:
    """Print the table and what it says of the measured profiles; return the exit code."""
    print(f"{'profile':28}" + "".join(f"{name:>20}" for name in NAMES) + "  nearest")
    measured = []
    for name, fits in fitted():
        nearest = fitting.best(list(fits.values()))
        row = "".join(f"{cell(fits[family]):>20}" for family in NAMES)
        print(f"{name:28}{row}  {nearest.family if nearest else '-'}")
        if profiles.load(name).n:
            measured.append((nearest, fits["shifted-exponential"].goodness))
    wins = sum(nearest is not None and nearest.family == "mixture" for nearest, _ in measured)
    over = sum(exponential is not None and exponential.p99 > 0 for _, exponential in measured)
    print(f"Of {len(measured)} measured profiles (the others are computed from published laws):")
    print(f"the mixture is the nearest parametric law in {wins},")
    print(f"the shifted exponential law overstates p99 in {over}.")
    return int(2 * wins <= len(measured) or 2 * over <= len(measured))


if __name__ == "__main__":
    sys.exit(main())
