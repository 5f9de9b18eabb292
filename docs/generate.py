"""Write docs/kinds.md anew, from the kinds that a scenario may name: ``make docs``."""

from pathlib import Path

from strag_sim.scenario.catalogue import Item, catalogue, columns_of

TITLES = {
    "policies": "Policies",
    "distributions": "Distributions of sizes and times",
    "arrivals": "Arrivals",
    "envelopes": "Shipped rate envelopes, for arrivals that vary",
    "slowdown": "Slowdown",
    "placements": "Placements",
    "profiles": "Shipped profiles",
    "scenarios": "Starter scenarios",
}
HEAD = """# Kinds

What a scenario may name, with parameters. This page is written by `make docs` from the code; on the
command line, `strag-sim list` prints the same. A *time* is seconds or has a unit (`20 ms`); where a
*distribution* is due, write a mapping with a `kind`.
"""


def kinds() -> str:
    """Return the page."""
    parts = [HEAD]
    for what, title in TITLES.items():
        parts.append(f"\n## {title}\n")
        items = catalogue(what)
        parts += [profile_table(items)] if what == "profiles" else map(section, items)
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
        cells = [*columns_of(measured).values(), item["what"], measured["source"]]
        lines.append(f"| `{item['name']}` | " + " | ".join(cells) + " |")
    more = "More on each, with licences and cautions: [profiles.md](profiles.md)."
    return "\n".join([*lines, "", more, ""])


def default(required: bool, value: object) -> str:
    """Return what holds where a parameter is left out."""
    if required:
        return "required"
    return "" if value is None or value == () else f"`{str(value).lower()}`"


if __name__ == "__main__":
    Path(__file__).with_name("kinds.md").write_text(kinds(), encoding="utf-8")
