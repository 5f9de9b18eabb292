"""Tables of accuracies are found, checked, written, and refused with one clear message."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strag_sim import accuracies
from strag_sim.accuracies import read_accuracy, table_of, write_accuracy
from strag_sim.errors import AccuracyError, ScenarioError
from strag_sim.shelf import digest

SET = {"returned": [0, 2], "value": 0.8, "low": 0.7, "high": 0.9, "agreement": 0.85}
CONTENT: dict[str, Any] = {
    "format": 1,
    "name": "tiny",
    "title": "Three numbers.",
    "source": "This test.",
    "note": "None of them was measured.",
    "code": {"kind": "parity", "inputs": 2, "tasks": 3, "parities": 1, "encoder": "sum"},
    "charges": "missing",
    "data": "digits",
    "data_hash": "0123",
    "model": {"name": "small", "epochs": 3},
    "seeds": [1, 2, 3],
    "command": "none",
    "date": "2026-11-28",
    "uncoded": {"value": 0.99, "low": 0.98, "high": 1},
    "sets": [{**SET, "places": [None, 0.8]}],
    "numbers": [{"returned": 2, "value": 0.75, "low": None, "high": None, "agreement": None}],
}


def written(path: Path, **keys: Any) -> str:
    """Write a table by hand, with these keys changed, and return its path."""
    path.write_text(json.dumps({**CONTENT, **keys}), encoding="utf-8")
    return str(path)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """Every key comes back; the checksum stands in the file."""
    table = table_of(CONTENT)
    write_accuracy(table, tmp_path / "tiny.json")

    read = read_accuracy("tiny.json", folder=tmp_path)

    assert read == table
    assert (read.name, read.inputs, read.tasks, read.least) == ("tiny", 2, 3, 2)
    assert (read.charges, read.sets[0].places) == ("missing", (None, 0.8))
    assert read.uncoded is not None
    assert (read.uncoded.value, read.uncoded.low, read.uncoded.agreement) == (0.99, 0.98, None)
    stored = json.loads((tmp_path / "tiny.json").read_text())
    assert stored == {**CONTENT, "sha256": digest(CONTENT)}
    assert {key: read.content[key] for key in CONTENT} == CONTENT


def test_a_file_by_hand_needs_no_checksum(tmp_path: Path) -> None:
    """One that has it must fit it: what was changed since is found."""
    path = tmp_path / "tiny.json"

    assert read_accuracy(written(path)).name == "tiny"
    assert read_accuracy(written(path, sha256=digest(CONTENT))).name == "tiny"
    with pytest.raises(AccuracyError, match="fit its sha256"):
        read_accuracy(written(path, sha256=digest(CONTENT), title="Three others."))


def test_a_file_that_changes_is_read_anew(tmp_path: Path) -> None:
    """What was read is kept by its content, not by its name."""
    path = tmp_path / "tiny.json"

    titles = [read_accuracy(written(path, title=title)).title for title in ("One.", "Two.")]

    assert titles == ["One.", "Two."]


@pytest.mark.parametrize(
    ("keys", "phrase"),
    [
        ({"format": 2}, "hold format 1, but holds 2"),
        ({"name": ""}, "hold name as text, but holds ''"),
        ({"source": None}, "hold source as text, but holds None"),
        ({"set": []}, "hold no other keys than format, name, "),
        ({"code": 3}, "hold code as an object, but holds 3"),
        ({"code": {"kind": "turbo"}}, "hold code.kind as one of collage, lagrange, "),
        ({"code": {**CONTENT["code"], "inputs": 0}}, "hold code.inputs as a whole number from 1"),
        (
            {"code": {**CONTENT["code"], "tasks": 64}},
            "hold code.tasks as a whole number from 1 to 63",
        ),
        ({"code": {**CONTENT["code"], "at": [1]}}, "hold code.at as a text, a number, "),
        (
            {"code": {**CONTENT["code"], "parities": "1"}},
            "hold code.parities as a whole number >= 0",
        ),
        ({"code": {**CONTENT["code"], "encoder": 1}}, "hold code.encoder as text, but holds 1"),
        ({"charges": "some"}, "hold charges as all or missing, but holds 'some'"),
        ({"seeds": [0.5]}, "hold seeds as a list of whole numbers, but holds [0.5]"),
        ({"model": 3}, "hold model as text or an object, but holds 3"),
        ({"date": "yesterday"}, "state its date as ISO, such as 2026-11-28T"),
        ({"uncoded": 0.9}, "hold uncoded as an object or null, but holds 0.9"),
        ({"uncoded": {"value": 1.2}}, "hold uncoded.value as a share from 0 to 1, but holds 1.2"),
        ({"sets": {}}, "hold sets as a list of objects, but holds {}"),
        ({"sets": [], "numbers": []}, "hold at least one entry in sets, bins or numbers"),
        (
            {"sets": [SET, {**SET, "returned": [2, 0]}]},
            "but sets[0] and sets[1] are about the same",
        ),
        ({"numbers": [{"returned": 4, "value": 1}]}, "hold numbers[0].returned as a whole number "),
        ({"numbers": [{"returned": True, "value": 1}]}, "from 1 to 3, but holds True"),
        ({"numbers": [{"returned": 2}]}, "hold numbers[0].value as a share from 0 to 1, but holds"),
    ],
)
def test_wrong_content(tmp_path: Path, keys: dict[str, Any], phrase: str) -> None:
    """The message names the file, the place in it, what it holds and what is allowed."""
    path = written(tmp_path / "tiny.json", **keys)

    with pytest.raises(AccuracyError) as caught:
        read_accuracy(path)

    assert str(caught.value).startswith(f"accuracy: {path!r} is not allowed; a table of accuracies")
    assert phrase in str(caught.value)
    assert isinstance(caught.value, ScenarioError)


@pytest.mark.parametrize(
    ("keys", "phrase"),
    [
        ({"returned": []}, "hold sets[0].returned with at least one task, and each once"),
        ({"returned": [0, 0]}, "and each once, but holds [0, 0]"),
        ({"returned": [0, 3]}, "hold sets[0].returned as a list of tasks from 0 to 2, but holds"),
        ({"returned": 2}, "hold sets[0].returned as a list of tasks from 0 to 2, but holds 2"),
        (
            {"value": 80},
            "as a share from 0 to 1, but holds 80 (a share, not per cent)",
        ),
        ({"value": "0.8"}, "hold sets[0].value as a share from 0 to 1, but holds '0.8'"),
        ({"value": True}, "hold sets[0].value as a share from 0 to 1, but holds True"),
        ({"low": None}, "hold sets[0].low and sets[0].high both, or neither"),
        ({"low": 0.85}, "hold sets[0].value between low and high, but 0.8 is not in 0.85 to 0.9"),
        ({"agreement": -0.1}, "hold sets[0].agreement as a share from 0 to 1, but holds -0.1"),
        ({"places": [0.8]}, "hold sets[0].places as 2 shares from 0 to 1 or null, one for each"),
        ({"places": [0.8, 2]}, "hold sets[0].places as 2 shares from 0 to 1 or null, one for each"),
    ],
)
def test_wrong_sets(tmp_path: Path, keys: dict[str, Any], phrase: str) -> None:
    """Every entry of a set is checked, and named with its place in the list."""
    path = written(tmp_path / "tiny.json", sets=[{**SET, **keys}])

    with pytest.raises(AccuracyError) as caught:
        read_accuracy(path)

    assert phrase in str(caught.value)


LAGRANGE = {"kind": "lagrange", "inputs": 2, "tasks": 3}
BIN = {"gain": [1, 2], "value": 0.8}


@pytest.mark.parametrize(
    ("code", "bins", "phrase"),
    [
        (LAGRANGE, [{**BIN, "gain": 1}], "hold bins[0].gain as two numbers, but holds 1"),
        (LAGRANGE, [{**BIN, "gain": [2, 1]}], "of which the first is smaller, but holds [2, 1]"),
        (LAGRANGE, [{**BIN, "gain": [1, "2"]}], "hold bins[0].gain as two numbers, but holds"),
        (LAGRANGE, [BIN, {**BIN, "gain": [3, 4]}, BIN], "but bins[0] and bins[2] do"),
        (LAGRANGE, [{"gain": [1, 2]}], "hold bins[0].value as a share from 0 to 1"),
        ({**LAGRANGE, "kind": "collage"}, [BIN], "hold no bins of gain for code.kind collage"),
        ({**LAGRANGE, "kind": "berrut"}, [BIN], "hold code.stragglers, so that gains can be"),
        ({**LAGRANGE, "points": "odd"}, [BIN], "hold as code one that there is (points: 'odd'"),
        (
            {"kind": "berrut", "inputs": 2, "tasks": 4, "stragglers": 1},
            [BIN],
            "hold code.tasks 3, as the rest of code says, not 4",
        ),
    ],
)
def test_wrong_bins(tmp_path: Path, code: Any, bins: Any, phrase: str) -> None:
    """Bins have two ends in order, do not overlap, and need a code that has gains."""
    path = written(tmp_path / "tiny.json", code=code, sets=[], numbers=[], bins=bins)

    with pytest.raises(AccuracyError) as caught:
        read_accuracy(path)

    assert phrase in str(caught.value)


ENSEMBLE = {"kind": "ensemble", "inputs": 1, "tasks": 3, "combiner": "majority"}


def test_an_ensemble(tmp_path: Path) -> None:
    """It is known by its members, and how they are combined."""
    sets = [{"returned": [0, 2], "value": 0.8}, {"returned": [0, 1, 2], "value": 0.9}]

    table = read_accuracy(written(tmp_path / "t.json", code=ENSEMBLE, sets=sets, numbers=[]))

    assert (table.kind, table.inputs, table.tasks, table.least) == ("ensemble", 1, 3, 2)
    assert table.accuracy(np.array([0b101, 0b111]), np.array([0, 0])).tolist() == [0.8, 0.9]


@pytest.mark.parametrize(
    ("keys", "phrase"),
    [
        ({"inputs": 2}, "hold code.inputs 1 for an ensemble, whose members answer each request"),
        ({"combiner": "mean"}, "hold code.combiner as one of average, majority, weighted, but"),
        ({"combiner": None}, "hold code.combiner as one of average, majority, weighted, but"),
        ({"combiner": ["average"]}, "hold code.combiner as"),
    ],
)
def test_wrong_ensembles(tmp_path: Path, keys: dict[str, Any], phrase: str) -> None:
    """An ensemble says how it is combined, and has one request a group."""
    path = written(tmp_path / "t.json", code={**ENSEMBLE, **keys}, sets=[])

    with pytest.raises(AccuracyError) as caught:
        read_accuracy(path)

    assert phrase in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "phrase"),
    [
        (b"", "be JSON, but is not"),
        (b'{"format": 1', "is the file cut short?"),
        (b"[1]", "be a JSON object with the keys of a table"),
        (b'{"format": NaN}', "NaN is no JSON number"),
        (b"[" * 100_000, "be JSON, but is not"),
        (b"\xff", "be JSON, but is not"),
    ],
)
def test_no_json(tmp_path: Path, raw: bytes, phrase: str) -> None:
    """Neither what is no JSON nor what is no object is a table."""
    (tmp_path / "tiny.json").write_bytes(raw)

    with pytest.raises(AccuracyError) as caught:
        read_accuracy("tiny.json", folder=tmp_path)

    assert phrase in str(caught.value)


def test_missing(tmp_path: Path) -> None:
    """A path that leads nowhere, and a name that no table has, with the nearest one that has."""
    with pytest.raises(AccuracyError, match="be a file that can be read .No such file"):
        read_accuracy("none.json", folder=tmp_path)
    with pytest.raises(AccuracyError, match="did you mean 'parm-cifar-10-2'"):
        read_accuracy("parm-cifar-10")


def test_a_table_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """The old file stays, and no part of the new one."""
    (tmp_path / "tiny.json").mkdir()

    with pytest.raises(OSError, match=r"tiny\.json"):
        write_accuracy(table_of(CONTENT), tmp_path / "tiny.json")

    assert [path.name for path in tmp_path.iterdir()] == ["tiny.json"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=4,
)


@given(key=st.sampled_from(sorted(CONTENT)), value=VALUES)
def test_whatever_stands_there_is_taken_or_refused(key: str, value: Any) -> None:
    """A key with any value makes a table or an AccuracyError, and nothing else."""
    try:
        table = table_of({**CONTENT, key: value})
    except AccuracyError:
        return
    assert table.content[key] == value


def test_names() -> None:
    """Shipped files are named as the tables in them, and fit their checksums."""
    for name in accuracies.names():
        table = read_accuracy(name)
        assert table.name == name
        assert table.content["sha256"] == table.sha256
