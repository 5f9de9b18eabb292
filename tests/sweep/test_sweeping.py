"""A sweep runs what is missing, and only that; what is done stays, byte for byte."""

import json

import pandas as pd
import pytest
from ensemble_scenarios import DEVICES
from swept import TINY, cells_of, parts_of, written_of

import strag_sim
from strag_sim.errors import ResultError, ScenarioError, SweepError
from strag_sim.results import inputs
from strag_sim.scenario import load, read_grid
from strag_sim.sweep import Swept, cells
from strag_sim.sweep import keys as keys_of_cells
from strag_sim.sweep.kept import KeptRuns
from strag_sim.sweep.keys import cell_key


def sweep(folder, source=TINY, **given):
    """Sweep in this process."""
    return strag_sim.sweep(source, **{"output": folder, "jobs": 1, **given})


def load_with(matrix, first, second, source):
    """Load a scenario beside a matrix of two devices."""
    matrix.write_text(f"device,red,blue\n{first}\n{second}\n")
    return load(source)


def drop_last(folder):
    """Remove the last of the cells."""
    files = [f for f in (folder / "cells").rglob("*.json") if not f.name.endswith("made.json")]
    max(files).unlink()


def test_cells_are_what_run_gives(tmp_path):
    """A row of the table is the row of the summary of that scenario, number by number."""
    table = sweep(tmp_path / "a").table()
    grid = read_grid(TINY)

    assert table["cell"].tolist() == [cell for cell in range(6) for _ in range(2)]
    for cell in (0, 4):
        alone = strag_sim.simulate(grid.scenario(cell)).summary()
        rows = table[table["cell"] == cell].reset_index(drop=True)
        pd.testing.assert_frame_equal(
            rows[alone.columns], alone, check_dtype=False, check_exact=True
        )
        assert rows["workers.count"].unique() == [grid.parameters(cell)["workers.count"]]
    assert (table["wall_time"] > 0).all()
    alone = pd.read_parquet(tmp_path / "a" / "cells.parquet")
    assert alone.drop(columns="stable").equals(table.drop(columns="stable"))


def test_one_and_two_jobs_give_the_same_bytes(tmp_path):
    """Processes change nothing, whatever order their cells end in."""
    sweep(tmp_path / "one")
    swept = sweep(tmp_path / "two", jobs=2)

    assert cells_of(tmp_path / "one") == cells_of(tmp_path / "two")
    one, two = (Swept.open(tmp_path / name).table() for name in ("one", "two"))
    assert one.drop(columns="wall_time").equals(two.drop(columns="wall_time"))
    assert (swept.status["done"], swept.status["state"]) == (6, "finished")


def test_only_what_is_missing_runs(tmp_path):
    """A lost cell is done again, to the same bytes, and no other is; recompute does them all."""
    first = sweep(tmp_path / "a")
    before, written = cells_of(tmp_path / "a"), written_of(tmp_path / "a")
    drop_last(tmp_path / "a")
    again = sweep(tmp_path / "a")

    now = written_of(tmp_path / "a")
    assert sum(now[key] != written[key] for key in now) == 1
    assert cells_of(tmp_path / "a") == before
    assert (again.status["before"], again.status["done"]) == (5, 6)
    assert again.table().drop(columns="wall_time").equals(first.table().drop(columns="wall_time"))
    sweep(tmp_path / "a", recompute=True)
    assert all(written_of(tmp_path / "a")[key] > now[key] for key in now)
    assert cells_of(tmp_path / "a") == before


def test_more_runs_extend_cells(tmp_path, monkeypatch):
    """Of five runs two are new; the bytes are those of five at once; three again take none."""
    sweep(tmp_path / "a")
    three = cells_of(tmp_path / "a")
    added = []
    write = KeptRuns.write

    def counted(self, path, settled):
        added.append(self.added)
        write(self, path, settled)

    monkeypatch.setattr(KeptRuns, "write", counted)
    sweep(tmp_path / "a", overrides=["runs=5"])
    assert added == [4] * 6  # two runs of two policies
    monkeypatch.setattr(KeptRuns, "write", write)
    sweep(tmp_path / "b", overrides=["runs=5"])
    assert cells_of(tmp_path / "a") == cells_of(tmp_path / "b") != three

    monkeypatch.setattr(KeptRuns, "write", counted)
    added.clear()
    sweep(tmp_path / "a")
    assert added == [0] * 6
    assert cells_of(tmp_path / "a") == three


@pytest.mark.parametrize(
    "keys",
    [
        {"warm_up": "auto"},
        {"precision": {"of": "p90", "within": "5%", "max_runs": 12}, "runs": 10},
        {"precision": {"of": "mean", "within": "30%", "max_runs": 40}},
    ],
)
def test_runs_that_are_added_are_as_if_asked_for_at_once(tmp_path, keys):
    """Also where runs decide the warm-up, or the precision decides the runs."""
    source = {**TINY, **keys, "sweep": {"arrivals.offered_load": [0.5]}}
    for runs in (10, 12, 11):
        source["runs"] = runs
        sweep(tmp_path / "a", source)
        sweep(tmp_path / f"b{runs}", source)
        assert list(cells_of(tmp_path / f"b{runs}").items())[0] in cells_of(tmp_path / "a").items()


def test_the_key_of_a_cell_is_all_that_decides_its_numbers(tmp_path, monkeypatch):
    """Not its name nor its runs, but its seed, what a file holds, and the code."""
    trace = tmp_path / "trace.csv"
    trace.write_text("at\n0\n1\n2\n3\n")
    arrivals = {"kind": "trace", "path": str(trace), "column": "at"}
    plain = {key: TINY[key] for key in ("service", "workers", "policies")} | {"arrivals": arrivals}

    def key(**keys):
        return cell_key(load({**plain, **keys}))

    same = {key(), key(name="other"), key(runs=7), key(seed=0)}
    assert len(same) == 1
    other = {
        key(seed=1),
        key(slo=1),
        key(workers={"count": 5}),
        key(policies=plain["policies"][:1]),
    }
    assert len(other | same) == 5
    trace.write_text("at\n0\n1\n2\n4\n")
    assert key() not in same | other
    changed = key()
    monkeypatch.setattr(keys_of_cells, "code", lambda: "other")
    assert key() != changed


def test_a_cell_is_another_when_its_allocation_file_is_edited(tmp_path):
    """The matrix decides the numbers, and provenance tells which one it was."""
    matrix = tmp_path / "matrix.csv"
    plain = {key: DEVICES[key] for key in ("requests", "arrivals", "models")}
    plain["devices"] = [{"count": 2, "memory": "8 GiB"}]
    ensemble = {"kind": "ensemble", "members": ["red", "blue"], "allocation": str(matrix)}
    given = load_with(matrix, "0,1,0", "1,0,1", {**plain, "policies": [ensemble]})
    before, known = cell_key(given), inputs(given.setups())["files"]

    edited = load_with(matrix, "0,1,1", "1,0,1", {**plain, "policies": [ensemble]})

    assert cell_key(edited) != before
    assert list(known) == [str(matrix)]
    assert inputs(edited.setups())["files"] != known


def test_cut_short_files_are_named_and_done_again(tmp_path):
    """Of a cell, at any length; of its runs, and of how it was made."""
    sweep(tmp_path / "a")
    before = cells_of(tmp_path / "a")
    files = sorted(f for f in (tmp_path / "a" / "cells").rglob("*.json") if len(f.stem) == 32)
    for file, left in zip(files, (0, 1, 100, -40, -2, -1), strict=True):
        file.write_bytes(file.read_bytes()[:left])
        file.with_name(f"{file.stem}.made.json").write_text("{")
    for file in (tmp_path / "a" / "runs").rglob("*.pickle"):
        file.write_bytes(file.read_bytes()[:-3])
    damaged = len([f for f in files if f.read_bytes() != before[f.stem]])
    again = sweep(tmp_path / "a")

    assert cells_of(tmp_path / "a") == before
    log = (tmp_path / "a" / "sweep.log").read_text()
    assert log.count("its file was damaged") == damaged >= 5
    assert again.table()["wall_time"].notna().sum() == 12


def test_what_a_killed_writer_left_is_removed(tmp_path):
    """Parts of files are no cells, and are gone after the next sweep."""
    sweep(tmp_path / "a")
    before = cells_of(tmp_path / "a")
    for room in ("cells/ab", "runs/ab", "."):
        (tmp_path / "a" / room).mkdir(exist_ok=True)
        (tmp_path / "a" / room / ".abc.json.host-1.part").write_text("half")
    assert len(parts_of(tmp_path / "a")) == 3
    sweep(tmp_path / "a")

    assert parts_of(tmp_path / "a") == []
    assert cells_of(tmp_path / "a") == before


def test_an_impossible_cell_stops_all_before_anything_is_run(tmp_path):
    """All of them are named, with their values and what is wrong."""
    source = {**TINY, "sweep": {"workers.count": [4, 0, -1]}}
    with pytest.raises(ScenarioError) as caught:
        sweep(tmp_path / "a", source)

    assert caught.value.problems[0].startswith("cell 1 (workers.count=0): workers.count: 0 is not")
    assert caught.value.problems[-1].startswith("2 of 3 cells cannot be simulated; nothing was run")
    assert not (tmp_path / "a" / "cells").exists()


def test_with_keep_going_the_others_are_done(tmp_path):
    """The impossible cell is recorded with its error, and tried again the next time."""
    source = {**TINY, "sweep": {"workers.count": [4, 0, 8]}}
    for _ in range(2):
        swept = sweep(tmp_path / "a", source, keep_going=True)

        assert [failure.cell for failure in swept.failures] == [1]
        assert "0 is not allowed" in swept.failures[0].error
        assert (swept.status["done"], swept.status["failed"], swept.interrupted) == (2, 1, False)
        assert sorted(swept.table()["cell"].unique()) == [0, 2]


def test_a_cell_that_fails_while_it_runs(tmp_path):
    """A group that never fills: told with the cell; without --keep-going the rest is not begun."""
    stuck = {"kind": "mds", "inputs": 2, "tasks": 3}
    source = {
        **TINY,
        "requests": 201,
        "sweep": {"policies.1": [TINY["policies"][1], stuck, stuck | {"tasks": 4}]},
    }
    source["arrivals"] = {"kind": "closed", "clients": 2, "think": 1}

    def failing(scenario, threads, kept=None, simulated=cells.simulated):
        if scenario.policies[1].kind == "mds":
            raise strag_sim.errors.EngineError("policy 'mds', run 0: nothing is left to happen")
        return simulated(scenario, threads, kept)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "simulated", failing)
        with pytest.raises(SweepError, match="cell 1 .*nothing is left to happen"):
            sweep(tmp_path / "a", source)
        stopped = Swept.open(tmp_path / "a")
        assert (stopped.status["done"], stopped.status["state"]) == (1, "stopped")
        assert len(stopped.table()) == 2
        kept = sweep(tmp_path / "a", source, keep_going=True)
    assert [failure.cell for failure in kept.failures] == [1, 2]
    assert sweep(tmp_path / "a", source).failures == ()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    """A file in place of it or of its parent, and one that holds something else."""
    (tmp_path / "file").write_text("mine")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("mine")

    with pytest.raises(ResultError, match="is a file; name a folder"):
        sweep(tmp_path / "file")
    with pytest.raises(SweepError, match="cannot be written"):
        sweep(tmp_path / "file" / "below")
    with pytest.raises(ResultError, match="holds other files and no sweep"):
        sweep(tmp_path / "other")
    assert (tmp_path / "other" / "mine.txt").read_text() == "mine"


def test_a_cell_that_cannot_be_kept_stops_the_sweep(tmp_path, monkeypatch):
    """As on a full disk: told with the file, also with --keep-going; what is done stays whole."""
    from strag_sim.sweep import writing

    replace, written = writing.os.replace, []

    def full(part, path):
        if path.parent.parent.name == "cells":
            written.append(path)
            if len(written) > 5:
                raise OSError(28, "No space left on device")
        replace(part, path)

    with monkeypatch.context() as patch:
        patch.setattr(writing.os, "replace", full)
        with pytest.raises(SweepError, match="cannot be written: No space left on device"):
            sweep(tmp_path / "a", keep_going=True)
    assert parts_of(tmp_path / "a") == []
    assert len(cells_of(tmp_path / "a")) == 2
    sweep(tmp_path / "a")
    sweep(tmp_path / "b")
    assert cells_of(tmp_path / "a") == cells_of(tmp_path / "b")


def test_two_grids_in_one_folder(tmp_path):
    """The table is that of the last sweep; cells of both are kept, and shared where equal."""
    sweep(tmp_path / "a")
    larger = sweep(tmp_path / "a", overrides=["arrivals.offered_load=0.2,0.6"])

    assert larger.status["before"] == 3
    assert set(larger.table()["arrivals.offered_load"]) == {0.2, 0.6}
    assert len(cells_of(tmp_path / "a")) == 9
    assert sweep(tmp_path / "a").status["before"] == 6


def test_what_a_sweep_tells_of_itself(tmp_path):
    """Its axes, its code, its versions; the scenario of its first cell can be read again."""
    swept = sweep(tmp_path / "a")
    about = json.loads((tmp_path / "a" / "sweep.json").read_text())

    assert about["parameters"] == swept.parameters == TINY["sweep"]
    assert about["versions"]["numpy"]
    assert load(about["scenario"]).workers.count == 4
    content = json.loads(next(iter(cells_of(tmp_path / "a").values())).splitlines()[0])
    assert content["scenario"]["requests"] == 200
    assert {"profiles", "files"} <= set(content["inputs"])


def test_columns_of_parameters_have_one_kind(tmp_path):
    """Whole numbers, numbers, switches and texts; what is none of these is JSON."""
    fixed = {"kind": "deterministic", "interval": 1}
    sweep_ = {
        "seed": [1, 2],
        "slo": [1, 0.5],
        "workers.distinct": [True, False],
        "policies.1": ["x", {"kind": "hedge", "delay": "p95"}],
        "arrivals": [fixed],
    }
    sweep_["policies.1"] = [{"kind": "hedge", "delay": "p95"}, {"kind": "none", "label": "n"}]
    table = sweep(tmp_path / "a", {**TINY, "sweep": sweep_}, overrides=["requests=20"]).table()

    assert [str(table[name].dtype) for name in ("seed", "slo", "workers.distinct")] == [
        "uint64",
        "float64",
        "bool",
    ]
    assert json.loads(table["arrivals"][0]) == fixed
    assert set(map(str, table["policies.1"])) == {
        json.dumps(value) for value in sweep_["policies.1"]
    }


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"jobs": 0}, "jobs: 0 is not allowed"),
        ({"on": "slrum"}, "on: 'slrum' is not allowed; .*did you mean 'slurm'"),
        ({"scheduler": "tcp://x:1"}, "scheduler: is not allowed with on: local"),
        ({"cluster": {"cpus": 1}}, "cluster: is not allowed with on: local"),
        ({"on": "slurm", "cluster": {"cpu": 0, "memory": 5}}, "cpu: unknown key.*\nmemory: 5 is"),
    ],
)
def test_what_does_not_go_together_is_told(tmp_path, given, text):
    """Before a folder is made."""
    with pytest.raises(ScenarioError, match=text):
        sweep(tmp_path / "a", **given)
    assert not (tmp_path / "a").exists()


def test_simulate_refuses_a_scenario_with_a_sweep():
    """And says what to use."""
    with pytest.raises(ScenarioError, match="tiny sweeps over 6 cells: use `strag-sim sweep`"):
        strag_sim.simulate(load(TINY))
    with pytest.raises(ScenarioError, match="sweeps over 6 cells"):
        strag_sim.capacity(load(TINY), slo=1)
