"""The command selfcheck: its table, its exit codes."""

import contextlib
import json
import os
import re
import select
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from strag_sim.cli import main
from strag_sim.plan import drawing
from strag_sim.selfcheck import running


@pytest.fixture
def selfcheck(monkeypatch):
    """Return a function that runs a quick check, a quarter as long."""
    monkeypatch.setattr(running, "SHORTER", 20)
    return lambda *words: CliRunner().invoke(main, ["selfcheck", "--quick", *words])


@pytest.fixture
def late_hedges(monkeypatch):
    """Plant a wrong rule: hedges are sent half as late again."""
    right = drawing.compile_shape
    monkeypatch.setattr(
        drawing,
        "compile_shape",
        lambda *args, **keys: (x := right(*args, **keys))._replace(gap=1.5 * x.gap),
    )


def test_a_table_by_family(selfcheck):
    """The families in the order in which they are asked for, and how many agree."""
    done = selfcheck("--family", "dm1", "--family", "collage")
    lines = done.stdout.splitlines()

    assert done.exit_code == 0
    assert lines[0].split() == [
        *("check", "theory", "simulated", "95", "%", "interval", "z", "verdict")
    ]
    assert [line for line in lines if line in ("dm1", "collage")] == ["dm1", "collage"]
    assert lines[3].startswith("D/M/1, load 0.8: mean ")
    assert lines[3].endswith("pass")
    assert lines[-1] == "8 of 8 agree"


def test_a_failure_is_named(selfcheck, late_hedges):
    """The exit code is 1, and the last lines say what failed."""
    done = selfcheck("--family", "hedge", "--family", "mm1")
    lines = done.stdout.splitlines()

    assert done.exit_code == 1
    assert any(line.startswith("fail: hedge: hedge at 1.5, runs on: cost (z = -") for line in lines)
    assert not any(line.startswith("fail: mm1") for line in lines)
    assert lines[-1].endswith(" of 15 agree")
    assert lines[-1] != "15 of 15 agree"


def test_json(selfcheck, late_hedges):
    """The same for programs; identities have no z, and null stands for no number."""
    done = selfcheck("--family", "hedge", "--family", "accounts", "--json")
    known = json.loads(done.stdout)

    assert done.exit_code == 1
    assert known["quick"] is True
    assert known["of"] == len(known["checks"]) > known["agree"]
    first, last = known["checks"][0], known["checks"][-1]
    assert first["family"] == "hedge"
    assert first["formula"].startswith("int P(T > t)")
    assert abs(first["z"]) > 0
    assert (last["family"], last["z"], last["outcome"]) == ("accounts", None, "pass")


def test_an_unknown_family(selfcheck):
    """The nearest one is suggested; the exit code is 2."""
    done = selfcheck("--family", "hegde")

    assert done.exit_code == 2
    assert "did you mean 'hedge'?" in done.stderr
    assert done.stdout == ""


def test_an_interrupt(tmp_path):
    """Ctrl-C in the middle of it: the exit code is 130, without a traceback or a table."""
    command = [
        sys.executable,
        "-c",
        "from strag_sim.cli import main; main()",
        "selfcheck",
        "--quick",
    ]
    ours, theirs = os.openpty()  # a terminal, to which the progress is written
    with (tmp_path / "out").open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=theirs)
    os.close(theirs)
    text = b""
    while not re.search(rb"[1-9][0-9]* of .*scenarios", text):
        assert select.select([ours], [], [], 60)[0]
        text += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=30) == 130
    with contextlib.suppress(OSError):  # nobody writes to it any more
        while part := os.read(ours, 4096):
            text += part
    os.close(ours)
    assert b"interrupted" in text
    assert b"Traceback" not in text
    assert (tmp_path / "out").read_text() == ""
