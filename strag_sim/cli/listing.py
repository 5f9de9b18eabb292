"""``strag-sim list``: what a scenario may name."""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from strag_sim.scenario.catalogue import Item

WHAT = (
    "policies",
    "distributions",
    "arrivals",
    "envelopes",
    "slowdown",
    "profiles",
    "accuracies",
    "placements",
    "scenarios",
)
# Columns that may be narrower than what they hold.
WRAPPED = {"parameters", "what", "returned"}


@click.command("list")
@click.argument("what", type=click.Choice(WHAT), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(what: str | None, as_json: bool) -> None:
    """List what scenarios may name, with parameters, defaults and a line on each."""
    from strag_sim.scenario.catalogue import catalogue

    found = {name: catalogue(name) for name in ([what] if what else WHAT)}
    if as_json:
        import json

        click.echo(json.dumps(found, indent=2))
    elif sys.stdout.isatty():
        _print_tables(found)
    else:
        click.echo("\n".join(_lines(found)))


def _print_tables(found: "dict[str, list[Item]]") -> None:
    """Print tables to a terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    for name, items in found.items():
        rows = [_cells(item) for item in items]
        table = Table(*rows[0], title=name, title_justify="left", box=box.SIMPLE)
        for key, column in zip(rows[0], table.columns, strict=True):
            if key == "n":
                column.max_width = len("from published")
            elif key not in WRAPPED:
                column.min_width = max(len(key), *(len(row[key]) for row in rows))
        for row in rows:
            table.add_row(*map(Text, row.values()))  # as Text, for own[i] is no markup
        console = Console()
        console.print(table)
        for item in items:
            for text in _provenance(item):  # beside the numbers it would have no room
                console.print(Text(f"  {item['name']}: {text}"))


def _cells(item: "Item") -> dict[str, str]:
    """Return a row of a table, by the names of its columns."""
    numbers = _numbers(item)
    if numbers:
        return {"name": item["name"], **numbers}
    parameters = "\n".join(_parameters(item))
    return {"name": item["name"], "parameters": parameters, "what": item["what"]}


def _numbers(item: "Item") -> dict[str, str]:
    """Return the numbers of a profile or of a table of accuracies; none of anything else."""
    from strag_sim.scenario.catalogue import columns_of, columns_of_accuracy

    if "accuracy" in item:
        return columns_of_accuracy(item["accuracy"])
    return columns_of(item["measured"]) if "measured" in item else {}


def _lines(found: "dict[str, list[Item]]") -> list[str]:
    """Return plain lines, for files and pipes."""
    lines = []
    for name, items in found.items():
        lines.append(name)
        for item in items:
            lines += _measured(item) if _numbers(item) else _kind(item)
    return lines


def _kind(item: "Item") -> list[str]:
    """Return a line on a kind, and one a parameter."""
    parameters = [f"      {parameter}" for parameter in _parameters(item)]
    return [f"  {item['name']}: {item['what']}", *parameters]


def _measured(item: "Item") -> list[str]:
    """Return a line of what was measured, one on what it is, and one each on where it is from."""
    numbers = ", ".join(f"{key} {cell}" for key, cell in _numbers(item).items())
    return [
        f"  {item['name']}: {numbers}",
        *(f"      {text}" for text in (item["what"], *_provenance(item))),
    ]


def _provenance(item: "Item") -> list[str]:
    """Return on what a profile was measured, if that is known, and its source, or a table's."""
    from strag_sim.scenario.catalogue import measured_on

    if "accuracy" in item:
        texts = [item["accuracy"]["source"], item["accuracy"]["note"]]
    elif "measured" in item:
        texts = [measured_on(item["measured"]), item["measured"]["source"]]
    else:
        texts = []
    return [text for text in texts if text]


def _parameters(item: "Item") -> list[str]:
    """Return a line a parameter."""
    return [
        f"{each['name']}: {each['type']}"
        + ("" if each["required"] or each["default"] is None else f" = {_yaml(each['default'])}")
        + (" (required)" if each["required"] else "")
        for each in item["parameters"]
    ]


def _yaml(default: object) -> str:
    """Return a default as a scenario has it."""
    if isinstance(default, bool):
        return str(default).lower()
    return str(list(default)) if isinstance(default, tuple) else str(default)
