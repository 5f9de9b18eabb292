"""The house rules that no linter knows: sizes, words, scenarios, and a quick start."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from strag_sim.scenario import load

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "strag_sim"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SCENARIOS = sorted(
    [
        *(ROOT / "scenarios").glob("*.yaml"),
        *PACKAGE.rglob("starters/*.yaml"),
        *PACKAGE.glob("reproduce/scenarios/*/*.yaml"),
    ]
)

LONGEST_FILE, LONGEST_TEST, LONGEST_INIT, LONGEST_FUNCTION = 300, 400, 60, 40
# One loop that is read from top to bottom, in the order of an instant.
LONG_FILES = {"strag_sim/engines/compiled.py"}
LONG_FUNCTIONS = {
    "compiled.loop": "the order of an instant, whole; its parts would be handed thirty arrays",
    "draws.draws": "one entry a table of the plan, side by side",
    "shape.__post_init__": "a table of what no engine could run, one row a fault",
}
# Words that the glossary gives to nothing, because readers of different fields mean different
# things by them: a run is no replicate, a worker no replica, a request no query.
BANNED = {"replica", "replicas", "replicate", "replicates", "latency", "latencies", "query"}
# Files that are named after what they are not.
NAMELESS = re.compile(r"(utils?|helpers?|common|misc|base_.*|.*_base|.*_registry)\.py")
# Who may make a generator of random numbers: a plan, and where nothing is drawn from it.
GENERATORS = {
    "strag_sim/accuracy/seeds.py",  # torch's, for training, which has no plan
    "strag_sim/plan/streams.py",
    "strag_sim/scenario/scripts.py",
}


def name_of(path: Path) -> str:
    """Return a file's name as the repository has it."""
    return path.relative_to(ROOT).as_posix()


def filled(path: Path) -> int:
    """Return how many lines of a file are not blank."""
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())


def identifiers(path: Path) -> Iterator[str]:
    """Yield every name that a file gives to something."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each function of a file with its lines of code, docstring and comments left out."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            code = lines[body[0].lineno - 1 : node.end_lineno] if body else []
            yield (
                f"{path.stem}.{node.name}",
                sum(bool(re.match(r"\s*[^\s#]", line)) for line in code),
            )


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name_of)
def test_files_are_short(path: Path) -> None:
    """A file is read in one sitting; the exceptions are listed above, with their reason."""
    limit = LONGEST_FILE if path in SOURCES else LONGEST_TEST
    if path.name == "__init__.py":
        limit = LONGEST_INIT

    assert filled(path) <= limit or name_of(path) in LONG_FILES


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_functions_are_short(path: Path) -> None:
    """A function does one thing; the exceptions are listed above, with their reason."""
    long = {name: lines for name, lines in functions(path) if lines > LONGEST_FUNCTION}

    assert not set(long) - set(LONG_FUNCTIONS), long


def test_exceptions_are_needed() -> None:
    """An exception that is no longer needed is dropped from the lists above."""
    long = {name for path in SOURCES for name, lines in functions(path) if lines > LONGEST_FUNCTION}

    assert set(LONG_FUNCTIONS) == long
    assert all(filled(ROOT / name) > LONGEST_FILE for name in LONG_FILES)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_words(path: Path) -> None:
    """Identifiers use the words of the glossary, and files are named after what they hold."""
    words = {word for name in identifiers(path) for word in name.lower().split("_")}

    assert not words & BANNED
    assert not NAMELESS.fullmatch(path.name)


def test_all_random_numbers_are_drawn_in_the_plan() -> None:
    """No other module makes a generator: whoever draws is handed one."""
    makers = {
        name_of(path)
        for path in SOURCES
        if re.search(r"default_rng\(|SeedSequence\(|Generator\(|PCG64\(", path.read_text("utf-8"))
    }

    assert makers == GENERATORS


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenarios(path: Path) -> None:
    """Every shipped scenario is valid, and opens with a comment on what it is for."""
    first = path.read_text(encoding="utf-8").splitlines()[0]

    assert re.match(r"# \w", first)
    assert load(path).setups()


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*.yaml")), ids=lambda p: p.stem)
def test_scenarios_say_what_they_show(path: Path) -> None:
    """The comment of a shipped scenario says what a run of it shows; its name is the file's."""
    assert "# What it shows: " in path.read_text(encoding="utf-8")
    assert load(path).name == path.stem.replace("_", "-")


def test_help_imports_nothing_heavy() -> None:
    """``strag-sim --help`` answers at once: no library of numbers, tables or figures is loaded."""
    heavy = {"numpy", "scipy", "pandas", "pydantic", "yaml", "numba", "simpy", "matplotlib", "rich"}
    program = "from strag_sim.cli import main; main(['--help'])"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", program],
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}

    assert "Usage: " in done.stdout
    assert "click" in imported
    assert not {name.partition(".")[0] for name in imported} & heavy
