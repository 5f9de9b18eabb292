"""Measured values from lists and files."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from strag_sim.distributions.columns import read_column
from strag_sim.distributions.empirical import Empirical

VALUES = (0.3, 0.1, 0.2, 0.2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the values in ms, in every kind of file."""
    frame = pd.DataFrame({"id": ["a", "b", "c", "d"], "ms": [1000 * value for value in VALUES]})
    frame.to_csv(tmp_path / "two.csv", index=False)
    frame[["ms"]].to_csv(tmp_path / "one.csv", index=False)
    frame.to_parquet(tmp_path / "two.parquet")
    np.save(tmp_path / "plain.npy", frame["ms"].to_numpy())
    return tmp_path


@pytest.mark.parametrize(
    ("name", "column"),
    [("two.csv", "ms"), ("one.csv", None), ("two.parquet", "ms"), ("plain.npy", None)],
)
def test_a_file_gives_the_same_law_as_its_values(
    folder: Path, name: str, column: str | None
) -> None:
    """CSV, parquet and npy; scale turns their unit into seconds."""
    listed = Empirical(values=VALUES)

    read = Empirical(path=str(folder / name), column=column, scale=0.001)

    draws = [law.sample(np.random.default_rng(1), 100) for law in (read, listed)]
    assert read.mean == pytest.approx(0.2)
    assert draws[0] == pytest.approx(draws[1])


def test_quantiles_are_values_that_occur() -> None:
    """Nearest rank: of four values the median is the second."""
    law = Empirical(values=VALUES)

    assert law.quantile([0, 0.25, 0.26, 0.75, 0.76, 1]).tolist() == [0.1, 0.1, 0.2, 0.2, 0.3, 0.3]


def test_values_are_drawn_in_equal_shares() -> None:
    """0.2 stands twice among four: 50 % of 10,000 draws, within 4 standard errors (2 %)."""
    draws = Empirical(values=VALUES).sample(np.random.default_rng(2), 10_000)

    assert set(draws) == set(VALUES)
    assert np.mean(draws == 0.2) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    ("name", "column", "message"),
    [
        ("none.csv", None, "path: .*none.csv' is not allowed; path must be a readable file"),
        ("none.npy", None, "must be a readable file .No such file"),
        ("two.txt", None, "must be a file ending in .csv, .parquet, .npy"),
        ("two.csv", None, "column: missing; column must be a column of .*: id, ms"),
        ("two.csv", "sm", "column: 'sm' is not allowed; column must be a column of .*: id, ms"),
        ("two.csv", "id", "must be a file with a column of at least one number"),
        ("plain.npy", "ms", "column: 'ms' is not allowed; column must be left out"),
    ],
)
def test_wrong_files_and_columns_are_refused(
    folder: Path, name: str, column: str | None, message: str
) -> None:
    """One message, which names what is there."""
    with pytest.raises(ValueError, match=message):
        Empirical(path=str(folder / name), column=column)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "must be a table that can be read"),
        ("header.csv", b"ms\n", "must be a file with a column of at least one number"),
        ("gap.csv", b"id,ms\n1,2\n2,\n", "a file of finite numbers above 0, but holds nan"),
        ("zero.csv", b"ms\n1\n0\n", "a file of finite numbers above 0, but holds 0.0"),
        ("inf.csv", b"ms\n1\ninf\n", "a file of finite numbers above 0, but holds inf"),
        ("words.csv", b"ms\n1\nfast\n", "must be a file with a column of at least one number"),
        ("bytes.csv", b"\xff\xfe\x00\x81", "must be a table that can be read"),
        ("cut.parquet", b"PAR1abc", "must be a table that can be read"),
        ("cut.npy", b"\x93NUMPY\x01", "must be a npy file of plain numbers"),
        ("empty.npy", b"", "must be a npy file of plain numbers"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """Whatever a library raises for them, the user sees one message."""
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(ValueError, match=message):
        Empirical(path=str(path), column="ms" if name == "gap.csv" else None)


@pytest.mark.parametrize("array", [np.array([{}]), np.ones((2, 2)), np.ones(0), np.array(["a"])])
def test_npy_files_of_anything_but_one_row_of_numbers_are_refused(
    tmp_path: Path, array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]
) -> None:
    """Pickled objects above all, which would run code."""
    np.save(tmp_path / "x.npy", array)

    with pytest.raises(ValueError, match="path: .* is not allowed; path must be a"):
        read_column(tmp_path / "x.npy")
