"""What is said of coded classification, and what is found of each claim."""

import math
from collections.abc import Iterator, Sequence

from strag_sim.accuracies import AccuracyTable, read_accuracy
from strag_sim.distributions.profile import Profile
from strag_sim.reproduce.claims import Claim, Finding
from strag_sim.reproduce.coded_errors import Ratio, entry_of, error_of, widened
from strag_sim.reproduce.coded_sets import (
    BERRUT,
    HAVE,
    INPUTS,
    LEARNED,
    MASTER,
    SENT,
    SUMMED,
    TASKS,
    at,
    over,
)
from strag_sim.results import Result
from strag_sim.theory import laws, order_statistics

# Of directions: a ratio of exactly 1 is neither.
UNDER, OVER = math.nextafter(1.0, 0.0), math.nextafter(1.0, 2.0)
# ParM's authors (blog): with k = 2 accuracy is "at most 6.4 % lower".
REASONABLE = 1 - 0.064
ANY = '"any R out of N workers" (abstract)'
TUNABLE = '"a tunable parameter" (abstract): fewer are faster'
APPROXIMATE = '"approximate results" (abstract): fewer are less accurate'
SUPERIOR = '"superiority" over coded computing for image classification (abstract)'
ACCURATE = Claim(
    what="accuracy, over that of the model alone",
    paper='"reasonable accuracy" (abstract; our reading: at most 6.4 % lower, as ParM at k = 2)',
    low=REASONABLE,
    high=math.inf,
)
THRESHOLD = Claim(
    what="threshold R, over that of exact Lagrange coding at degree 2, (K - 1) 2 + 1",
    paper='"a minimum recovery threshold R for non-polynomial problems" (abstract)',
    low=0.0,
    high=UNDER,
)
ACCESSIBLE = '"based on the accessibility of input data" (abstract); our reading of who is faster'
ORDINALS = ("1st", "2nd", "3rd", "4th", "5th", "6th")
# Measured by us on digits: the code, and how many results of how many tasks are decoded.
OF_DIGITS = (("2-3", 2), ("4-5", 4), ("4-6", 4), ("8-10", 8))


def any_of(result: Result) -> Iterator[Finding]:
    """Yield mean and p99 of the R-th of N sizes, simulated over what theory says, for each R."""
    profile = Profile(profile="collage-vm")
    one = laws.from_quantile(profile.quantile)
    longest = float(profile.quantile(1.0))
    rows = result.summary().set_index("label")
    for r in range(1, TASKS + 1):
        kth = order_statistics.survival(one, r, TASKS)
        expected = {
            "mean": laws.mean(kth, upper=longest),
            "p99": order_statistics.quantile(0.99, profile.quantile, r, TASKS),
        }
        for measure, theory in expected.items():
            claim = Claim(
                what=f"{measure} of the {ORDINALS[r - 1]} of {TASKS} results, over theory's",
                paper=ANY,
                low=1.0,
                high=1.0,
                kind="number",
            )
            ends = (
                float(rows[measure + end][f"R = {r}"]) / theory for end in ("", "_low", "_high")
            )
            yield _finding(claim, "no load; 95 % for all twelve together", Ratio(*ends))


def tunable(result: Result) -> Iterator[Finding]:
    """Yield what each result more that is waited for costs in p99, and is worth in accuracy."""
    setting = f"K = {INPUTS}, N = {TASKS}, load 0.3"
    for fewer, more in ((4, 5), (5, 6)):
        for measure, paper in (("p99", TUNABLE), ("accuracy", APPROXIMATE)):
            claim = Claim(
                what=f"{measure}, R = {fewer} over R = {more}", paper=paper, low=0.0, high=UNDER
            )
            found = over(result, at(MASTER, fewer), at(MASTER, more), measure)
            yield _finding(claim, setting, found)
    exact = 2 * (INPUTS - 1) + 1
    yield Finding(claim=THRESHOLD, setting=f"K = R = {INPUTS}", value=INPUTS / exact)


def accurate() -> Iterator[Finding]:
    """Yield how accurate our learned codes are on digits, of all sets of R results and the worst.

    The model's own accuracy is taken as known: seeds of the two are not paired in a table.
    """
    for code, returned in OF_DIGITS:
        table = read_accuracy(f"digits-lagrange-{code}")
        entry, alone = entry_of(table, returned), _alone(table)
        setting = f"digits, K = R = {returned}, N = {table.tasks}"
        bounds = (math.nan if end is None else end / alone for end in (entry.low, entry.high))
        yield _finding(ACCURATE, setting, Ratio(entry.value / alone, *bounds))
        spread = table.spread(returned)
        if spread is not None:
            worst = f"{setting}, the worst {returned} of {table.tasks}"
            yield Finding(claim=ACCURATE, setting=worst, value=spread[0] / alone)


def designs(result: Result) -> Iterator[Finding]:
    """Yield how the designs compare where workers have the inputs, and where they are sent them."""
    for design, low, high in ((HAVE, 0.0, UNDER), (SENT, OVER, math.inf)):
        claim = Claim(what=f"p99, {design} over {MASTER}", paper=ACCESSIBLE, low=low, high=high)
        found = over(result, at(design, INPUTS), at(MASTER, INPUTS), "p99")
        yield _finding(claim, "3 x 224 x 224, K = R = 4, N = 6", found)


def superior(result: Result, others: Sequence[str]) -> Iterator[Finding]:
    """Yield whether learned Lagrange codes are faster, and more accurate, than each other code.

    Codes with the same K, N and R take the same time, and have no line of it.
    """
    for other in others:
        for measure, above, below in (("p99", other, LEARNED), ("accuracy", LEARNED, other)):
            claim = Claim(
                what=f"{measure}, {above} over {below}", paper=SUPERIOR, low=OVER, high=math.inf
            )
            found = over(result, above, below, measure)
            if not found.low == found.high == 1.0:
                yield _finding(claim, "digits, K = 4, load 0.3", found)


def recovered(data: str, tables: tuple[AccuracyTable, AccuracyTable]) -> Finding:
    """Return the accuracy that Berrut's code recovers over that of a parity model, by tables."""
    entries = [entry_of(table, table.inputs) for table in tables]
    ratio = entries[0].value / entries[1].value
    errors = (error_of(each.value, each.low, each.high) for each in entries)
    found = widened(Ratio(ratio, ratio, ratio), *errors)
    claim = Claim(
        what="accuracy of what is recovered, Berrut's code over a parity model",
        paper=_of_three_sets(),
        low=OVER,
        high=math.inf,
    )
    return _finding(claim, f"{data}, K = {tables[0].inputs}", found)


def overall(data: str, result: Result) -> Finding:
    """Return the accuracy of all answers, which a parity model mostly does not recover."""
    claim = Claim(
        what="accuracy of all answers, Berrut's code over a parity model",
        paper='"up to 58 %" more (ApproxIFER, abstract): of what is recovered; if of all, over 1',
        low=OVER,
        high=math.inf,
    )
    found = over(result, BERRUT, SUMMED, "accuracy")
    return _finding(claim, f"{data}, K = 8, load 0.3", found)


def _of_three_sets() -> str:
    """Return what ApproxIFER's authors have of three data sets."""
    texts = []
    for data in ("mnist", "fashion", "cifar-10"):
        names = f"approxifer-{data}-8-1", f"approxifer-parm-{data}-8"
        value, base = (entry_of(read_accuracy(name), 8).value for name in names)
        texts.append(f"{value / base:.2f} {data}")
    return f"{', '.join(texts)} at K = 8 (ApproxIFER, Bar_plots.py): over 1"


def _alone(table: AccuracyTable) -> float:
    """Return the accuracy of the model alone; all tables of this page have it."""
    if table.uncoded is None:
        raise ValueError(f"table {table.name} has no accuracy of the model alone")
    return table.uncoded.value


def _finding(claim: Claim, setting: str, found: Ratio) -> Finding:
    """Return the finding of a ratio."""
    return Finding(claim=claim, setting=setting, value=found.value, low=found.low, high=found.high)
