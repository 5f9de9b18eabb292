"""The pages on what a scenario names by ``kind``, with their parameters, and on what is shipped."""

from typing import Any

from pages.keys import COLUMNS, link, models, rows
from pages.markdown import code, sections, table
from strag_sim.scenario.catalogue import (
    Item,
    catalogue,
    columns_of,
    columns_of_accuracy,
    measured_on,
)

HEAD = """# {title}

{what} This page is written by `make docs`
from the code; on the command line, `strag-sim list` names them. A *time* is seconds or has a
unit (`20 ms`); where a *distribution* is due, write a mapping with a `kind`.
More: {told}.
"""
POLICIES = "What an entry of `policies` may be: its `kind`, and the parameters of that kind."
DISTRIBUTIONS = "Laws of sizes (`service`) and of times, each a mapping with a `kind`."
ARRIVALS = "What `arrivals` may be, and the rates of arrivals that are shipped."
SLOWDOWN = "What an item of `slowdown` may be: how workers are slow."
SHIPPED = "Measured profiles, tables of measured accuracies, and scenarios to start from."
# Kinds that hold a list of mappings: the model of these, and where its keys stand.
NESTED = {"mixture": ("Part", "parts.N."), "mmpp": ("Phase", "states.N.")}
TOLD = "More on each, with licences and cautions: [{0}](../{0}).\n"


def policies() -> str:
    """Return the page of policies and placements."""
    head = HEAD.format(
        title="Policies and placements", what=POLICIES, told=link("scenario.md#policies")
    )
    parts = [("Policies", family("policies", "policy")), ("Placements", names("placements"))]
    return sections(head, parts)


def distributions() -> str:
    """Return the page of distributions."""
    told = "scenario.md#what-a-value-may-be"
    head = HEAD.format(title="Distributions", what=DISTRIBUTIONS, told=link(told))
    return sections(head, [("Kinds", family("distributions", "distribution"))])


def arrivals() -> str:
    """Return the page of arrivals and of rates that are shipped."""
    head = HEAD.format(title="Arrivals", what=ARRIVALS, told=link("scenario.md#arrivals"))
    kinds = ("Kinds", family("arrivals", "arrivals"))
    return sections(head, [kinds, ("Shipped rate envelopes", names("envelopes"))])


def slowdown() -> str:
    """Return the page of how workers are slow."""
    head = HEAD.format(title="Slowdown", what=SLOWDOWN, told=link("scenario.md#slow-workers"))
    return sections(head, [("Kinds", family("slowdown", "slowdown"))])


def shipped() -> str:
    """Return the page of profiles, tables and starters."""
    head = HEAD.format(title="What is shipped", what=SHIPPED, told=link("profiles.md"))
    parts = [
        ("Profiles", profile_table(catalogue("profiles"))),
        ("Tables of accuracies", accuracy_table(catalogue("accuracies"))),
        ("Starter scenarios", names("scenarios")),
    ]
    return sections(head, parts)


def family(what: str, name: str) -> str:
    """Return all kinds of a family, each with its parameters."""
    known = models()
    return "".join(section(item, known, f"{name}-{item['name']}") for item in catalogue(what))


def section(item: Item, known: dict[str, Any], model: str) -> str:
    """Return one kind: a line on what it is, and a row for each parameter of its own."""
    head = f"**`{item['name']}`** {item['what']}\n\n"
    if not item["parameters"]:
        return head
    inner, path = NESTED.get(item["name"], ("", ""))
    properties = known[model]["properties"]
    own = {each["name"]: properties[each["name"]] for each in item["parameters"]}
    lines = [*rows({**known[model], "properties": own}, model, "")]
    lines += rows(known[inner], inner, path) if inner else []
    return head + table(("parameter", *COLUMNS[1:]), lines)


def names(what: str) -> str:
    """Return a row for each thing that has a name alone."""
    return table(("name", "is"), ((code(item["name"]), item["what"]) for item in catalogue(what)))


def profile_table(items: list[Item]) -> str:
    """Return a row for each shipped profile: its numbers, what it is, and its source."""
    lines = []
    for item in items:
        measured = item["measured"]
        on = measured_on(measured)
        what = f"{item['what']} ({on})" if on else item["what"]
        lines.append((code(item["name"]), *columns_of(measured).values(), what, measured["source"]))
    columns = ("profile", *columns_of(items[0]["measured"]), "what", "source")
    return table(columns, lines) + TOLD.format("profiles.md")


def accuracy_table(items: list[Item]) -> str:
    """Return a row for each shipped table of accuracies: its numbers, and what it is."""
    lines = (
        (code(item["name"]), *columns_of_accuracy(item["accuracy"]).values(), item["what"])
        for item in items
    )
    columns = ("table", *columns_of_accuracy(items[0]["accuracy"]), "what")
    return table(columns, lines) + TOLD.format("accuracies.md")
