"""Seven formats hold the same measurements, from a file and from a pipe."""

import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.errors import MeasurementsError
from strag_sim.measurements import FORMATS, Choice, Imported, Measurements, read, writing
from strag_sim.measurements.formats import json_rows
from strag_sim.measurements.formats import rows as pieces

CHOICE = Choice(columns=("time",), group="worker", order="step")


def as_file(form: str, table: pd.DataFrame) -> bytes:
    """Return a table as a file of a format."""
    columns = {name: table[name].to_numpy() for name in table}
    records = table.to_dict("records")
    file = io.BytesIO()
    match form:
        case "csv" | "tsv":
            separator = {"csv": ",", "tsv": "\t"}[form]
            return table.to_csv(index=False, sep=separator, na_rep="nan").encode()
        case "parquet":
            table.to_parquet(file)
        case "npy":
            np.save(file, table.to_records(index=False), allow_pickle=False)
        case "npz":
            np.savez(file, **columns)
        case "json":
            return json.dumps(records).encode()
        case "jsonl":
            return "".join(json.dumps(record) + "\n" for record in records).encode()
    return file.getvalue()


def same(one: Measurements, other: Measurements) -> None:
    """Check that measurements are equal to the last bit."""
    assert one.names == other.names
    for name in ("values", "worker", "step"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert (mine is None) == (theirs is None)
        assert mine is None or (mine.dtype == theirs.dtype and np.array_equal(mine, theirs))


class Pipe(io.RawIOBase):
    """Bytes that can be read once, a few at a time."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._file = io.BytesIO(content)

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read up to 7 bytes."""
        return self._file.readinto(memoryview(buffer)[:7])


TIMES = st.one_of(
    st.floats(1e-9, 1e9), st.sampled_from([math.nan, math.inf, 0.0, -1.0]), st.just(1.0)
)
ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), TIMES), min_size=1, max_size=12)


def usable(rows: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Return the rows whose time is one."""
    return [row for row in rows if 0 < row[2] < math.inf]


@given(rows=ROWS)
def test_all_formats_are_equal(rows: list[tuple[int, int, float]]) -> None:
    """Whatever the rows: the same measurements, or refused, by the rule worked out here."""
    table = pd.DataFrame(rows, columns=["worker", "step", "time"])
    kept = sorted(usable(rows), key=lambda row: row[1])
    for form in FORMATS:
        content = as_file(form, table)
        if 2 * len(kept) < len(rows):
            with pytest.raises(MeasurementsError, match="more than half"):
                read(io.BytesIO(content), CHOICE, form=form)
            continue
        for source in (io.BytesIO(content), Pipe(content)):
            imported = read(source, CHOICE, form=form)  # type: ignore[arg-type]
            taken = imported.measurements
            assert taken.values.tolist() == [row[2] for row in kept]
            assert [int(taken.names[w]) for w in taken.worker] == [row[0] for row in kept]
            assert taken.step.tolist() == [row[1] for row in kept]
            assert list(map(int, taken.names)) == sorted({row[0] for row in kept})
            assert sum(each.count for each in imported.dropped) == len(rows) - len(kept)
            assert imported.rows == len(rows)


@pytest.mark.parametrize("form", FORMATS)
def test_pieces_join(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows than a piece; the first bad row of each kind has its number in the file."""
    n = 3 * pieces.PIECE // 2
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"time": rng.lognormal(0, 1, n)})
    table.loc[[n - 5, n - 2], "time"] = -1.0
    path = tmp_path / f"times.{form}"
    path.write_bytes(as_file(form, table))

    imported = read(path)

    assert np.array_equal(imported.measurements.values, table["time"].drop([n - 5, n - 2]))
    (dropped,) = imported.dropped
    assert (dropped.reason, dropped.count, dropped.first) == ("negative", 2, n - 4)


def taken(content: str, form: str = "csv", **choice: Any) -> Imported:
    """Return what a text holds."""
    return read(io.BytesIO(content.encode()), Choice(**choice), form=form)


def test_bad_rows_are_counted_by_reason() -> None:
    """Each with its first row in the file, also behind rows that could not be taken apart."""
    bad = "1,a\n1,2,3\n-1,a\n0,a\nnan,a\ninf,a\nx,a\n,a\n2 bogomips,a\n1\n5,\n"
    imported = taken("time,worker\n" + bad + "3,a\n" * 20, columns=["time"], group="worker")

    assert {(each.reason, each.count, each.first, each.cell) for each in imported.dropped} == {
        ("not a row of its table", 2, 2, ""),
        ("negative", 1, 3, "'-1'"),
        ("zero, or below 1e-100", 1, 4, "'0'"),
        ("NaN", 1, 5, "'nan'"),
        ("infinite, or above 1e+100", 1, 6, "'inf'"),
        ("not a number", 1, 7, "'x'"),
        ("empty", 1, 8, ""),
        ("a unit that is not known", 1, 9, "'2 bogomips'"),
        ("no worker", 1, 11, ""),
    }
    assert imported.rows == 31
    assert imported.measurements.values.size == 21


@pytest.mark.parametrize(
    ("cells", "unit", "seconds"),
    [
        ("33\n1e1\n.5", "ms", [0.033, 0.01, 0.0005]),
        ("20 ms\n1.5s\n 7µs ", None, [0.02, 1.5, 7e-6]),
        ("20 ms\n30", "ms", [0.02, 0.03]),
        ("2\n3", "min", [120.0, 180.0]),
        ("2\n3", "ratio", [2.0, 3.0]),
        ("2\n3", None, [2.0, 3.0]),
    ],
)
def test_units(cells: str, unit: str | None, seconds: list[float]) -> None:
    """Times are seconds to the last bit, whether the option says the unit or the cell."""
    assert taken(f"time\n{cells}\n", unit=unit).measurements.values.tolist() == seconds


def test_lengths_of_time_carry_their_unit() -> None:
    """A parquet column of time differences needs no unit."""
    file = io.BytesIO()
    pd.DataFrame({"took": pd.to_timedelta([20, 30], unit="ms")}).to_parquet(file)
    file.seek(0)

    assert read(file, form="parquet").measurements.values.tolist() == [0.02, 0.03]


def test_order_by_date_and_names_as_people_sort() -> None:
    """Dates are put in order; w2 comes before w10."""
    rows = "2024-05-02,w10,2\n2024-05-01,w2,1\n2024-05-03 12:00:00.5,w2,3\n"
    imported = taken("day,who,t\n" + rows, columns=["t"], group="who", order="day")

    assert imported.measurements.values.tolist() == [1, 2, 3]
    assert imported.measurements.names == ("w2", "w10")
    assert np.diff(imported.measurements.step).tolist() == [86400, 86400 + 43200.5]


def test_files_without_names_of_columns() -> None:
    """A list of numbers needs none; columns of a matrix are called 0, 1, 2, ..."""
    assert taken("3\n4\n").measurements.values.tolist() == [3, 4]
    assert taken("1.5,2\n3,4\n", columns=["1"]).measurements.values.tolist() == [2, 4]
    assert taken("[3, 4]", form="json").measurements.values.tolist() == [3, 4]
    assert taken("3\n4\n", form="jsonl").measurements.values.tolist() == [3, 4]
    assert taken("0,1\n3,4\n", columns=["1"]).measurements.values.tolist() == [4]


def test_marked_text_and_nested_objects() -> None:
    """A byte order mark is no letter of the first name; inner keys are named with a dot."""
    assert taken("\ufefftime,a\r\n3,1\r\n", columns=["time"]).measurements.values.tolist() == [3]
    nested = '[{"at": {"end": 3}, "a": 1}, {"at": {"end": null}, "a": 1}, {"at": {"end": "4 s"}}]'
    assert taken(nested.replace("3", '"3 s"'), "json", columns=["at.end"]).rows == 3
    deep = '[{"at": {"call": {"took": 3}}, "a.b": {"c.d": 5}}, {"a.b": {"c.d": 7}}]'
    assert taken(deep, "json", columns=["at.call.took"]).measurements.values.tolist() == [3]
    assert taken(deep, "json", columns=["a.b.c.d"]).measurements.values.tolist() == [5, 7]


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".npy"])
def test_matrix_round_trip(ending: str, tmp_path: Path) -> None:
    """A ragged table becomes its complete rounds, and is read back to the last bit."""
    rng = np.random.default_rng(4)
    rounds, workers = 30, 10
    whole = rng.lognormal(-3, 0.5, (rounds, workers))
    step, worker = np.divmod(rng.permutation(rounds * workers), workers)
    there = ~(((step == 4) & (worker == 3)) | ((step == 20) & (worker > 6)))
    rows = pd.DataFrame({"worker": worker, "step": step * 10, "time": whole[step, worker]})[there]
    twice = pd.DataFrame({"worker": [2], "step": [70], "time": [1.0]})
    table = pd.concat([rows, twice])
    imported = read(io.BytesIO(as_file("csv", table)), CHOICE, form="csv")
    path = tmp_path / f"matrix{ending}"

    values = writing.matrix(imported.measurements)
    writing.write_matrix(path, values, imported.measurements.names)
    back = read(path, Choice(wide=True)).measurements

    assert np.array_equal(values, np.delete(whole, [4, 7, 20], axis=0))
    assert np.array_equal(writing.matrix(back), values)
    assert back.names == tuple(map(str, range(workers)))
    assert list(tmp_path.iterdir()) == [path]


def test_rounds_without_order_are_counted() -> None:
    """The k-th row of each worker; what one has more than the others is left out."""
    rows = "a,1\na,2\nb,3\na,4\nb,5\n"
    imported = taken("who,t\n" + rows, columns=["t"], group="who")

    assert writing.matrix(imported.measurements).tolist() == [[1, 3], [2, 5]]


@pytest.mark.parametrize("piece", [1, 3, 100])
def test_rows_without_a_time_are_counted(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows it keeps its round, and so stays beside the times of the same one."""
    monkeypatch.setattr(json_rows, "PIECE", piece)
    rows = [("a", 1), ("b", 10), (None, 9), ("a", None), ("b", 20), ("a", 3), ("b", 30), ("c", -1)]
    lines = "".join(json.dumps({"who": w, "t": t}) + "\n" for w, t in rows)
    imported = taken(lines, "jsonl", columns=["t"], group="who")

    assert writing.matrix(imported.measurements).tolist() == [[1, 10], [3, 30]]


@pytest.mark.parametrize("order", ["C", "F"])
def test_wide_arrays(order: Any, tmp_path: Path) -> None:
    """A row is a round, whichever way the array lies in its file; what is missing is left out."""
    array = np.array([[1.0, 2, 3], [4, np.nan, 6], [7, 8, 9]], order=order)
    np.save(tmp_path / "a.npy", array)

    imported = read(tmp_path / "a.npy", Choice(wide=True))

    assert (imported.rows, imported.dropped[0].count) == (9, 1)
    assert writing.matrix(imported.measurements).tolist() == [[1, 2, 3], [7, 8, 9]]
