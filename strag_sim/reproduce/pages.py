"""A reproduction as files: a page, its tables as CSV, and its figure."""

import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

from strag_sim import plots
from strag_sim.compare.texts import ratio
from strag_sim.errors import ResultError
from strag_sim.reproduce.claims import Finding, Reproduction
from strag_sim.whole import whole

HEAD = "| claim | the paper says | simulated here | setting | inside? |\n|---|---|---|---|---|"
KEY = (
    "In parentheses the 95 % confidence interval over runs, paired where two policies are "
    "compared. **inside**: all of the interval is in the paper's range, or covers the paper's one "
    "number; overlaps: a part of it is."
)
CLAIMS = "claims"


def write(found: Reproduction, folder: Path, command: str) -> list[Path]:
    """Write a reproduction into a folder, each file whole, and return what was written.

    ``README.md`` is the page, ``claims.csv`` its table, ``figure.pdf`` and ``figure.png`` its
    figure; other tables have their own names. ``command`` is what made it, as one would type it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = [_text(folder / "README.md", page(found, command))]
        for name, table in {CLAIMS: found.table(), **found.tables}.items():
            paths.append(_text(folder / f"{name}.csv", table.to_csv(index=False)))
    except OSError as error:
        reason = error.strerror or error
        raise ResultError(f"{folder}: cannot write the page: {reason}") from error
    figure = plots.figure_of(found.draw)
    for ending in ("pdf", "png"):
        paths.append(folder / f"figure.{ending}")
        plots.write(figure, paths[-1])
    return paths


def page(found: Reproduction, command: str) -> str:
    """Return the page of a reproduction, in Markdown."""
    names = ", ".join(f"`{name}.csv`" for name in (CLAIMS, *found.tables))
    parts = [
        f"# {found.title}",
        found.about,
        f"Simulated by strag-sim {importlib.metadata.version('strag-sim')}:\n\n```\n{command}\n```",
        "\n".join([HEAD, *(_row(each) for each in found.findings)]),
        KEY,
        f"![{found.caption}](figure.png)",
        f"*{found.caption}*",
        *_conditions(found),
        f"The numbers: {names}.",
    ]
    return "\n\n".join(parts) + "\n"


def _conditions(found: Reproduction) -> Iterator[str]:
    """Yield what would have to be true, under a heading; nothing where all is met."""
    if found.conditions:
        yield "## What would have to be true"
        yield from found.conditions


def _row(each: Finding) -> str:
    """Return a line of the table."""
    verdict = f"**{each.verdict}**" if each.verdict == "inside" else each.verdict
    simulated = ratio(each.value, each.low, each.high)
    return f"| {each.claim.what} | {each.claim.paper} | {simulated} | {each.setting} | {verdict} |"


def _text(path: Path, text: str) -> Path:
    """Write a text file whole."""
    with whole(path) as file:
        file.write(text.encode())
    return path
