"""``strag-sim validate``: everything that is wrong with scenario files, at once."""

from typing import TypedDict

import click

from strag_sim.errors import ScenarioError


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@click.pass_context
def validate(ctx: click.Context, files: tuple[str, ...], as_json: bool) -> None:
    """Check scenario files; exit code 2 if any is wrong.

    A policy that a file names as module:Class is imported, which runs that module.
    """
    reports = [_report(file) for file in files]
    if as_json:
        import json

        click.echo(json.dumps(reports, indent=2))
    for report in reports if not as_json else []:
        for problem in report["problems"]:
            click.echo(problem, err=True)
        if report["valid"]:
            click.echo(f"{report['file']}: valid: {', '.join(report['policies'])}")
    if not all(report["valid"] for report in reports):
        ctx.exit(2)


class Report(TypedDict):
    """What is known about a file after the check."""

    file: str
    valid: bool
    policies: list[str]
    problems: list[str]


def _report(file: str) -> Report:
    """Return what is known about a file after the check."""
    from strag_sim.scenario import load

    try:
        scenario = load(file)
    except ScenarioError as error:
        return {"file": file, "valid": False, "policies": [], "problems": list(error.problems)}
    labels = [entry.label or entry.kind for entry in scenario.policies]
    return {"file": file, "valid": True, "policies": labels, "problems": []}
