"""``strag-sim reproduce``: hold the claims of a published system beside what is simulated."""

from pathlib import Path

import click

NAMES = ("collage", "coded", "ensemble", "parity")


@click.command()
@click.argument("name", metavar="SYSTEM", type=click.Choice(NAMES))
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where the page, its tables and its figure go.  [default: results/reproduce/SYSTEM]",
)
@click.option("--runs", type=click.IntRange(2), help="Runs of each setting, in place of its own.")
@click.option("--jobs", type=click.IntRange(1), help="Processes.  [default: one a core]")
def reproduce(name: str, folder: Path | None, runs: int | None, jobs: int | None) -> None:
    """Simulate the settings of a published SYSTEM, and say which of its claims hold here.

    SYSTEM is collage (Narra et al., ICDCS 2020), coded (Tang et al., 2023), ensemble (Pochelu et
    al., IEEE Big Data 2021) or parity (Kosaian et al., SOSP 2019). Prints the claims, what is
    simulated with its interval, and whether it is inside; writes a page of it. Takes minutes.
    """
    # Imported here, so that help and the other commands start at once.
    from strag_sim import reproduce as room
    from strag_sim.cli.columns import aligned
    from strag_sim.compare.texts import ratio

    found = room.reproduce(name, runs=runs, jobs=jobs, tell=lambda text: click.echo(text, err=True))
    command = " ".join(["strag-sim reproduce", name, *([f"--runs {runs}"] if runs else [])])
    written = room.write(found, folder or Path("results/reproduce") / name, command)
    rows = [
        (each.claim.what, each.setting, ratio(each.value, each.low, each.high), each.verdict)
        for each in found.findings
    ]
    click.echo(aligned([("claim", "setting", "simulated", "inside?"), *rows]))
    click.echo(f"Page: {written[0]}")
