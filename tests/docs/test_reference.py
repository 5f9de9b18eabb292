"""docs/reference is what the code generates, and the code says what each key and column means."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from strag_sim.scenario import schema
from strag_sim.scenario.meanings import meaning_of, meanings, models_of

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = sorted((DOCS / "reference").glob("*.md"))


@pytest.fixture
def generate(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return docs/generate.py as a module."""
    monkeypatch.syspath_prepend(DOCS)
    return importlib.import_module("generate")


@pytest.mark.parametrize("page", REFERENCE, ids=lambda page: page.stem)
def test_the_reference_is_current(page: Path, generate: ModuleType) -> None:
    """A page is what ``make site`` writes, line by line."""
    written = generate.PAGES[page.name]()

    assert page.read_text(encoding="utf-8").splitlines() == written.splitlines()


def test_every_page_is_there(generate: ModuleType) -> None:
    """Each page that the code generates is in the folder."""
    assert {page.name for page in REFERENCE} == set(generate.PAGES)


def keys() -> Iterator[tuple[str, str]]:
    """Yield the model and the name of every key of a scenario, less the ``kind`` of a family."""
    for model, node in models_of(schema(), "scenario"):
        for key, says in node["properties"].items():
            if not (key == "kind" and "const" in says):
                yield model, key


def test_every_key_has_a_meaning() -> None:
    """Each key of the schema is described, for editors as for the reference."""
    unknown = [(model, key) for model, key in keys() if meaning_of(model, key) is None]

    # The kind of a policy of one's own, which the schema describes as a whole.
    assert unknown == [("", "kind")]


def test_every_meaning_has_a_key() -> None:
    """Nothing is described that is not there: a key that was renamed leaves no old one behind."""
    used = {(found[0], key) for model, key in keys() if (found := meaning_of(model, key))}
    written = {(section, key) for section, known in meanings().items() for key in known}

    assert written == used


def test_editors_are_told() -> None:
    """The schema has the meaning of a key, with its bounds and what holds where it is left out."""
    known = schema()["definitions"]["policy-relaunch"]["properties"]["timeout"]
    cancel = schema()["properties"]["cancel"]

    assert known["description"] == (
        "Time after which an attempt is stopped, from its release (above 0)."
    )
    assert cancel["description"].endswith("no longer needed. Unless given: queued.")


def test_a_column_without_a_meaning_is_refused(generate: ModuleType) -> None:
    """A table with a column that columns.yaml does not know makes no page."""
    columns = importlib.import_module("pages.columns")
    frame = columns.tables()["tail"].assign(new=1.0)

    with pytest.raises(KeyError, match="tail.new has no meaning"):
        list(columns.rows_of("tail", frame, columns.meanings()))


def test_every_described_column_is_there(generate: ModuleType) -> None:
    """columns.yaml describes no column that tables do not have."""
    columns = importlib.import_module("pages.columns")
    tables = columns.tables()

    for name, known in columns.meanings().items():
        frames = tables.values() if name == "everywhere" else [tables[name]]
        assert set(known) <= {column for frame in frames for column in frame}, name
