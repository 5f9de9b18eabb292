"""Processes that are killed, whoever they are, cost time and no cell."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from swept import TINY, YAML, cells_of, parts_of

import strag_sim
from strag_sim.errors import SweepError
from strag_sim.sweep import Swept
from strag_sim.sweep.folder import locked

COMMAND = [sys.executable, "-m", "strag_sim", "sweep"]


def written(folder: Path, **keys: object) -> Path:
    """Write the tiny scenario with other values."""
    path = folder / "tiny.yaml"
    changed = {line.split(":")[0] for line in map(str, keys)}
    lines = [line for line in YAML.splitlines() if line.split(":")[0] not in changed]
    path.write_text("\n".join([*(f"{key}: {value}" for key, value in keys.items()), *lines, ""]))
    return path


def started(*arguments: object) -> "subprocess.Popen[str]":
    """Start a sweep, with its own group of processes."""
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(condition, seconds: float = 60.0) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def children(pid: int) -> list[int]:
    """Return the processes below a process, those that it forked through its server included."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid and fields[0] != "Z":
                found += [int(entry.name), *children(int(entry.name))]
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the cells of the sweep that is killed below, uninterrupted."""
    folder = tmp_path_factory.mktemp("whole")
    strag_sim.sweep(written(folder, requests=30_000), output=folder / "out", jobs=1)
    return cells_of(folder / "out")


def test_killed_and_resumed_is_uninterrupted(tmp_path, whole):
    """SIGKILL twice, after ever more cells: whole files only, and the same bytes at last."""
    scenario, out = written(tmp_path, requests=30_000), tmp_path / "out"
    for least in (0, 2):
        running = started(scenario, "-o", out, "--jobs", 2)
        wait_for(lambda least=least: len(cells_of(out)) > least)
        below = children(running.pid)
        os.kill(running.pid, signal.SIGKILL)
        running.communicate()
        wait_for(lambda below=below: not any(Path(f"/proc/{pid}/exe").exists() for pid in below))
        assert set(cells_of(out).items()) <= set(whole.items())
    last = started(scenario, "-o", out, "--jobs", 2)
    out_text, err_text = last.communicate()

    assert last.returncode == 0, err_text
    assert cells_of(out) == whole
    assert parts_of(out) == []
    assert Swept.open(out).status["before"] >= 1
    assert "6 of 6 cells are done" in out_text


def test_a_worker_that_is_killed_is_replaced(tmp_path, whole):
    """The cells that it had are done by others; nobody need start it again."""
    scenario, out = written(tmp_path, requests=30_000), tmp_path / "out"
    running = started(scenario, "-o", out, "--jobs", 2)
    wait_for(lambda: len(cells_of(out)) > 0 or running.poll() is not None)
    for pid in children(running.pid):
        name = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"forkserver" in name and children(pid):
            os.kill(children(pid)[0], signal.SIGKILL)
    _, err_text = running.communicate()

    assert running.returncode == 0, err_text
    assert cells_of(out) == whole


def test_ctrl_c_keeps_what_is_done(tmp_path):
    """Exit code 130, the table has what was done, and no process stays behind."""
    scenario, out = written(tmp_path, requests=30_000, runs=20), tmp_path / "out"
    running = started(scenario, "-o", out, "--jobs", 2)
    wait_for(lambda: len(cells_of(out)) > 0 or running.poll() is not None)
    below = children(running.pid)
    os.killpg(running.pid, signal.SIGINT)
    _, err_text = running.communicate()

    assert running.returncode == 130
    assert "interrupted: what is done is kept" in err_text
    wait_for(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in below))
    swept = Swept.open(out)
    assert swept.interrupted
    assert 0 < len(cells_of(out)) < 6
    assert swept.status["state"] == "stopped"


def test_two_sweeps_do_not_share_a_folder_at_once(tmp_path):
    """The second says who is in it, and changes nothing; killed, the first holds nothing."""
    scenario, out = written(tmp_path, requests=200_000, runs=20), tmp_path / "out"
    first = started(scenario, "-o", out, "--jobs", 1)
    wait_for(lambda: (out / "sweep.json").exists())
    second = started(scenario, "-o", out, "--jobs", 1)
    _, err_text = second.communicate()
    assert second.returncode == 1
    assert f"another sweep is running here (process {first.pid} on" in err_text
    assert Swept.open(out).running.startswith(f"process {first.pid}")
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()

    assert Swept.open(out).running is None
    with locked(out), pytest.raises(SweepError, match="another sweep"), locked(out):
        pass


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become a user with fewer rights")
def test_a_folder_that_is_read_only_is_told(tmp_path):
    """By a user who may not write it: named, and nothing of it is changed."""
    out = tmp_path / "out"
    strag_sim.sweep(TINY, output=out, jobs=1)
    before = cells_of(out)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o777 == 0o700:  # as pytest makes them
            folder.chmod(0o755)
    os.seteuid(65534)
    try:
        with pytest.raises(SweepError, match=f"{out}: cannot be written: Permission denied"):
            strag_sim.sweep(TINY, output=out, jobs=1)
        new = tmp_path / "new"
        with pytest.raises(SweepError, match=f"{new}: cannot be written: Permission denied"):
            strag_sim.sweep(TINY, output=new, jobs=1)
    finally:
        os.seteuid(0)

    assert cells_of(out) == before
    assert not new.exists()


def test_a_cell_that_always_kills_its_worker_is_given_up(tmp_path):
    """After three times alone it has failed; the others are done."""
    (tmp_path / "deadly.py").write_text(
        "import os\nfrom dataclasses import dataclass\nfrom strag_sim.policies import KINDS\n"
        "from multiprocessing import parent_process\n\n"
        "@dataclass(frozen=True)\nclass Deadly:\n"
        '    """Kills whoever simulates it."""\n\n    after: int = 0\n\n'
        "    def shape(self):\n"
        "        if self.after and parent_process() is not None:\n"
        "            os._exit(9)\n"
        "        return KINDS['none']().shape()\n"
    )
    scenario = tmp_path / "deadly.yaml"
    text = YAML.replace("{kind: replication, copies: 2}", "{kind: 'deadly:Deadly'}")
    text = text[: text.index("sweep:")] + "sweep: {policies.1.after: [0, 1], seed: [1, 2]}\n"
    scenario.write_text(text)
    running = started(scenario, "-o", tmp_path / "out", "--jobs", 2, "--keep-going", "--json")
    out_text, err_text = running.communicate()

    assert running.returncode == 1, err_text
    swept = Swept.open(tmp_path / "out")
    assert [failure.cell for failure in swept.failures] == [2, 3], out_text
    assert "was killed, 3 times" in swept.failures[0].error
    assert swept.status["done"] == 2
