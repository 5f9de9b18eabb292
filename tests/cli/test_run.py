"""The command run: the table, the folder, the exit codes."""

import contextlib
import importlib
import json
import os
import re
import select
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from strag_sim.cli import main
from strag_sim.cli.summary import with_interval
from strag_sim.results import Result

SCENARIO = """\
name: tiny
runs: 3
requests: 400
arrivals: {kind: poisson, offered_load: 0.5}
service: {kind: exponential, mean: 20 ms}
workers: {count: 2}
policies:
  - {kind: none}
  - {kind: replication, copies: 2, label: two copies}
"""

COMMAND = [sys.executable, "-c", "from strag_sim.cli import main; main()"]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs a command beside a scenario file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(SCENARIO)
    return lambda *words: CliRunner().invoke(main, ["run", "tiny.yaml", *words])


def test_table_and_folder(run, tmp_path):
    """A line a policy, what the numbers are of, and the folder results/NAME."""
    done = run()

    assert done.exit_code == 0
    assert done.stderr == ""
    head, none, two, _, below, where = done.stdout.splitlines()
    columns = ["policy", "mean", "p50", "p99", "p999", "cost", "wasted", "straggled"]
    assert head.split() == [*columns, "utilisation"]
    assert none.startswith("none ")
    assert two.startswith("two copies ")
    assert " ms ± " in none
    assert below == "3 runs x 400 requests; ± is the 95 % confidence interval over runs"
    assert where == "Result: results/tiny"
    assert (tmp_path / "results" / "tiny" / "summary.csv").is_file()


def test_where_the_time_went(run, tmp_path):
    """--attribution adds a line a policy, with the parts that take any time, and a table."""
    done = run("--attribution", "--set", "policies.1={kind: hedge, delay: 30 ms}", "-o", "out")

    assert done.exit_code == 0
    plain, parts, below = done.stdout.split("\n\n")
    assert plain.startswith("policy")
    head, none, hedge = parts.splitlines()
    assert head.split() == ["above", "p99", "mean", "delay", "queue", "service"]
    assert re.fullmatch(r"none +\d+ ms +0\.0 % +\d\d\.\d % +\d\d\.\d %", none)
    assert re.fullmatch(r"hedge 30 ms +\d+ ms( +\d+\.\d %){3}", hedge)
    assert below.startswith("3 runs")
    assert not (tmp_path / "out" / "tasks.parquet").exists()
    assert len(Result.open("out").attribution()) == 2 * 2 * 9


def test_nobody_is_above_p99(run):
    """Where all responses are equal there is no time to tell of."""
    equal = (
        "arrivals={kind: deterministic, interval: 1}",
        "service={kind: deterministic, value: 1}",
    )
    options = [word for value in (*equal, "policies.1.copies=1") for word in ("--set", value)]
    parts = run("--attribution", *options, "-o", "out").stdout.split("\n\n")[1]

    assert [line.split()[-2:] for line in parts.splitlines()] == [
        ["p99", "mean"],
        ["none", "-"],
        ["copies", "-"],
    ]


def test_where_the_time_went_as_json(run):
    """One entry a row of the table; without the option there is none."""
    found = json.loads(run("--attribution", "--json", "-o", "out").stdout)

    assert found["attribution"][4]["part"] == "queue"
    assert found["attribution"] == Result.open("out").attribution().to_dict("records")
    assert "attribution" not in json.loads(run("--json", "-o", "out").stdout)


def test_json_is_the_summary(run):
    """All columns, null where there is no number."""
    found = json.loads(run("--json", "-o", "out").stdout)

    summary = Result.open("out").summary()
    assert [policy["label"] for policy in found["policies"]] == ["none", "two copies"]
    assert found["policies"][0]["p99"] == summary["p99"][0]
    assert found["policies"][0]["slo_met"] is None
    assert found["interrupted"] is False


def test_options(run):
    """--set, --engine, --jobs and --record reach the simulation."""
    words = ["--set", "runs=2", "--set", "slo=50 ms", "--jobs", "1", "--record", "tasks"]
    done = run(*words, "--engine", "reference", "-o", "out")

    result = Result.open("out")
    assert "slo_met" in done.stdout
    assert result.provenance["engine"] == "reference"
    assert result.summary()["runs"].tolist() == [2, 2]
    assert len(result.tasks()) == 2 * (400 + 800)


@pytest.mark.parametrize(
    "words",
    [["--set", "policies.1.copies=0"], ["--set", "requets=5"], ["--set", "name"], ["--jobs", "0"]],
)
def test_wrong_input_leaves_the_result(run, tmp_path, words):
    """Exit code 2, a message, no traceback, and the older result as it was."""
    run("-o", "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    done = run("-o", "out", *words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr
    assert isinstance(done.exception, SystemExit)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_a_foreign_folder_is_refused_before_simulating(run, tmp_path, monkeypatch):
    """Nobody waits an hour to learn that the folder will not do."""
    (tmp_path / "notes.txt").write_text("mine")
    # The package has a function of the same name as the module.
    module = importlib.import_module("strag_sim.simulate")
    monkeypatch.setattr(module, "simulate", None)

    done = run("-o", ".")
    assert done.exit_code == 2
    assert "other files" in done.stderr


def test_unstable_policies_are_named(run):
    """The table says so instead of numbers that mean nothing."""
    done = run("--set", "arrivals={kind: poisson, rate: 200}", "--set", "requests=10_000")

    assert done.exit_code == 0
    assert "unstable" in done.stdout.splitlines()[1]
    assert "Unstable: none, two copies:" in done.stdout
    answered = re.search(r"  none answers (\S+) ± \S+ requests a second; 200 arrive", done.stdout)
    assert float(answered[1]) == pytest.approx(100, rel=0.03)  # two workers, 20 ms


class Terminal:
    """A process on a terminal of its own, and the text that it has shown."""

    def __init__(self, command, **environment):
        self.ours, theirs = os.openpty()
        self.process = subprocess.Popen(
            command, stdout=theirs, stderr=theirs, env={**os.environ, **environment}
        )
        os.close(theirs)
        self.text = ""

    def read_until(self, phrase=None, seconds=60):
        """Read until the text matches, or to the end; return how long it took."""
        began = time.monotonic()
        while phrase is None or not re.search(phrase, self.text):
            left = began + seconds - time.monotonic()
            assert select.select([self.ours], [], [], max(left, 0))[0], self.text[-500:]
            try:
                part = os.read(self.ours, 4096)
            except OSError:  # nobody writes to it any more; other systems than Linux give b""
                part = b""
            if not part:
                assert phrase is None, self.text[-500:]
                break
            self.text += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", part.decode())
        return time.monotonic() - began

    def interrupt(self):
        """Do as Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def close(self):
        """End what is left of it."""
        self.process.kill()
        self.process.wait()
        os.close(self.ours)


@pytest.fixture
def terminal():
    """Return a function that starts a command on a terminal."""
    with contextlib.ExitStack() as stack:

        def start(*words, command=COMMAND):
            return stack.enter_context(
                contextlib.closing(Terminal([*command, *words], COLUMNS="80", TERM="xterm"))
            )

        yield start


@pytest.mark.parametrize(
    ("shown", "least"), [(" 0 of 200000 runs", 0), (r"\d{3} of 200000 runs", 1)]
)
def test_ctrl_c_writes_what_was_finished(run, terminal, tmp_path, shown, least):
    """A real interrupt of a real process, early or late: exit code 130, a whole result or none."""
    process = terminal("run", "tiny.yaml", "--set", "runs=100000", "-o", "out")
    process.read_until(shown)
    process.interrupt()
    seconds = process.read_until()

    assert seconds < 30  # the engine may have to be compiled first
    assert process.process.wait(timeout=10) == 130
    assert "interrupted" in process.text
    assert "Traceback" not in process.text
    runs = 0
    if (tmp_path / "out").exists():
        result = Result.open("out")
        runs = result.summary()["runs"][0]
        assert result.interrupted
        assert "two copies" in process.text
    assert least <= runs < 100_000


def test_second_ctrl_c_waits_for_nobody(run, terminal):
    """An engine that never looks up, as if it were drawing a billion numbers, is left alone."""
    program = """
import time
from strag_sim import engines
from strag_sim.cli import main

def deaf(name, plan, record, stop):
    print("started", flush=True)
    while not stop[0]:
        time.sleep(0.01)
    print("stopping", flush=True)
    time.sleep(1000)

engines.run = deaf
main()
"""
    process = terminal("run", "tiny.yaml", command=[sys.executable, "-c", program])
    process.read_until("started")
    process.interrupt()
    process.read_until("stopping")
    process.interrupt()
    seconds = process.read_until()

    assert seconds < 10
    assert process.process.wait(timeout=10) == 130
    assert "interrupted" in process.text
    assert "Traceback" not in process.text


def test_on_a_terminal(run, terminal):
    """The progress with the time left, then the table; a narrow terminal cuts no number."""
    process = terminal("run", "tiny.yaml")
    process.read_until()

    assert process.process.wait(timeout=60) == 0
    assert "6 of 6 runs," in process.text
    assert "two copies" in process.text
    assert "…" not in process.text


@pytest.mark.parametrize(
    ("value", "half", "text"),
    [
        (0.7024, 0.0012, "702.4 ms ± 1.2"),
        (0.7024, 0.012, "702 ms ± 12"),
        (0.7024, 0.12, "702 ms ± 120"),
        (1.5, 0.0004, "1.50000 s ± 0.00040"),
        (2.0, 0.0, "2.0 s ± 0.0"),
        (0.051, 1e-15, "51.0 ms ± 0.0"),
        (0.02, float("nan"), "20 ms"),
        (float("nan"), float("nan"), "-"),
    ],
)
def test_time_with_interval(value, half, text):
    """One unit for both, and two digits of the half."""
    assert with_interval(value, value - half, value + half) == text
