"""A reproduction as files: a page, its tables as CSV, and its figure."""

import importlib.metadata
from collections.abc import Iterator, Sequence
from pathlib import Path

from strag_sim import plots
from strag_sim.compare.texts import ratio
from strag_sim.errors import ResultError
from strag_sim.reproduce.claims import INSIDE, Finding, Reproduction
from strag_sim.reproduce.markdown import markdown
from strag_sim.results import write_file

# The table has a column a setting; with more of them than a page has room for, a line a finding.
MOST_COLUMNS = 6
LISTED = ("claim", "the paper says", "simulated here", "setting", "inside?")
KEY = (
    "In parentheses the 95 % confidence interval over runs, paired where two policies are "
    "compared. **inside**: all of the interval is in the paper's range, or covers the paper's one "
    "number; overlaps: a part of it is; not beyond: all of it is within what the paper calls the "
    "most, which says little."
)
CLAIMS = "claims"


def write(found: Reproduction, folder: Path, command: str) -> list[Path]:
    """Write a reproduction into a folder, each file whole, and return what was written.

    ``README.md`` is the page, ``claims.csv`` its table, ``figure.pdf`` and ``figure.png`` its
    figure; other tables have their own names. ``command`` is what made it, as one would type it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise ResultError(f"{folder}: cannot write the page: {reason}") from error
    texts = {"README.md": page(found, command)}
    for name, table_ in {CLAIMS: found.table(), **found.tables}.items():
        texts[f"{name}.csv"] = table_.to_csv(index=False)
    paths = [folder / name for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        write_file(path, text, "page")
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
        table(found.findings),
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


def table(findings: Sequence[Finding]) -> str:
    """Return the findings as a table in Markdown: a line a claim, a column a setting."""
    settings = list(dict.fromkeys(each.setting for each in findings))
    if len(settings) > MOST_COLUMNS:
        rows = [_listed(each) for each in findings]
        return markdown([LISTED, *rows])
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for each in findings:
        line = cells.setdefault((each.claim.what, each.claim.paper), {})
        line[each.setting] = f"{_simulated(each)} {_verdict(each)}"
    rows = [(*of, *(line.get(name, "") for name in settings)) for of, line in cells.items()]
    return markdown([(*LISTED[:2], *settings), *rows])


def _listed(each: Finding) -> tuple[str, ...]:
    """Return the cells of a finding's line."""
    return each.claim.what, each.claim.paper, _simulated(each), each.setting, _verdict(each)


def _simulated(each: Finding) -> str:
    """Return the estimate and its interval."""
    return ratio(each.value, each.low, each.high)


def _verdict(each: Finding) -> str:
    """Return the verdict, bold where it is inside."""
    return f"**{each.verdict}**" if each.verdict == INSIDE else each.verdict
