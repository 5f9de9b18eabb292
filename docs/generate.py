"""Write docs/kinds.md and docs/closed_forms.md anew, from the code: ``make docs``."""

import math
from pathlib import Path

from strag_sim.scenario.catalogue import (
    Item,
    catalogue,
    columns_of,
    columns_of_accuracy,
    measured_on,
)
from strag_sim.selfcheck import FAMILIES, Check, checks

TITLES = {
    "policies": "Policies",
    "distributions": "Distributions of sizes and times",
    "arrivals": "Arrivals",
    "envelopes": "Shipped rate envelopes, for arrivals that vary",
    "slowdown": "Slowdown",
    "placements": "Placements",
    "profiles": "Shipped profiles",
    "accuracies": "Shipped tables of accuracies",
    "scenarios": "Starter scenarios",
}
HEAD = """# Kinds

What a scenario may name, with parameters. This page is written by `make docs` from the code; on the
command line, `strag-sim list` prints the same. A *time* is seconds or has a unit (`20 ms`); where a
*distribution* is due, write a mapping with a `kind`.
"""
FORMS_HEAD = """# Closed forms of the self-check

What `strag-sim selfcheck` holds the simulator against; how, and what the sources are, is told in
[selfcheck.md](selfcheck.md). This page is written by `make docs` from the code. Sizes have a mean
of 1 s unless the case names a law; `p99` is a quantile of responses, `P(T > t)` a share of them,
`throughput` requests a second.
"""


def kinds() -> str:
    """Return the page."""
    parts = [HEAD]
    for what, title in TITLES.items():
        parts.append(f"\n## {title}\n")
        items = catalogue(what)
        table = TABLES.get(what)
        parts += [table(items)] if table else map(section, items)
    return "\n".join(parts)


def section(item: Item) -> str:
    """Return one kind: a line on what it is, and a row for each parameter."""
    head = f"**`{item['name']}`** {item['what']}\n"
    if not item["parameters"]:
        return head
    rows = [
        f"| `{each['name']}` | {each['type']} | {default(each['required'], each['default'])} |"
        for each in item["parameters"]
    ]
    return "\n".join([head, "| parameter | is | default |", "|---|---|---|", *rows, ""])


def profile_table(items: list[Item]) -> str:
    """Return a row for each shipped profile: its numbers, what it is, and its source."""
    columns = ["profile", *columns_of(items[0]["measured"]), "what", "source"]
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for item in items:
        measured = item["measured"]
        on = measured_on(measured)
        what = f"{item['what']} ({on})" if on else item["what"]
        cells = [*columns_of(measured).values(), what, measured["source"]]
        lines.append(f"| `{item['name']}` | " + " | ".join(cells) + " |")
    more = "More on each, with licences and cautions: [profiles.md](profiles.md)."
    return "\n".join([*lines, "", more, ""])


def accuracy_table(items: list[Item]) -> str:
    """Return a row for each shipped table of accuracies: its numbers, and what it is."""
    columns = ["table", *columns_of_accuracy(items[0]["accuracy"]), "what"]
    lines = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for item in items:
        cells = [*columns_of_accuracy(item["accuracy"]).values(), item["what"]]
        lines.append(f"| `{item['name']}` | " + " | ".join(cells) + " |")
    more = "Sources, cautions and the format: [accuracies.md](accuracies.md)."
    return "\n".join([*lines, "", more, ""])


TABLES = {"profiles": profile_table, "accuracies": accuracy_table}


def default(required: bool, value: object) -> str:
    """Return what holds where a parameter is left out."""
    if required:
        return "required"
    return "" if value is None or value == () else f"`{str(value).lower()}`"


def closed_forms() -> str:
    """Return the page of what `strag-sim selfcheck` expects, a family a section."""
    parts = [FORMS_HEAD]
    for family in FAMILIES:
        rows = [form_row(check) for check in checks([family])]
        head = ("| case | measure | expected | formula | source |", "|---" * 5 + "|")
        parts.append("\n".join([f"\n## {family}\n", *head, *rows]))
    return "\n".join([*parts, ""])


def form_row(check: Check) -> str:
    """Return a row for a check; an identity expects no number."""
    expected = "" if math.isnan(check.theory) else f"{check.theory:.4g}"
    cells = (check.name, check.measure, expected, f"`{check.formula}`", check.source)
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    for name, page in (("kinds.md", kinds()), ("closed_forms.md", closed_forms())):
        Path(__file__).with_name(name).write_text(page, encoding="utf-8")
