"""``strag-sim schema``: what editors need to complete and check scenarios."""

import click

from strag_sim.cli.new import write


@click.command()
@click.option("-o", "--output", metavar="FILE", help="Write a file instead of standard output.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
def schema(output: str | None, force: bool) -> None:
    """Print the JSON Schema of scenario files.

    Editors with the YAML language server use it where the first line of a scenario is
    `# yaml-language-server: $schema=scenario.schema.json`.
    """
    import json

    from strag_sim.scenario import schema as scenario_schema

    text = json.dumps(scenario_schema(), indent=2) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        write(text, output, force=force)
