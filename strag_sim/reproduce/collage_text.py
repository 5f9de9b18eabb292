"""What the page on collage inference says: what was done, and what would have to be true."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from strag_sim.reproduce.collage_claims import MEAN, NINE, RATIOS, WORKSHOP
from strag_sim.reproduce.collage_search import (
    TARGET,
    by_grid,
    inside_at_all,
    near_both,
    with_building,
)
from strag_sim.reproduce.collage_settings import BOUND, CLOSED, GRIDS, IID
from strag_sim.reproduce.collage_tables import grids_table, machines_table, number
from strag_sim.reproduce.markdown import markdown

BOLD = (
    "Bold: all of the interval is inside the ICDCS paper's range (p99 1.2 to 2, variation 1.8 to "
    "15 as variance). A ratio of standard deviations is the root of that of variances, so it is "
    "inside where the variance is at 3.24 or more. A dash: one of the two is unstable."
)
ARRIVING = {"arrivals": "arrivals", "machines": "machines", "unit": "by", "collage": "collage"}
COMPARED = {"collage": "collage", "baseline": "baseline"}
AUTHORS = "collage at 5.65 s"
LISTED = 8  # settings, at most, of a longer list


def about(baseline: str, rule: str) -> str:
    """Return what was simulated, and what of it is the authors' own."""
    return f"""\
One collage model stands in for k x k models of single images. The papers' abstracts say by how
much p99 and "variation" fall against "replication based approaches", in image classification on
cloud machines; not against which of them, at which grid or with which timeout, nor whether
variation is variance or standard deviation. All of that is open here, and every claim is held at
every grid.

**The authors' own** (their repository): the latencies of their 50 machines (profile `collage-vm`),
drawn i.i.d. as their workers do; one group of k x k images at a time, the next when all of it is
answered; a worker for each image, and one for the collage; their rule: a group waits for all of it
or for a timeout, late images are taken from the collage, and are sent anew where the collage is
late as well.

**Ours**: a collage takes as long as an image; who is late holds up nobody of the next group;
nothing else takes time. In the table below an image of the baseline (*{baseline}*) is sent anew
when it is not in after 215 ms, the 95th percentile, as Dean and Barroso (2013) advise; the timeout
of the collage (*{rule}*) is twice the median, 276 ms; both have k x k + 1 workers,
and what counts is when the last image of a group is answered."""


def conditions(
    matrix: pd.DataFrame, machines: pd.DataFrame, searched: pd.DataFrame
) -> Iterator[str]:
    """Yield the paragraphs and tables on other settings, and on which of them meet the claims."""
    closed = matrix[matrix["arrivals"].eq(CLOSED.arrivals) & matrix["machines"].eq(IID)]
    by_group = closed[closed["unit"].eq("group")]
    rows = by_grid(searched, GRIDS)
    yield f"**Which baseline.** {_baselines(by_group)} {BOLD}"
    known = by_group[by_group["collage"].ne(AUTHORS)]
    yield grids_table(known, COMPARED)
    yield (
        "The same by image, for early use; by the authors' rule all images of a group are answered "
        "with its last."
    )
    early = closed[closed["unit"].eq("image") & closed["collage"].eq("collage early")]
    yield grids_table(early, COMPARED)
    yield _timeout(by_group, rows)
    yield from _icdcs(rows)
    yield _nine(rows)
    yield _building(rows)
    yield from _arrivals(matrix)
    yield from _machines(matrix, machines)


def _baselines(rows: pd.DataFrame) -> str:
    """Say which baselines are out of reach of the ICDCS paper's p99."""
    rules = rows[rows["collage"].isin(["collage at 2 medians", "collage early"])]

    def between(label: str, measure: str = "p99") -> str:
        of = rules.loc[rules["baseline"].eq(label), measure]
        return f"{number(of.min())} to {number(of.max())}"

    return (
        "With a collage as fast as an image the baseline would have to be one that sends an image "
        "anew once it is late (or, by image, two copies on the same workers). Against no "
        f"redundancy the p99 of a group falls by more than the papers say ({between('none')} over "
        "both rules and all grids), and one copy for the price of a collage is hardly better than "
        f"none ({between('one copy')}). Against two copies of all on twice the workers it is "
        f"{between('two copies on twice the workers')}; against two copies on as many workers as a "
        f"collage has, where they queue, {between('two copies')}, but then the variance is "
        f"{between('two copies', 'var')}. At 5x5 about 1 % of groups (25 times 2.06 % squared) "
        "have an image that is slow twice: p99 stands at the edge of the slow mode there, and its "
        "intervals are wide. Ratios are therefore of all runs together (sectioning), not the mean "
        "of the ratios of single runs."
    )


def _timeout(rows: pd.DataFrame, candidates: pd.DataFrame) -> str:
    """Say what the timeout in the authors' file gives, and which would be right."""
    met = inside_at_all(candidates[candidates["unit"].eq("group")], GRIDS)["collage"]
    right = met.str.extract(r"^([\d.]+) ms at 1$")[0].dropna().astype(float)
    of = rows[rows["collage"].eq(AUTHORS) & rows["baseline"].eq("none")]
    return (
        "**Which timeout.** That of the authors' file, 5.65 s, fits a path over HTTP with inputs "
        "as text. On these latencies, at most 1.04 s, it never ends a wait, and a group waits for "
        f"its collage besides: p99 of none over collage is {number(of['p99'].min())} to "
        f"{number(of['p99'].max())}. With a timeout of "
        f"{right.min():g} to {right.max():g} ms (of 180 to 400 that were tried) both ranges of the "
        "ICDCS paper are met at all grids against one baseline or another, as listed below."
    )


def _icdcs(rows: pd.DataFrame) -> Iterator[str]:
    """Yield which open settings meet the ICDCS paper's two ranges at all grids."""
    for unit, of in rows.groupby("unit", sort=False):
        met = inside_at_all(of, GRIDS)
        pairs = of[["baseline", "collage"]].drop_duplicates()
        yield (
            f"**What meets both ranges of the ICDCS paper at all four grids, by {unit}:** "
            f"{len(met)} of {len(pairs)} pairs of a baseline and a collage, in the closed loop, "
            "i.i.d., by their estimates alone. A collage is named by its timeout (or "
            "early use) and by how long its model takes in terms of a single image's (0.58 is its "
            "share of multiplications). With "
            f"variation as standard deviation {len(inside_at_all(of, GRIDS, 0.5))} pairs do."
        )
        lines = [
            [str(baseline), f"{len(of)}", "; ".join(of["collage"])]
            for baseline, of in met.groupby("baseline", sort=False)
        ]
        yield markdown([["baseline", "how many", "collages"], *lines])


def _nine(rows: pd.DataFrame) -> str:
    """Say where the workshop's p99 and variance come together."""
    near = near_both(rows)
    largest = rows[rows["p99"].le(2)].nlargest(1, "var").to_dict("records")[0]
    return (
        "**The workshop's 1.47x and 9x at once**, both within 5 %, come out of "
        f"{len(near)} of {len(rows)} candidates (each at one grid): "
        f"{_listed(near.head(LISTED))}. As a ratio of standard deviations 9x is a "
        "variance of 81x: where p99 falls by no more than 2x, the largest variance of all is "
        f"{number(largest['var'])}x ({_named(largest)}), so of these candidates none has 9x."
    )


def _building(rows: pd.DataFrame) -> str:
    """Say which candidates meet the workshop's three claims if building takes some time."""
    near = near_both(rows)
    met = with_building(rows)
    far = rows[rows["p99"].ge(WORKSHOP.low) & rows["var"].ge(NINE.low)]
    slight = near["mean"].between(MEAN.low, MEAN.high).sum()
    texts = [
        f"{_named(row)} with {1000 * row['build']:.0f} ms: variance {number(row['var'])}, mean "
        f"{number(row['built'])}"
        for row in met.head(LISTED).to_dict("records")
    ]
    return (
        f"**With a slight increase of the mean** ({MEAN.low:g} to {MEAN.high:g}) as well: {slight} "
        f"of these. Wherever p99 falls by {TARGET}x or more and the variance by {NINE.low:g}x or "
        f"more, the collage's mean is at most {number(far['mean'].max())} times that of the "
        "baseline. The authors' "
        "master builds the collage before it sends anything, and counts that time; it shifts every "
        "response and leaves the variance. Were it so long that the ratio of p99 falls to "
        f"{TARGET}, variance ({NINE.low:g} to {NINE.high:g}) and mean would be inside as well for "
        f"{len(met)} candidates: {'; '.join(texts) or 'none'}. How long building took is in no "
        "source that we have, so this is a condition and no reproduction."
    )


def _arrivals(matrix: pd.DataFrame) -> Iterator[str]:
    """Yield the table of other arrivals, against one baseline."""
    rules = matrix["collage"].isin(["collage at 2 medians", "collage early"])
    of = matrix[rules & matrix["baseline"].eq("resend at p95") & matrix["machines"].eq(IID)]
    alone = of["arrivals"].str.startswith("Poisson, ") & of["collage"].eq("collage early")
    singly = of.loc[alone, "p99"]
    yield (
        "**Which arrivals.** Against *resend at p95*, i.i.d. Where images come singly the authors' "
        "rule makes each wait until its group is full, and until the group is answered: it is a "
        "rule for images that are there at once. Early use then gives a p99 of "
        f"{number(singly.min())} to {number(singly.max())}, for a collage starts when its group is "
        "full. So images would have to come in groups, and these one at a time: where groups "
        "queue, those who wait for all of a group wait longest."
    )
    yield grids_table(of, ARRIVING)


def _machines(matrix: pd.DataFrame, machines: pd.DataFrame) -> Iterator[str]:
    """Yield what is found where a worker is one of the measured machines for a whole run."""
    compared = ["none", "resend at p95", "resend at 2 medians", "two copies on twice the workers"]
    of = machines[machines["baseline"].isin(compared)]
    of = of[of["collage"].isin(["collage at 2 medians", "collage early"])]
    of = of[of["arrivals"].eq(CLOSED.arrivals)]
    met = of.query("baseline == 'resend at p95'")["inside"]
    yield (
        "**Which machines.** The authors' file is that of 50 machines one after the other, one of "
        "which is slow for life; drawn i.i.d. it is 2 % of all latencies. Where each worker is one "
        "of the machines instead (`per_worker: true`), what is found depends on which machines one "
        "has. The ratio of p99 by group in the closed loop: its median over sets of machines, its "
        f"10th and 90th percentile, and the share of sets in which it is {RATIOS.low:g} to "
        f"{RATIOS.high:g} (against *resend at p95* {100 * met.min():.0f} to "
        f"{100 * met.max():.0f} %)."
    )
    yield machines_table(of, COMPARED)
    yield (
        "The geometric mean over sets of machines, against *resend at p95*; there is none of the "
        "variance where in some set every group ends at the timeout:"
    )
    bound = matrix[matrix["machines"].eq(BOUND) & matrix["baseline"].eq("resend at p95")]
    yield grids_table(bound[bound["collage"].ne(AUTHORS)], ARRIVING)


def _listed(rows: pd.DataFrame) -> str:
    """Return candidates with their numbers; how many there are is said before."""
    texts = [
        f"{_named(row)}: p99 {number(row['p99'])}, variance {number(row['var'])}, mean "
        f"{number(row['mean'])}"
        for row in rows.to_dict("records")
    ]
    return "; ".join(texts) or "none"


def _named(row: Mapping[Hashable, Any]) -> str:
    """Return a candidate as text."""
    grid = int(row["grid"])
    return f"{grid}x{grid} by {row['unit']}, *{row['baseline']}* over *{row['collage']}*"
