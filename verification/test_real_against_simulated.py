"""Real against simulated runs: the arithmetic by hand, the server with a model that sleeps."""

import time
from types import SimpleNamespace

import numpy as np
import pytest

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")

from verification import real_against_simulated as check  # noqa: E402, needs torch


def scripted(*services):
    """Return a service of exact sizes."""
    return {"kind": "scripted", "own": list(services)}


def test_arrivals_of_a_round_are_simulated_as_they_were(monkeypatch):
    """At 0, 1 and 5 s, each served for 2 s: 2, 3 and 2 s; three answers in 7 s."""
    monkeypatch.setattr(check, "SERVED", 3)

    played = check.simulated("poisson", np.array([0.0, 1.0, 5.0]), scripted(2, 2, 2), 1)

    assert played[0].response.tolist() == [2, 3, 2]
    found = check.numbers(played)
    assert found["mean"] == pytest.approx(7 / 3)
    assert found["throughput"] == pytest.approx(3 / 7)


def test_clients_wait_for_their_answers(monkeypatch):
    """Two clients, services of 1, 2, 3 and 4 s: each waits for the other's, but the first."""
    monkeypatch.setattr(check, "SERVED", 4)

    played = check.simulated("closed", np.zeros(4), scripted(1, 2, 3, 4), 1)

    assert played[0].arrival.tolist() == [0, 0, 1, 3]
    assert played[0].response.tolist() == [1, 3, 5, 7]


def test_a_simulation_with_other_services_is_told():
    """Planted fault: half of the time is 50 % off."""
    real = [check.Block(np.array([0.0, 5.0]), np.array([2.0, 2.0]))]
    played = [check.Block(np.array([0.0, 5.0]), np.array([1.0, 1.0]))]

    row = check.differences(real, played)

    assert row["mean_off"] == row["p99_off"] == -0.5


def test_only_the_closed_loops_profile_is_of_another_load():
    """A Poisson run is simulated with what was measured at its rate, but where it says so."""
    assert check.load_of("poisson", "profile") == "poisson"
    assert check.load_of("poisson", "closed loop") == "closed"
    assert check.load_of("closed", "profile") == "closed"


def test_the_server_answers_in_order(monkeypatch):
    """A model that sleeps: no answer before its service, none of two clients before the other's."""
    monkeypatch.setattr(check, "SERVED", 6)
    loaded = SimpleNamespace(module=lambda _: time.sleep(0.01), example=lambda batch: (batch,))

    session = SimpleNamespace(models=[loaded], asked=check.Asked(device="cpu"))
    with check.Server(session) as server:
        closed = check.closed(server)
        due = check.at_times(server, np.array([0.0, 0.001, 0.002, 0.2, 0.4, 0.6]))

    assert closed.service.min() >= 0.01
    assert np.all(np.diff(np.sort(closed.arrival + closed.response)) >= 0.01)
    assert due.response[2] >= 0.0279
    assert np.all(np.diff(due.arrival + due.response) >= 0.01)
