"""The command profile: what it writes and prints, what it refuses, and how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from strag_sim import profiles
from strag_sim.cli import main

OWN = """
import os
import time
from pathlib import Path

import torch


class Doing(torch.nn.Module):
    def __init__(self, act):
        super().__init__()
        self.act = act
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        self.act(self, x)
        return x


def sleeping():
    return Doing(lambda self, x: time.sleep(1e-3)), torch.zeros(1, 2)


def out_of_memory():
    def act(self, x):
        if len(x) >= 4:
            raise MemoryError
    return Doing(act), torch.zeros(1, 2)


def at_once():
    def act(self, x):
        raise ValueError("no such luck")
    return Doing(act), torch.zeros(1, 2)


def beside():
    Path("pid").write_text(str(os.getpid()))
    return Doing(lambda self, x: time.sleep(1e-3)), torch.zeros(1, 2)


def dying():
    begun = time.time()
    def act(self, x):
        if time.time() > begun + 1.5:
            os._exit(3)
        time.sleep(1e-3)
    return Doing(act), torch.zeros(1, 2)


def told():
    def act(self, x):
        time.sleep(2e-3)
        if self.calls > 1300:
            Path("going").touch()
    return Doing(act), torch.zeros(1, 2)
"""
MODULE = [sys.executable, "-m", "strag_sim"]
SCRIPT = [str(Path(sys.executable).with_name("strag-sim"))]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with models of one's own."""
    (tmp_path / "own_models_of_command.py").write_text(OWN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Warm up for a moment only."""
    pytest.importorskip("torch")
    monkeypatch.setattr("strag_sim.profiler.warming.SECONDS", 0.0)


def run(*arguments: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["profile", *map(str, arguments)])


def start(command: list[str], *arguments: object) -> subprocess.Popen[str]:
    """Start the command as a process of its own."""
    return subprocess.Popen(
        [*command, "profile", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def is_there(pid: int) -> bool:
    """Return whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def own(name: str) -> str:
    """Return the name of a model of the file above."""
    return f"own_models_of_command:{name}"


def test_without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has no torch is told what to install."""
    for name in [each for each in sys.modules if each.startswith("strag_sim.profiler")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    done = run("resnet-18")

    assert done.exit_code == 2
    assert done.stderr == (
        "profile needs torch, which is not installed: pip install 'strag-sim[torch]'\n"
    )


def test_help_imports_nothing_heavy() -> None:
    """``profile --help`` and a wrong option are answered without torch, and without numpy."""
    program = (
        "import sys\nfrom click.testing import CliRunner\nfrom strag_sim.cli import main\n"
        "for words in (['--help'], ['x', '--batch', '0']):\n"
        "    CliRunner().invoke(main, ['profile', *words])\n"
        "print(sorted({'torch', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--batch", "0"], "'0' is not allowed; give whole numbers from 1 to 4096, as 1,2,4"),
        (["--batch", "1,x"], "'1,x' is not allowed; give whole numbers from 1 to 4096, as 1,2,4"),
        (["--concurrency", "5000"], "'5000' is not allowed; give whole numbers from 1 to 4096"),
        (["--load", "open"], "'open' is not allowed; give closed, or poisson:RATE with calls a"),
        (["--load", "poisson:0"], "'poisson:0' is not allowed; the rate must be above 0"),
        (["--dtype", "int8"], "'int8' is not one of 'float32', 'float16', 'bfloat16'"),
        (["--requests", "1"], "1 is not in the range 2<=x<=100000000"),
    ],
)
def test_wrong_options(words: list[str], text: str) -> None:
    """What cannot be asked is told, with what can."""
    done = run("resnet-18", *words)

    assert done.exit_code == 2
    assert text in " ".join(done.stderr.split())


@pytest.mark.torch
@pytest.mark.usefixtures("_quick")
def test_what_cannot_be_measured(folder: Path) -> None:
    """Devices, models and outputs that are not there are told before anything is measured."""
    (folder / "there.json").write_text("{}")
    for words, text in {
        ("resnet-18", "--device", "cuda:77"): "--device: 'cuda:77' is not there: torch finds",
        ("resnet-18", "--device", "tpu"): "--device: 'tpu' is not allowed; give cuda, cuda:1 or",
        ("resnet-81",): "there is no model 'resnet-81'; did you mean 'resnet-18'?; built in",
        ("resnet-18", "-o", "there.json"): "there.json: exists already; --force overwrites it",
        ("resnet-18", "-o", "nowhere"): "--output: 'nowhere' is no folder, and does not end in",
        ("resnet-18", "a:b", "-o", "x.json"): "x.json is one file; for several models give a",
        ("resnet-18", "a:b", "--name", "x"): "--weights and --name are for one MODEL",
        ("a:b", "a-b"): "several models would be written to cpu-a-b.json; measure one at a time",
    }.items():
        done = run(*words)
        assert (done.exit_code, text in done.stderr) == (2, True), done.stderr
    assert sorted(path.name for path in folder.glob("*.json")) == ["there.json"]


@pytest.mark.torch
@pytest.mark.usefixtures("_quick")
def test_written_and_simulated(folder: Path) -> None:
    """The file is a profile with all that it should say, and a scenario may use it as it is."""
    done = run(own("sleeping"), "--requests", 320, "--batch", "1,2", "-o", "mine.json")
    profile, raw = profiles.load("mine.json"), json.loads(Path("mine.json").read_text())
    first = profile.points[0]

    assert done.exit_code == 0, done.stderr
    assert done.stderr == "wrote mine.json; in a scenario: {kind: profile, profile: mine.json}\n"
    assert [(p.batch, p.concurrency, p.n) for p in profile.points] == [(1, 1, 320), (2, 1, 299)]
    assert all(raw["points"][0][key] == raw[key] for key in ("n", "mean", "std", "levels"))
    assert first.mean == pytest.approx(first.samples.time.mean(), rel=2e-3)
    assert re.match(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", profile.date)
    assert profile.command.startswith("strag-sim ")
    assert {"device", "host", "torch", "dtype", "compiled", "threads", "timer_overhead"} <= set(
        profile.environment
    )
    assert max(map(len, done.stdout.partition("\n\n")[0].splitlines())) <= 110

    Path("s.yaml").write_text(
        "name: mine\nseed: 1\nruns: 2\nrequests: 300\n"
        "arrivals: {kind: poisson, rate: 100}\nworkers: {count: 2}\n"
        "service: {kind: profile, profile: mine.json}\npolicies:\n  - {kind: none}\n"
    )
    simulated = CliRunner().invoke(main, ["run", "s.yaml", "-o", "out", "--engine", "reference"])
    assert simulated.exit_code == 0, simulated.output


@pytest.mark.torch
@pytest.mark.usefixtures("_quick")
def test_out_of_memory(folder: Path) -> None:
    """Sizes that fit are written, the others told, and the command has failed."""
    done = run(own("out_of_memory"), "--requests", 20, "--batch", "1,2,4", "-o", "mine.json")

    assert done.exit_code == 1
    assert f"{own('out_of_memory')} at batch 4: out of memory; it is left out" in done.stderr
    assert [point.batch for point in profiles.load("mine.json").points] == [1, 2]


@pytest.mark.torch
@pytest.mark.usefixtures("_quick")
def test_nothing_to_write(folder: Path) -> None:
    """Where nothing could be measured nothing is written."""
    done = run(own("at_once"), "-o", "mine.json")

    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"{own('at_once')} at batch 1: the model raised ValueError: no such luck; it is left out\n"
    )
    assert not Path("mine.json").exists()


@pytest.mark.torch
def test_beside(folder: Path) -> None:
    """Another process calls a model of the same folder meanwhile, and is gone at the end."""
    pytest.importorskip("torch")
    words = [own("sleeping"), "--requests", 100, "--beside", own("beside"), "-o", "mine.json"]
    process = start(MODULE, *words)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 0, err
    known = profiles.load("mine.json").environment
    assert known["beside"] == own("beside")
    assert known["beside_calls"] > 50
    assert known["beside_mean"] >= 1e-3
    assert "The other process made " in out
    assert profiles.load("mine.json").command == " ".join(map(str, ["strag-sim profile", *words]))
    assert not is_there(int(Path("pid").read_text()))


@pytest.mark.torch
@pytest.mark.usefixtures("_quick")
def test_beside_fails(folder: Path) -> None:
    """An unknown other model is told at once; one that dies midway costs only its own numbers."""
    unknown = run(own("sleeping"), "--beside", "resnet-81", "-o", "mine.json")
    assert unknown.exit_code == 2
    assert unknown.stderr.startswith("--beside: there is no model 'resnet-81'; did you mean")
    assert not Path("mine.json").exists()

    words = ["--requests", 1500, "--beside", own("dying"), "-o", "mine.json"]
    dying = run(own("sleeping"), *words)
    assert dying.exit_code == 1
    assert f"--beside: the process that runs {own('dying')!r} has died" in dying.stderr
    assert profiles.load("mine.json").n == 1500
    assert profiles.load("mine.json").environment["beside_calls"] is None


@pytest.mark.torch
@pytest.mark.parametrize(("command", "ends"), [(SCRIPT, signal.SIGINT), (MODULE, signal.SIGKILL)])
def test_stopped_from_outside(folder: Path, command: list[str], ends: signal.Signals) -> None:
    """Ctrl-C writes what is complete; the other process ends with the command in any case."""
    pytest.importorskip("torch")
    words = [own("told"), "--requests", 20_000, "--concurrency", "1,2", "-o", "mine.json"]
    process = start(command, *words, "--beside", own("beside"))
    limit = time.monotonic() + 40
    while not Path("going").exists() and time.monotonic() < limit:
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(ends)
    _, err = process.communicate(timeout=60)
    other = int(Path("pid").read_text())

    if ends == signal.SIGINT:
        assert process.returncode == 130, err
        assert "Traceback" not in err
        assert f"{own('told')} at batch 1: interrupted after " in err
        assert profiles.load("mine.json").environment["interrupted"]
        assert not is_there(other)
    limit = time.monotonic() + 10
    while is_there(other) and time.monotonic() < limit:
        time.sleep(0.02)
    assert not is_there(other)
