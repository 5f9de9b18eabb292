"""The policies of a page held against the first of them."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from strag_sim.compare import CANNOT_TELL, NAMES, Comparison, ratio
from strag_sim.compare.verdicts import EQUAL, HIGHER, LOWER

Row = Mapping[Hashable, Any]
MEASURES = ("mean", "p50", "p99", "p999", "var", "cost", "accuracy")
SIGNS = {LOWER: "↓", HIGHER: "↑", EQUAL: "=", CANNOT_TELL: "?"}
# Where more is better; of the others, less is.
MORE = ("accuracy",)
BETTER, WORSE = "better", "worse"
NOTHING = "-"  # of `strag_sim.compare.ratio`, where there is no number


@dataclass(frozen=True)
class Ratio:
    """A policy's value over the first policy's: as text, its verdict, and how good that is."""

    text: str
    interval: str
    verdict: str
    sign: str = ""
    good: str = ""
    value: str = ""
    title: str = ""


def against(found: Comparison) -> tuple[list[str], dict[str, list[Ratio]]]:
    """Return the heads of the measures that some policy has, and each policy's ratios."""
    rows = found.table()
    known = rows[rows["value"].notna() | rows["baseline_value"].notna()]
    measures = [name for name in MEASURES if (known["measure"] == name).any()]
    chosen = rows[rows["measure"].isin(measures)]
    by_label = {
        str(label): {row["measure"]: _ratio(row) for row in of_label.to_dict("records")}
        for label, of_label in chosen.groupby("label", sort=False)
    }
    heads = [NAMES[name] for name in measures]
    return heads, {label: [of[name] for name in measures] for label, of in by_label.items()}


def _ratio(row: Row) -> Ratio:
    """Return one ratio with what can be said of it."""
    verdict = str(row["verdict"])
    text, _, rest = ratio(row["ratio"], row["ratio_low"], row["ratio_high"]).partition(" ")
    good = ""
    if verdict in (LOWER, HIGHER):
        good = BETTER if (verdict == HIGHER) == (row["measure"] in MORE) else WORSE
    return Ratio(
        "" if text == NOTHING else text,
        rest,
        verdict,
        sign=SIGNS.get(verdict, ""),
        good=good,
        value="" if math.isnan(row["ratio"]) else repr(float(row["ratio"])),
        title=_title(row),
    )


def _title(row: Row) -> str:
    """Return the two values, all digits of the ratio, and what its verdict rests on."""
    parts = [f"{row['value']!r} over {row['baseline_value']!r}"]
    if not math.isnan(row["ratio"]):
        parts.append(f"ratio {row['ratio']!r}")
    if not math.isnan(row["ratio_low"]):
        parts.append(f"interval {row['ratio_low']!r} to {row['ratio_high']!r}")
    if not math.isnan(row["p_holm"]):
        parts.append(f"p {row['p_holm']:.2g} (Holm)")
    return ", ".join(parts)
