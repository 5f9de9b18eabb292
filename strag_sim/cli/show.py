"""``strag-sim show``: a scenario as it will be run, or what its policies send and encode."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from strag_sim.plan.carrying import Costs


@click.command()
@click.argument("scenario")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a value of the scenario, such as policies.1.copies=3; repeatable.",
)
@click.option(
    "--costs",
    "as_costs",
    is_flag=True,
    help="Print instead what each policy's tasks are sent, and what encoding and decoding take.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML or a table.")
def show(scenario: str, overrides: tuple[str, ...], as_costs: bool, as_json: bool) -> None:
    """Print SCENARIO with every default filled in; `run` takes the output as it is."""
    import json
    from dataclasses import asdict

    from strag_sim.scenario import dump, load, plain

    loaded = load(scenario, overrides=overrides)
    if as_costs:
        from strag_sim.plan.carrying import costs

        rows = [costs(setup) for setup in loaded.setups() if not setup.rivals]
        click.echo(json.dumps([asdict(row) for row in rows], indent=2) if as_json else _table(rows))
    elif as_json:
        click.echo(json.dumps(plain(loaded), indent=2))
    else:
        click.echo(dump(loaded), nl=False)


def _table(rows: "list[Costs]") -> str:
    """Return a line a policy: bytes and their time on the way, then encoding and decoding."""
    from strag_sim.cli.columns import NONE, aligned
    from strag_sim.units import readable, readable_bytes

    def sent(count: float | None, seconds: float | None = None) -> str:
        if count is None:
            return NONE
        return readable_bytes(count) + (f" in {readable(seconds)}" if seconds else "")

    def takes(seconds: float | None, where: str | None = None) -> str:
        if seconds is None:
            return NONE
        return readable(seconds) + (" at workers" if where == "workers" else "")

    head = ("policy", "own task", "redundant task", "per request", "encode", "decode")
    cells = [
        (
            row.label,
            sent(row.own_bytes, row.own_transfer),
            sent(row.redundant_bytes, row.redundant_transfer),
            sent(row.request_bytes),
            takes(row.encode, row.encode_at),
            takes(row.decode),
        )
        for row in rows
    ]
    return aligned([head, *cells])
