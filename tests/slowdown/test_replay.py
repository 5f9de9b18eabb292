"""Measured matrices, played again."""

import numpy as np
import pandas as pd
import pytest
from slow_tracks import streams_of, value

from strag_sim.slowdown import Replay

ROWS = np.arange(1.0, 13.0).reshape(4, 3)  # row r, column c holds 3 r + c + 1


@pytest.fixture(params=["csv", "parquet", "npy"])
def path(request, tmp_path):
    """Return a file of the matrix, in each format."""
    path = tmp_path / f"matrix.{request.param}"
    frame = pd.DataFrame(ROWS, columns=["a", "b", "c"])
    if request.param == "npy":
        np.save(path, ROWS)
    elif request.param == "csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path)
    return str(path)


def test_by_time(path):
    """Row r holds from r intervals on, and worker w has column w."""
    part = Replay(path=path, by="time", interval=2.5, columns="fixed", scale=10.0)
    tracks = part.tracks(streams_of(1), 3, 1.0, "product")

    assert tracks.period == 10
    assert not tracks.stepped
    assert [value(tracks, 1, t) for t in (0, 2.4, 2.5, 9.9)] == [20, 20, 50, 110]


def test_by_step(path):
    """Row r holds for the task after r others."""
    tracks = Replay(path=path, columns="fixed").tracks(streams_of(1), 2, 1.0, "product")

    assert tracks.stepped
    assert [value(tracks, 1, step) for step in range(4)] == [2, 5, 8, 11]


def test_columns_are_drawn_without_replacement(path):
    """Each run another order; each column once while there are enough."""
    orders = {
        tuple(Replay(path=path).tracks(streams_of(run), 3, 1.0, "product").track)
        for run in range(60)
    }

    assert len(orders) == 6
    assert all(sorted(order) == [0, 1, 2] for order in orders)
    assert sorted(Replay(path=path).tracks(streams_of(1), 6, 1.0, "max").track) == [
        0,
        0,
        1,
        1,
        2,
        2,
    ]


def test_a_drawn_start_turns_all_columns_alike(path):
    """Runs start at different rows; what happened to workers together stays together."""
    starts = set()
    for run in range(40):
        tracks = Replay(path=path, start="drawn", columns="fixed").tracks(
            streams_of(run), 3, 1.0, "product"
        )
        rows = tracks.value.reshape(3, 4).T
        starts.add(rows[0, 0])
        assert (rows[:, 1] == rows[:, 0] + 1).all()

    assert starts == {1, 4, 7, 10}


def test_only_columns_that_a_worker_has_are_kept(path):
    """A matrix of thousands of machines costs ten workers no more than ten columns."""
    whole = Replay(path=path, start="drawn").tracks(streams_of(4), 3, 1.0, "product")
    two = Replay(path=path, start="drawn").tracks(streams_of(4), 2, 1.0, "product")

    assert two.value.size == 8
    for worker in range(2):
        assert [value(two, worker, t) for t in range(4)] == [
            value(whole, worker, t) for t in range(4)
        ]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"by": "time"}, "interval: missing; by: time needs it"),
        ({"interval": 1.0}, "interval: 1.0 is not allowed; interval must be left out"),
        ({"by": "time", "interval": 0.0}, "interval: 0.0"),
        ({"scale": 0.0}, "scale: 0.0"),
        ({"scale": 1e308}, r"scale: 1e\+308 is not allowed; scale must be such that scaled"),
        ({"by": "time", "interval": 1e308}, "interval must be such that all rows take a finite"),
    ],
)
def test_wrong_parameters(path, keys, message):
    """Refused where they are made."""
    with pytest.raises(ValueError, match=message):
        Replay(path=path, **keys)


def test_fixed_columns_for_too_many_workers(path):
    """Refused, with what to do."""
    with pytest.raises(ValueError, match=r"drawn where there are more workers \(4\) than columns"):
        Replay(path=path, columns="fixed").tracks(streams_of(1), 4, 1.0, "product")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"1", "a file ending in .csv, .parquet, .npy"),
        ("gone.csv", None, "a readable file"),
        ("gone.npy", None, "a readable file"),
        ("a.csv", b"", "a table that can be read"),
        ("a.csv", b"a,b\n", "rows and columns of numbers"),
        ("a.csv", b"a,b\n1,2\n1,x\n", "nothing else, but row 2, column b holds 'x'"),
        ("a.csv", b"a,b\n1,2\n3,-4\n", "row 2, column 2 holds -4.0"),
        ("a.csv", b"a,b\n1,2\n3,\n", "row 2, column 2 holds nan"),
        ("a.csv", b"1.5,2.5\n1,2\n", "a table whose first line names its columns, not 1.5"),
        ("a.csv", b"1e-3,2\n1,2\n", "a table whose first line names its columns, not 1e-3"),
        ("a.csv", b"a,b\n1,2,3\n4,5,6\n", "a table with a name for each column"),
        ("a.npy", b"\x80\x04K\x01.", "a npy file of plain numbers"),
        ("a.parquet", b"PAR1", "a table that can be read"),
    ],
)
def test_broken_files(tmp_path, name, content, message):
    """Refused, with the path and what it must be."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ValueError, match=message) as caught:
        Replay(path=str(path))
    assert name in str(caught.value)


def test_one_dimension_is_no_matrix(tmp_path):
    """An array of one dimension says nothing of workers."""
    np.save(tmp_path / "a.npy", np.ones(3))

    with pytest.raises(ValueError, match="rows and columns of numbers"):
        Replay(path=str(tmp_path / "a.npy"))
