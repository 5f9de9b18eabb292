"""``strag-sim show``: a scenario as it will be run."""

import click


@click.command()
@click.argument("scenario")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a value of the scenario, such as policies.1.copies=3; repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
def show(scenario: str, overrides: tuple[str, ...], as_json: bool) -> None:
    """Print SCENARIO with every default filled in; `run` takes the output as it is."""
    from strag_sim.scenario import dump, load, plain

    loaded = load(scenario, overrides=overrides)
    if as_json:
        import json

        click.echo(json.dumps(plain(loaded), indent=2))
    else:
        click.echo(dump(loaded), nl=False)
