"""What the page on parity models says beside its table."""

import pandas as pd

from strag_sim.reproduce.parity_cells import (
    CALIBRATED,
    EQUAL,
    LINK,
    PAIRS,
    PARITY,
    RATE,
    SHUFFLES,
    TWICE,
    Cell,
    K,
)
from strag_sim.reproduce.parity_claims import NAMES, TALK, ratios
from strag_sim.reproduce.parity_search import (
    CVS,
    FOUND,
    LONG,
    LONGER,
    MEANS,
    NEAREST,
    RATES,
    REQUESTS,
    SHARES,
    nearest,
)

TITLE = "Parity models (ParM, SOSP 2019) against equal resources"
ABOUT = """\
ParM sends each request to one of 12 instances of a model at once, and the sum of each k consecutive
ones to one of 12/k instances of a parity model; whoever of a group is late is decoded from the
others. Equal-Resources is 12 + 12/k instances of the model on one queue, without redundancy.
Simulated as in the authors' code: one FIFO queue for the base instances and one for the parity
instances, no timeout, queued work dropped when it is no longer needed, 100,000 requests a run,
Poisson arrivals of 150 to 390 a second (270 unless said), k = 2, 3, 4 (2 unless said), and 2 to 5
network shuffles (4 unless said) between the instances. A third policy, 12 instances without
redundancy, is in `cells.csv`. Accuracy is not judged here.

The authors' stragglers come from contention: each shuffle keeps two instances busy that are drawn
at random, so that an instance is at an end of one or more for 1 - (1 - 2/18)^4 = 38 % of the time.
What that does to a request was not found, nor were the law of the service, the times of encoding,
and the numbers of figures 9 to 13; the one figure with numbers is of a talk, and its load is not
given. So the table has five settings. Four are scenarios in
`strag_sim/reproduce/scenarios/parity/`:

- *half a link*: a contended instance has half of its link, which at 1 Gbit/s costs an input of
  100 kB 0.8 ms more (our reading);
- *twice as slow*: what a contended instance begins takes 20 ms more (our reading);
- *random*: with each transfer an instance is slow by another time, exponential with a mean of 10 ms
  (our reading);
- *calibrated*: as before, lognormal, with the mean and cv that give **equal resources** the talk's
  p99 and p99.9. Nothing of parity was looked at: its times, and so the ratios, are predicted;
- *found by the search*: see below, at the load that is told there. It was chosen because the
  claims hold there, so that they do is no confirmation of them; its random numbers are others
  than the search's.

Where nothing else is said: 20 ms a service with a cv of 0.02, 0.1 ms to encode and to decode (all
our reading), workers slow independently of each other. Not simulated, as no numbers were found to
hold them against: the cluster of CPUs (Fig. 9b), multi-tenancy (Fig. 12), the cheaper model
(Fig. 13), and batches."""


def conditions(cells: pd.DataFrame, search: pd.DataFrame) -> tuple[str, ...]:
    """Return what would have to be true for the claims to hold, of all that was simulated."""
    return (
        _of_readings(cells),
        _of_calibrated(cells),
        _of_search(search),
        _of_nearest(search),
        _of_loads(cells),
        _of_shuffles(cells),
        _of_pairs(cells),
    )


def _of_readings(cells: pd.DataFrame) -> str:
    """Return why the simple readings cannot be it."""
    link = _ms(_number(cells, LINK.label, "p99", "equal_resources"))
    slow = (_number(cells, TWICE.label, "p99", of) for of in ("equal_resources", "parity"))
    share = Cell().share
    both = share * (1 - (1 - share) ** 2)
    return (
        "**Slow tasks must be rare.** A fair share of a link makes no tail at all: p99 of equal "
        f"resources is {link} there, and {_ms(TALK[EQUAL]['p99'])} in the talk. Nor can each task "
        f"of a contended instance be slow by the same time: then {_percent(share)} of all are, a "
        "late one would find the other of its group or its parity late too for "
        f"{_percent(both)} of all requests, and p99 is that of a slow task under either system "
        f"({' and '.join(_ms(time) for time in slow)})."
    )


def _of_calibrated(cells: pd.DataFrame) -> str:
    """Return what is predicted of parity where equal resources are as in the talk."""
    setting = CALIBRATED.label
    equal = (_number(cells, setting, name, "equal_resources") for name in ("p99", "p999"))
    times = (
        f"{NAMES[name]} {_ms(_number(cells, setting, name, 'parity'))} (talk: {_ms(talk)})"
        for name, talk in TALK[PARITY].items()
    )
    return (
        "**What follows from equal resources alone.** With delays that give equal resources the "
        f"talk's p99 and p99.9 (here {' and '.join(map(_ms, equal))}), parity has "
        f"{', '.join(times)}."
    )


def _of_search(search: pd.DataFrame) -> str:
    """Return under which settings of the unknowns all claims hold."""
    short = search[search["requests"] == REQUESTS]
    kept = short[(short["holds"] == len(ratios())) & (short["off"] <= 0.05)]
    found = "."
    if len(kept):
        dwells = " or ".join(sorted(kept["dwell"].unique()))
        found = (
            f": {_span(kept['share'], 100)} % of the tasks slow, for {dwells}, by "
            f"{_span(kept['added'], 1000)} ms in the mean with a cv of {_span(kept['added_cv'])}, "
            f"at a service cv of {_span(kept['service_cv'])}, and with "
            f"{_span(kept['parity_delay'], 1000)} ms from a full group to its parity in the queue."
        )
    return (
        "**Where all claims about k = 2 hold together.** Searched were the share of slow tasks "
        f"({_percent(SHARES[0])} to {_percent(SHARES[-1])}), how long a worker stays slow (20 ms, "
        "or a transfer), the cv of the service, the delay of parities, and the law of the added "
        "time: that which gives equal resources the talk's tail, and "
        f"{len(MEANS) * len(CVS)} others (`search.csv`). In {len(kept)} of {len(short)} settings "
        "all five intervals reach the claims' ranges, and no ratio is off by more than 5 "
        f"%{found}"
    )


def _of_nearest(search: pd.DataFrame) -> str:
    """Return the setting that is least off, and what it would mean."""
    best = nearest(search).iloc[0].to_dict()
    long = search[search["requests"] == LONG]
    return (
        f"The nearest {NEAREST} were simulated again with {LONG:,} requests a run, at "
        f"{', '.join(map(str, RATES))} a second: in {int((long['holds'] == len(ratios())).sum())} "
        f"of these {len(long)} all five intervals reach the ranges. The least off, by "
        f"{_percent(best['off'], 1)}, is what the table calls *{FOUND}*: {best['rate']} requests a "
        f"second, {_percent(best['share'])} of the tasks slow, for {best['dwell']}, by "
        f"{_ms(best['added'])} in the mean (cv {best['added_cv']:.2f}), a service cv of "
        f"{best['service_cv']:g}, parities {best['parity_delay'] * 1000:g} ms after their group. "
        "So it would have to be true that contention touches few of the tasks of a contended "
        "instance and those at random, as bursts of lost packets might, and not all of them, as a "
        "busy link would."
    )


def _of_loads(cells: pd.DataFrame) -> str:
    """Return at which loads the ratios of the talk hold."""
    at = cells[(cells["setting"] == FOUND) & (cells["k"] == K) & (cells["shuffles"] == SHUFFLES)]
    parts = []
    for name in ("p99", "p999"):
        claim, of = ratios()[name], at[at["measure"] == name]
        by_ratio = of.sort_values("ratio")
        least, most = by_ratio.iloc[0].to_dict(), by_ratio.iloc[-1].to_dict()
        reached = of["rate"][(of["high"] >= claim.low) & (of["low"] <= claim.high)]
        parts.append(
            f"{NAMES[name]} goes from {least['ratio']:.2f} (at {least['rate']} a second) to "
            f"{most['ratio']:.2f} (at {most['rate']}), and reaches the talk's range at "
            f"{', '.join(map(str, reached)) or 'no load'}"
        )
    return (
        "**The load matters as much.** Under the setting that was found, the ratio of "
        f"{'; that of '.join(parts)}. At low loads a group takes longer to fill, at high ones 12 "
        "base instances have queues that 18 have not."
    )


def _of_shuffles(cells: pd.DataFrame) -> str:
    """Return what more shuffles do to each measure."""
    columns = ("equal_resources", "parity", "ratio")
    few, many = (
        {name: _number(cells, FOUND, "p999", name, shuffles) for name in columns}
        for shuffles in (2, 5)
    )
    cuts = (_ms(of["equal_resources"] - of["parity"]) for of in (few, many))
    gaps, grown = (
        " and ".join(f"{_number(cells, of, 'gap', 'ratio', shuffles):.2f}" for shuffles in (2, 5))
        for of in (FOUND, LONGER)
    )
    return (
        "**More shuffles must make delays longer.** Under the setting that was found they are only "
        f"more frequent: parity cuts p99.9 by {' with 2 shuffles and by '.join(cuts)} with 5, a "
        f"ratio of {few['ratio']:.2f} and {many['ratio']:.2f}, but the gap between p99.9 and the "
        f"median is reduced {gaps} times. Were the delays longer too, in proportion to the "
        f"shuffles, it would be {grown} times (*{LONGER}* in `cells.csv`)."
    )


def _of_pairs(cells: pd.DataFrame) -> str:
    """Return what it changes that neighbours are slow together."""
    ratios_of = (
        " and ".join(f"{_number(cells, of.label, name, 'ratio'):.2f}" for name in ("p99", "p999"))
        for of in (CALIBRATED, PAIRS)
    )
    alone, together = ratios_of
    return (
        "**Who is slow together.** The two ends of a transfer are drawn anew for each, so workers "
        "are slow independently here. Were they always the same two neighbours, who often serve "
        f"one group, the ratios of p99 and p99.9 would be {together} in place of {alone} "
        f"(*{PAIRS.label}* in `cells.csv`)."
    )


def _number(
    cells: pd.DataFrame, setting: str, measure: str, column: str, shuffles: int = SHUFFLES
) -> float:
    """Return a number of a setting, by its label, at the usual load and k."""
    usual = (cells["rate"] == RATE) & (cells["k"] == K) & (cells["shuffles"] == shuffles)
    named = (cells["setting"] == setting) & (cells["measure"] == measure)
    return float(cells[usual & named][column].to_numpy(float)[0])


def _ms(time: float) -> str:
    """Return a time in milliseconds, to as many digits as the talk's are read off."""
    return f"{time * 1000:.4g} ms"


def _percent(share: float, decimals: int = 0) -> str:
    """Return a share in percent."""
    return f"{100 * share:.{decimals}f} %"


def _span(values: pd.Series, scale: float = 1.0) -> str:
    """Return the least and the largest of some values."""
    low, high = float(values.min()) * scale, float(values.max()) * scale
    return f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
