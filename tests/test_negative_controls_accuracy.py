"""Negative controls of accuracy: an engine that notes other tasks fails a hand-worked case."""

import numpy as np
import pytest
import test_cases_accuracy as cases
from planted import fails_its_case

from strag_sim import rules
from strag_sim.engines import reference
from strag_sim.statistics import accuracy

Simulation = reference.Simulation
RIGHT = {name: getattr(Simulation, name) for name in ("credit", "close", "note")}


def note_what_comes_after(self, t):
    """Note every task that is credited, also when the recovery has its tasks."""
    g, place = divmod(t, self.layout.tasks)
    for recovery in self.recoveries_of(place):
        self.note(g, place, recovery)
    return RIGHT["credit"](self, t)


def note_the_latest(self, g, place, recovery):
    """Forget the tasks that came before."""
    self.met[g, recovery] = 0
    RIGHT["note"](self, g, place, recovery)


def close_without_blanks(self, g):
    """Count blank places, but do not note them."""
    before = self.met.copy()
    RIGHT["close"](self, g)
    self.met[:] = before


FAULTS = {
    "tasks beyond the threshold": (
        (Simulation, "credit", note_what_comes_after),
        cases.test_of_tasks_that_finish_together_the_first_count,
    ),
    "tasks that return during the decode": (
        (Simulation, "credit", note_what_comes_after),
        cases.test_what_returns_during_the_decode_comes_too_late,
    ),
    "the latest task alone": (
        (Simulation, "note", note_the_latest),
        cases.test_the_tasks_that_returned_decide,
    ),
    "blank places that have not returned": (
        (Simulation, "close", close_without_blanks),
        cases.test_blank_places_have_returned,
    ),
    "results that count at their finish": (
        (Simulation, "network", lambda *_: None),
        cases.test_results_count_when_they_are_back,
    ),
    "no more than the threshold at a deadline": (
        (rules, "needed_together", lambda phase, place, regular: place < 2),
        lambda engine: cases.test_at_a_deadline_all_that_returned_is_used(
            engine, [1, 2, 2, 9], 2, 0b0111
        ),
    ),
    "answers without their places": (
        (accuracy, "places", lambda group: np.zeros(group.size, np.int64)),
        cases.test_accuracy_goes_by_the_place_in_the_group,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_fails_its_case(name, monkeypatch):
    """The case passes, and with the fault it fails."""
    fails_its_case(FAULTS[name], monkeypatch)
