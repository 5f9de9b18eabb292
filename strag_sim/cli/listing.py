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
    "placements",
    "scenarios",
)


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
        table = Table(
            "name", "parameters", "what", title=name, title_justify="left", box=box.SIMPLE
        )
        for item in items:
            cells = (item["name"], "\n".join(_parameters(item)), item["what"])
            table.add_row(*map(Text, cells))  # as Text, for own[i] is no markup
        Console().print(table)


def _lines(found: "dict[str, list[Item]]") -> list[str]:
    """Return plain lines, for files and pipes."""
    lines = []
    for name, items in found.items():
        lines.append(name)
        for item in items:
            lines.append(f"  {item['name']}: {item['what']}")
            lines += [f"      {parameter}" for parameter in _parameters(item)]
    return lines


def _parameters(item: "Item") -> list[str]:
    """Return a line a parameter."""
    return [
        f"{each['name']}: {each['type']}"
        + ("" if each["required"] or each["default"] is None else f" = {each['default']}")
        + (" (required)" if each["required"] else "")
        for each in item["parameters"]
    ]
