"""Allocation matrices as CSV: a round trip, and what is said of a broken file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from placed import matrix

from strag_sim.ensembles import Allocation, read_allocation, write_allocation
from strag_sim.errors import AllocationError, ScenarioError


@st.composite
def matrices(draw):
    """Draw a matrix whose models have any names."""
    models = draw(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=5, unique=True))
    row = st.tuples(*[st.integers(0, 10**6)] * len(models))
    return Allocation(tuple(models), tuple(draw(st.lists(row, min_size=1, max_size=5))))


@given(matrices())
def test_a_round_trip_loses_nothing(tmp_path_factory, allocation):
    """Whatever the names are: commas, quotes, line ends."""
    path = tmp_path_factory.mktemp("matrix") / "matrix.csv"

    write_allocation(path, allocation)
    assert read_allocation(path) == allocation


def test_the_file_is_one_that_people_can_write(tmp_path):
    """A header and a row a device; blanks and blank lines do not matter."""
    path = tmp_path / "matrix.csv"

    write_allocation(path, matrix([[32, 0], [0, 8]]))
    assert path.read_bytes() == b"device,a,b\n0,32,0\n1,0,8\n"
    path.write_bytes(b"\xef\xbb\xbfdevice,a,b\r\n\r\n0, 32, 0\r\n1,0 ,8\r\n\r\n")
    assert read_allocation(str(path)) == matrix([[32, 0], [0, 8]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", ":1: '' is not allowed; the first line must be device and the names of the models"),
        (b"device\n0\n", ":1: 'device' is not allowed; the first line"),
        (b"gpu,a\n0,1\n", ":1: 'gpu,a' is not allowed; the first line"),
        (b"device,a,a\n0,1,1\n", ":1: 'a' is not allowed as column 3; each model must have a name"),
        (b"device,a,\n0,1,1\n", ":1: '' is not allowed as column 3"),
        (b"device,a\n", ": has no devices; there must be a row a device below device"),
        (
            b"device,a\n0,1\n\n2,1\n",
            ":4: device '2' is not allowed; rows are devices in order, and",
        ),
        (
            b"device,a\n0,1,2\n",
            ":2: 2 batch sizes are not allowed; there must be one for each of 1",
        ),
        (b"device,a\n0,1\n1\n", ":3: 0 batch sizes are not allowed"),
        (b"device,a\n0,-1\n", ":2: '-1' is not allowed; a batch size must be a whole number of"),
        (b"device,a\n0,8.0\n", ":2: '8.0' is not allowed"),
        (b"device,a\n0,\n", ":2: '' is not allowed"),
        ("device,a\n0,\u0664\n".encode(), ":2: '\u0664' is not allowed"),
        (b"device,a\n0,1e3\n", ":2: '1e3' is not allowed"),
        (b"device,a\n0," + b"9" * 5000, ":2: '999"),
        (b'device,"a\n0,1\n', ":2: is no CSV: unexpected end of data"),
        (b"device,\xff\n0,1\n", ": is not allowed; it must be text (UTF-8)"),
    ],
)
def test_a_broken_file_is_told_by_its_line(tmp_path, text, message):
    """What was given, and what is allowed."""
    path = tmp_path / "matrix.csv"
    path.write_bytes(text)

    with pytest.raises(AllocationError) as refused:
        read_allocation(path)
    assert f"{path}{message}" in str(refused.value)
    assert isinstance(refused.value, ScenarioError)


def test_a_file_that_is_not_there(tmp_path):
    """Or a folder."""
    for path in (tmp_path / "no.csv", tmp_path):
        with pytest.raises(AllocationError, match=f"{path}: cannot be read: "):
            read_allocation(path)


def test_a_file_that_is_too_long_is_not_read(tmp_path):
    """More than any matrix takes: the rest of it is not looked at."""
    path = tmp_path / "matrix.csv"
    path.write_bytes(b"device,a\n0,1\n" + b"\n" * 10_000_000)

    with pytest.raises(AllocationError, match="too long; a matrix has at most 10,000,000 bytes"):
        read_allocation(path)


def test_a_file_is_whole_or_not_at_all(tmp_path, monkeypatch):
    """What stood there stays, and nothing in parts."""
    path = tmp_path / "matrix.csv"
    path.write_text("old")
    monkeypatch.setattr("os.replace", _full)

    with pytest.raises(AllocationError, match="matrix.csv: cannot be written: disk full"):
        write_allocation(path, matrix([[1]]))
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def _full(source: Path, target: Path) -> None:
    raise OSError(28, "disk full")
