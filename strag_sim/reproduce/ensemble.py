"""Ensembles on devices (Pochelu, Petiton and Conche, arXiv:2208.14049): the claims and what holds.

The abstract was at hand, the text was not: ensembles, devices and batch sizes are ours.
"""

import math
from collections.abc import Callable
from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from strag_sim.plots.marks import faint, ink
from strag_sim.reproduce.claims import Claim, Finding, Reproduction
from strag_sim.reproduce.ensemble_search import LARGEST, Grid, ceilings, least_memory, searched
from strag_sim.reproduce.ensemble_sets import CASES, RUNS, TWELVE_ON_FOUR, WAYS, scaling, speedups

GPUS = (2, 4, 8, 16)

FITS = Claim(
    what="12 DNNs into 4 GPUs: memory that worst-fit takes of the fullest, as a share of 24 GiB",
    paper='"an ensemble of 12 heavy DNNs into 4 GPUs" (abstract)',
    low=0.0,
    high=1.0,
)
SPREADS = Claim(
    what="1 DNN on 16 GPUs: samples a second, over those on 1",
    paper='"one single DNN multi-threaded into 16 GPUs" (abstract; how much faster, not found)',
    low=1.0,
    high=math.inf,
)
SPEEDUP = Claim(
    what="samples a second, greedy matrix over best batch sizes",
    paper='"a speedup up to 2.7x" (abstract)',
    low=0.0,
    high=LARGEST,
    kind="limit",
)
AT_MOST = Claim(
    what="the largest of these speed-ups",
    paper=SPEEDUP.paper,
    low=LARGEST,
    high=LARGEST,
    kind="number",
)

ABOUT = """\
Pochelu, Petiton and Conche, *An efficient and flexible inference system for serving heterogeneous
ensembles of deep neural networks*, IEEE Big Data 2021
([arXiv:2208.14049](https://arxiv.org/abs/2208.14049)). Its abstract was at hand, its text was
not: which networks, GPUs, batch sizes and numbers of images is not known to us. So here, and our
reading: ensembles of heavy image classifiers on GPUs of 24 GiB, with times computed from
published rates of an RTX 3090 ([models of
ensembles](../../../docs/profiles.md#models-of-ensembles)); jobs of 128 images in segments of 32.
Samples a second are those that the engine serves when jobs never run out, in runs that the
searches did not see, and that are ten times as long as theirs: those are too short by up to a per
cent, since answers come in whole batches and a run begins with work half done.

`speedups.csv` has a row an ensemble: samples a second in batches of 1 where worst-fit puts the
models, in the best batch sizes there (the paper's baseline), and with the matrix of the greedy
search, each beside the bound that no schedule of its matrix can pass in the long run. It is a bound
on means: runs have an end, and what they serve scatters about it (how much is said below).
`scaling.csv` has one model on 2 to 16 GPUs, `search.csv` what is said below. How a matrix is
searched for, and `strag-sim allocate`: [a guide](../../../docs/guides/ensembles.md)."""

CAPTION = (
    "How many times the samples a second of best batch sizes the greedy matrix serves, by number "
    "of models on number of GPUs; the dashed line is the paper's largest. Intervals are narrower "
    "than it."
)


def ensemble(
    *, runs: int | None = None, jobs: int | None = None, tell: Callable[[str], None]
) -> Reproduction:
    """Allocate the ensembles in three ways, and hold what is served against the abstract.

    A search follows from what it has seen, so that ``jobs`` makes nothing faster here.
    """
    runs = runs or RUNS
    table = speedups(CASES, runs, tell).assign(**{"at most": ceilings(CASES)})
    spread = scaling(GPUS, runs)
    search = searched(Grid())
    return Reproduction(
        name="ensemble",
        title="Ensembles: claims of Pochelu, Petiton and Conche beside what is simulated",
        about=ABOUT,
        findings=(*placing(spread), *of_speedups(table)),
        conditions=conditions(table, search),
        draw=partial(draw, table),
        caption=CAPTION,
        tables={"speedups": table, "scaling": spread, "search": search},
    )


def placing(spread: pd.DataFrame) -> tuple[Finding, ...]:
    """Return whether twelve fit into four GPUs, and what sixteen do for one model."""
    share = least_memory(TWELVE_ON_FOUR.gpus) / TWELVE_ON_FOUR.memory
    last = spread.iloc[-1]
    return (
        Finding(claim=FITS, setting="batches of 1", value=share),
        Finding(
            claim=SPREADS,
            setting="swin-l, an instance a GPU",
            value=last["over one"],
            low=last["low"],
            high=last["high"],
        ),
    )


def of_speedups(table: pd.DataFrame) -> tuple[Finding, ...]:
    """Return the speed-up of each ensemble, and the largest of them."""
    each = tuple(
        Finding(
            claim=SPEEDUP,
            setting=f"{row['case']} GPU{'s' if row['GPUs'] > 1 else ''}",
            value=row["speed-up"],
            low=row["low"],
            high=row["high"],
        )
        for row in table.to_dict("records")
    )
    top = max(each, key=lambda finding: finding.value)
    largest = Finding(
        claim=AT_MOST, setting=top.setting, value=top.value, low=top.low, high=top.high
    )
    return (*each, largest)


def conditions(table: pd.DataFrame, search: pd.DataFrame) -> tuple[str, ...]:
    """Return for which ensembles the speed-up is 2.7, and what follows for the paper's."""
    at = search[search["batch"] == search["batch"].max()].set_index(["members", "GPUs"])
    missed = (1 - table["speed-up"] / table["at most"]).abs().max()
    lowest, highest = scatter(table)
    needed = ", or ".join(f"{n} of {least_memory(n) / 2**30:.1f} GiB" for n in (1, 2, 4))
    return (
        f"**How large the speed-up is depends on the ensemble.** Ours are "
        f"{table['speed-up'].min():.2f} to {table['speed-up'].max():.2f}. On GPUs that are alike "
        "and have memory enough, no matrix is in the long run worth more than the work of the "
        "busiest GPU, where worst-fit puts the models, over that of the mean GPU (`at most` in "
        f"`speedups.csv`). Runs have an end, and scatter about it: greedy is within "
        f"{100 * missed:.1f} % of it in each of ours, and samples a second are "
        f"{100 * lowest:+.2f} to {100 * highest:+.2f} % off the bounds of their matrices. So the "
        "speed-up is 2.7 where worst-fit by memory leaves a GPU with 2.7 times the mean work: "
        "where GPUs idle, as there are fewer models, or where one model is much slower than the "
        "others.",
        "`search.csv` has that limit for ensembles of 1 to 12 of our models on 1 to 16 GPUs: "
        f"{search['ensembles'].sum():,} settings, with batches of up to "
        f"{', '.join(map(str, search['batch'].unique()))}. {reaching(at)} Twelve on four come to "
        f"{at.loc[(12, 4), 'highest']:.2f}, on sixteen to {at.loc[(12, 16), 'highest']:.2f}. For "
        "2.7 with twelve on four, the models that share one GPU would have to take 2.7 times as "
        "long as those on the mean GPU.",
        "**Our reading of the baseline cannot be all of theirs.** We leave each model one "
        "instance, so that a matrix serves one model on sixteen GPUs sixteen times as fast. If 2.7 "
        "is their largest, such settings were not compared, or the baseline had more instances.",
        f"**Twelve into four** takes, in batches of 1, GPUs of which worst-fit needs {needed}.",
        "**One on sixteen** is sixteen times as fast because instances share nothing that slows "
        "them: the host reads, cuts and combines in no time. A host of one core that is busy with "
        "each segment for more than a sixteenth of its service would be the limit.",
    )


def scatter(table: pd.DataFrame) -> tuple[float, float]:
    """Return the least and the largest share by which samples a second are off their bounds."""
    off = [table[way] / table[f"{way} bound"] - 1 for way in WAYS]
    return min(each.min() for each in off), max(each.max() for each in off)


def reaching(at: pd.DataFrame) -> str:
    """Return from how many GPUs on any, and all, ensembles can reach 2.7; as sentences."""
    parts = []
    for members in (2, 4, 6, 12):
        reach = at["reach"][members]
        some, every = (reach.index[reach >= share] for share in (1e-9, 1.0))
        first = f"from {some[0]} GPUs on" if len(some) else "on none of these"
        parts.append(f"Some of {members} models reach 2.7 {first}")
        parts[-1] += f", all from {every[0]} on." if len(every) else "."
    return " ".join(parts)


def draw(table: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the speed-up of each ensemble as a bar, and the paper's largest as a line."""
    at = range(len(table))
    ax.bar(at, table["speed-up"], 0.65, color=faint(0.35), edgecolor=ink(), linewidth=0.6)
    for place, value in zip(at, table["speed-up"], strict=True):
        ax.annotate(f"{value:.2f}", (place, value), (0, 1.5), "data", "offset points", ha="center")
    ax.axhline(LARGEST, color=ink(), linestyle="--", linewidth=0.8)
    ax.annotate(f"paper: up to {LARGEST}", (-0.4, LARGEST), (0, 2), "data", "offset points")
    ax.set_xticks(list(at), [str(case).replace(" on ", "\non ") for case in table["case"]])
    ax.grid(visible=False, axis="x")
    ax.set_xlabel("models on GPUs")
    ax.set_ylabel("speed-up over\nbest batch sizes")
    ax.set_ylim(0, 1.15 * max(LARGEST, table["speed-up"].max()))
    return ax
