"""``strag-sim new``: a commented scenario to start from."""

from pathlib import Path

import click

from strag_sim.errors import ScenarioError


@click.command()
@click.argument("template", default="basic")
@click.option("-o", "--output", metavar="FILE", help="Write a file instead of standard output.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
def new(template: str, output: str | None, force: bool) -> None:
    """Print a commented scenario to start from: TEMPLATE is basic unless given.

    `strag-sim list scenarios` tells which there are.
    """
    from strag_sim.scenario.starters import starter

    text = starter(template)
    if output is None:
        click.echo(text, nl=False)
    else:
        write(text, output, force=force)


def write(text: str, output: str, *, force: bool) -> None:
    """Write a text file; one that exists only by force."""
    try:
        with Path(output).open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ScenarioError(f"{output}: exists already; --force overwrites it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(f"{output}: cannot be written: {reason}") from None
    click.echo(f"wrote {output}", err=True)
