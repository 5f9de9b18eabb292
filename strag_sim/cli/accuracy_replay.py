"""``strag-sim accuracy replay``: the requests of a result, answered by the trained models."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from strag_sim.cli.accuracy_room import DATA, room
from strag_sim.errors import ResultError

if TYPE_CHECKING:
    from strag_sim.accuracy import Replayed
    from strag_sim.results import Result


@click.command()
@click.argument("result", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.argument("models", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER")
@DATA
@click.option("--policy", metavar="LABEL", help="Of the result.  [default: all with a table]")
def replay(result: Path, models: Path, data: str, policy: str | None) -> None:
    """Answer the requests of the result in DIR with the models in FOLDER, on real images.

    Each request gets a test image; what had returned of its group is decoded, and the answer is
    compared with the image's class. So the accuracy that the simulation charged meets what comes
    out. DIR must hold requests: strag-sim run SCENARIO --record requests.
    """
    from strag_sim.accuracies import read_accuracy
    from strag_sim.results import Result

    trained = room()
    images = trained.images(data)
    opened = Result.open(result)
    requests = opened.requests()
    rows = []
    for label, table in _tables(opened, policy).items():
        of_policy = requests[requests["label"] == label]
        found = trained.replay(of_policy, read_accuracy(table), images, models)
        rows += [(label, each) for each in found]
    click.echo(_table(rows))


def _tables(result: "Result", policy: str | None) -> dict[str, str]:
    """Return the table of each policy that has one, by label; of the one that is asked for."""
    import strag_sim

    if policy is not None:
        result.known(policy)
    scenario = strag_sim.load(Path(str(result.folder)) / "scenario.yaml")
    found = {
        str(each.label): str(table)
        for each in scenario.policies
        if (table := getattr(each.policy, "accuracy", None)) and policy in (None, each.label)
    }
    if not found:
        of = f"the policy {policy!r}" if policy else "no policy"
        verb = "has no" if policy else "has a"
        raise ResultError(
            f"{result.folder}: {of} {verb} table of accuracies; give it one in the scenario, such "
            "as accuracy: digits-collage-3"
        )
    return found


def _table(rows: "list[tuple[str, Replayed]]") -> str:
    """Return a line for each policy and way to an answer, in per cent."""
    from strag_sim.cli.columns import NONE, aligned

    head = ("policy", "by", "answers", "charged", "table's interval", "actual", "its interval", "")
    lines = [head]
    for label, each in rows:
        lines.append(
            (
                label,
                each.way,
                f"{each.answers:,}",
                _per_cent(each.charged),
                NONE if math.isnan(each.low) else _interval(each.low, each.high),
                _per_cent(each.actual.value),
                _interval(each.actual.low, each.actual.high),
                NONE if math.isnan(each.low) else "inside" if each.inside else "outside",
            )
        )
    return aligned(lines)


def _interval(low: float, high: float) -> str:
    """Return an interval in per cent."""
    return f"{_per_cent(low)} to {_per_cent(high)}"


def _per_cent(share: float) -> str:
    """Return a share in per cent, a dash where it is not known."""
    return "-" if math.isnan(share) else f"{100 * share:.1f}"
