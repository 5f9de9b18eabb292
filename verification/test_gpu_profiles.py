"""Checks of measured profiles: what agrees and what does not, and closed loops that come back."""

import json

import numpy as np
import pytest

from strag_sim import profiles
from strag_sim.measurements import quantile_table
from verification import gpu_profiles as check

CALLS, PAUSE = 3000, 20.0  # us


def written(folder, name, *, scale=1.0, throughput=1.0, **environment):
    """Write a profile of calls of about a millisecond with pauses between; return its path."""
    took = scale * 1000 * np.random.default_rng(4).lognormal(0, 0.1, CALLS)
    start = np.concatenate([[0.0], np.cumsum(took + PAUSE)[:-1]])
    law = quantile_table(took)
    point = {
        "batch": 1,
        "concurrency": 1,
        "load": "closed",
        **law,
        "throughput": throughput * 1e6 / (took.mean() + PAUSE),
        "autocorrelation": 0.0,
        "effective": CALLS,
        "samples": {
            key: x.tolist() for key, x in {"start": start, "time": took, "work": took}.items()
        },
    }
    about = {"device": "GPU", "model": "m", "dtype": "float32", "compiled": False, "beside": None}
    content = {
        "name": name,
        "description": "d",
        "source": "s",
        "licence": "l",
        "unit": "us",
        **law,
        "environment": about | environment,
        "points": [point],
    }
    profiles.write(folder / f"{name}.json", json.loads(json.dumps(content)))
    return str(folder / f"{name}.json")


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(check, "CALLS", 20_000)


@pytest.mark.parametrize(("scale", "code"), [(1.029, 0), (1.031, 1)])
def test_two_sessions(tmp_path, capsys, scale, code):
    """Medians 2.9 % apart agree, 3.1 % do not; what is of another tenant is not compared."""
    written(tmp_path, "a")
    written(tmp_path, "b", scale=scale)
    written(tmp_path, "c", scale=2.0, beside="resnet-50")

    assert check.main(str(tmp_path)) == code
    out = capsys.readouterr().out
    assert f"{1 - code} of 1 repeated configurations agree" in out
    assert "3 of 3 closed loops come back" in out


def test_pauses_between_calls_are_simulated(tmp_path):
    """20 us between calls of a millisecond cost 2 % of the throughput; without them it is off."""
    path = written(tmp_path, "a")
    (point,) = profiles.load(path).points

    assert check.between(point) == pytest.approx(PAUSE / 1e6)
    with_pause = check.simulated(path, 1, PAUSE / 1e6)
    assert with_pause["throughput"] == pytest.approx(point.throughput, rel=0.01)
    assert check.simulated(path, 1, 0.0)["throughput"] > 1.015 * point.throughput


def test_a_throughput_that_does_not_come_back(tmp_path, capsys):
    """The planted fault: a file that claims 3 % more than its calls took."""
    written(tmp_path, "a", throughput=1.03)
    written(tmp_path, "b")

    assert check.main(str(tmp_path)) == 1
    assert "1 of 2 closed loops come back" in capsys.readouterr().out


def test_nothing_to_judge(capsys):
    """A check of nothing fails."""
    assert check.main("faas-aws") == 1
    assert "0 of 0 repeated" in capsys.readouterr().out
