"""Jobs of a queue: what is asked of it, and a sweep through one that runs jobs at once."""

import re
import stat
import textwrap

import pytest
from swept import TINY, cells_of

import strag_sim
from strag_sim.errors import ScenarioError, SweepError
from strag_sim.scenario import read_cluster

# A queue that runs each job at once on this host, and keeps what was submitted.
PROGRAMS = {
    "qstat": "exit 0",
    "qsub": """\
        for script; do :; done
        case "$(cat "$script")" in *"-q nowhere"*) echo "qsub: Unknown queue" >&2; exit 1;; esac
        cp "$script" "{home}/job.$$"
        setsid bash "{home}/job.$$" > "{home}/out.$$" 2>&1 &
        echo "$!.here"
        """,
    "qdel": 'kill -- "-${{1%.here}}" 2>/dev/null; exit 0',
}


@pytest.fixture
def queue(tmp_path, monkeypatch):
    """Put the programs of such a queue first on the path; return where it keeps its jobs."""
    home = tmp_path / "queue"
    home.mkdir()
    for name, text in PROGRAMS.items():
        path = home / name
        path.write_text("#!/bin/bash\n" + textwrap.dedent(text.format(home=home)) + "\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(home), prepend=":")
    return home


def test_jobs_of_a_queue_give_the_same_bytes(tmp_path, queue):
    """Two jobs of one worker each; their scripts ask for what the sweep was told to."""
    strag_sim.sweep(TINY, output=tmp_path / "alone", jobs=1)
    cluster = {
        "partition": "batch",
        "account": "mine",
        "time": "90 min",
        "memory": "1 GB",
        "interface": "lo",
        "prologue": ["export OMP_NUM_THREADS=1"],
        "directives": ["-m n"],
    }
    swept = strag_sim.sweep(TINY, output=tmp_path / "pbs", on="pbs", jobs=2, cluster=cluster)

    assert swept.status["done"] == 6
    assert cells_of(tmp_path / "alone") == cells_of(tmp_path / "pbs")
    scripts = [path.read_text() for path in queue.glob("job.*")]
    assert len(scripts) == 2
    for line in ("-q batch", "-A mine", "-l walltime=01:30:00", "-m n"):
        assert f"#PBS {line}" in scripts[0]
    assert "export OMP_NUM_THREADS=1" in scripts[0]
    assert re.search(r"select=1:ncpus=1:mem=\d+MB", scripts[0])


def test_a_job_that_is_refused(tmp_path, queue):
    """What the queue says is told, and the sweep stops."""
    cluster = {"partition": "nowhere", "interface": "lo"}
    with pytest.raises(SweepError, match="pbs takes no job: qsub: Unknown queue"):
        strag_sim.sweep(TINY, output=tmp_path / "a", on="pbs", cluster=cluster)


def test_a_queue_that_does_not_answer(tmp_path, queue):
    """Its own words are told."""
    (queue / "qstat").write_text("#!/bin/bash\necho 'cannot connect to server' >&2; exit 2\n")
    with pytest.raises(SweepError, match=r"does not answer \(qstat\): cannot connect to server"):
        strag_sim.sweep(TINY, output=tmp_path / "a", on="pbs")


def test_what_is_asked_of_a_queue(tmp_path):
    """A file, with lines in its errors; what is given beside it wins."""
    path = tmp_path / "cluster.yml"
    path.write_text("partition: batch\ntime: 2 h\njobs: 3\nadapt: true\n")
    asked = read_cluster(path, {"jobs": 5, "memory": "4 GiB"})

    assert (asked.partition, asked.time, asked.jobs, asked.adapt) == ("batch", 7200, 5, True)
    assert (asked.memory, asked.cpus, asked.interface) == ("4GiB", 1, None)
    path.write_text("partiton: batch\ntime: 0\nprologue: 3\n")
    with pytest.raises(ScenarioError) as caught:
        read_cluster(path, {"cpus": 0})
    assert [problem.partition(": ")[2][:24] for problem in caught.value.problems] == [
        "cpus: 0 is not allowed; ",
        "partiton: unknown key; d",
        "time: 0 is not allowed; ",
        "prologue: 3 is not allow",
    ]
    assert caught.value.problems[1].startswith(f"{path}:1: ")
