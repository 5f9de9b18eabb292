"""What the documents say is so: their code runs, their scenarios load, their links lead somewhere.

In a fenced block, ``python NAME`` and ``yaml NAME`` are files, written before what follows is run;
other ``python`` runs, other ``yaml`` must load (a fragment: put into a minimal scenario), of ``sh``
the lines ``strag-sim ...`` and ``python FILE`` run, and a ``text`` block is what the block before
it prints, in which a line ``...`` stands for any lines.
"""

import contextlib
import io
import re
import runpy
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from strag_sim.cli import main
from strag_sim.scenario import load

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
            wanted = [".*" if line == "..." else re.escape(line) for line in trimmed(text)]
            if ".*" in wanted:
                assert re.fullmatch("\n".join(wanted), "\n".join(trimmed(self.printed)), re.DOTALL)
            else:
                assert trimmed(self.printed) == trimmed(text)

    def command(self, text: str) -> None:
        """Run the lines that call strag-sim or a file of Python; look up those that call make."""
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        for line in text.splitlines():
            program, *arguments = shlex.split(line, comments=True) or [""]
            if program == "strag-sim":
                done = CliRunner().invoke(main, arguments, catch_exceptions=False)
                assert done.exit_code == 0, done.output
                self.printed = done.stdout
            elif program == "python":
                runpy.run_path(*arguments)
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
