"""What the documents say is so: their code runs, their scenarios load, their tables are complete.

In a fenced block, ``python NAME`` and ``yaml NAME`` are files, written before what follows is run;
other ``python`` runs, other ``yaml`` must load (a fragment: put into a minimal scenario), of ``sh``
the lines ``strag-sim ...`` run, and a ``text`` block is what the block before it prints.
"""

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

import strag_sim
from strag_sim.cli import main
from strag_sim.scenario import load, schema
from strag_sim.scenario.models import OVERRIDES

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUNNABLE = [page for page in PAGES if "\n```" in page.read_text(encoding="utf-8")]
FENCE = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MINIMAL = {
    "arrivals": {"kind": "poisson", "rate": 1},
    "service": {"kind": "exponential", "mean": "10 ms"},
    "workers": {"count": 10},
    "policies": [{"kind": "none"}],
}


@dataclass
class Page:
    """A document that is run: what its blocks have defined so far, and what the last printed."""

    names: dict[str, Any] = field(default_factory=dict)
    printed: str = ""

    def run(self, kind: str, name: str, text: str) -> None:
        """Run one block, in the current folder."""
        if name:
            Path(name).write_text(text, encoding="utf-8")
        elif kind == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(text, "block", "exec"), self.names)
            self.printed = out.getvalue()
        elif kind == "yaml":
            load({**MINIMAL, **yaml.safe_load(text)})
        elif kind == "sh":
            self.command(text)
        elif kind == "text":
            assert trimmed(self.printed) == trimmed(text)

    def command(self, text: str) -> None:
        """Run the lines that call strag-sim; look up those that call make."""
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        for line in text.splitlines():
            program, *arguments = shlex.split(line, comments=True) or [""]
            if program == "strag-sim":
                done = CliRunner().invoke(main, arguments, catch_exceptions=False)
                assert done.exit_code == 0, done.output
                self.printed = done.stdout
            elif program == "make":
                assert set(arguments) <= set(targets)


def blocks(page: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the kind, the name and the text of each fenced block of a page."""
    for match in FENCE.finditer(page.read_text(encoding="utf-8")):
        yield match[1], match[2], match[3]


def trimmed(text: str) -> list[str]:
    """Return the lines of a text without blanks at their ends, and blank lines around them."""
    return [line.rstrip() for line in text.strip("\n").splitlines()]


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.stem)
def test_blocks_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that a page shows can be typed in, and prints what the page says."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)  # as where Python is started
    running = Page()

    for kind, name, text in blocks(page):
        running.run(kind, name, text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and figure of a page is a file of the repository."""
    links = re.findall(r"\]\(([^)#:]+)[)#]", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_key_of_a_scenario_is_documented() -> None:
    """The reference has a row for every key that the schema knows, and for no other."""
    document = schema()
    definitions = document["definitions"]
    keys = set(document["properties"])
    for name in ("Workers", "WorkerGroup", "Batch", "Input", "Network", "Master", "Precision"):
        keys |= set(definitions[name]["properties"])
    for name in ("DeviceGroup", "JobKeys"):
        keys |= set(definitions[name]["properties"])
    keys |= set(document["properties"]["models"]["additionalProperties"]["properties"])
    keys |= set(OVERRIDES)
    text = (ROOT / "docs/scenario.md").read_text(encoding="utf-8")

    rows = set(re.findall(r"^\| `([a-z_]+)`", text, re.MULTILINE))

    assert rows == keys


def test_every_column_is_documented() -> None:
    """The page on results has a row for every column of every table, and for no other."""
    tables = {
        "summary": lambda result: result.summary(),
        "runs": lambda result: result.runs(),
        "tail": lambda result: result.tail(),
        "course": lambda result: result.course(),
        "pairs": lambda result: result.pairs(),
        "attribution": lambda result: result.attribution(),
        "requests": lambda result: result.requests(),
        "tasks": lambda result: result.tasks(),
    }
    scenario = load({**MINIMAL, "runs": 2, "requests": 20})
    result = strag_sim.simulate(scenario, record="tasks", attribution=True)
    columns = {column for table in tables.values() for column in table(result)}
    text = (ROOT / "docs/results.md").read_text(encoding="utf-8")

    rows = {
        name
        for line in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
        for name in re.findall(r"`([a-z0-9_]+)`", line)
    }

    estimates = {name for name in columns if re.fullmatch(r".*_(low|high)", name)}
    assert rows == columns - estimates
    assert {re.sub("_(low|high)$", "", name) for name in estimates} <= rows


def test_the_list_of_kinds_is_current() -> None:
    """docs/kinds.md is what ``make docs`` writes."""
    namespace: dict[str, Any] = {"__name__": "generate"}
    exec((ROOT / "docs/generate.py").read_text(encoding="utf-8"), namespace)

    assert (ROOT / "docs/kinds.md").read_text(encoding="utf-8") == namespace["kinds"]()
