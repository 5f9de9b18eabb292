"""The allocation matrix: its cells, its memory, and why it does not fit."""

import pytest
from placed import matrix, member

from strag_sim.ensembles import Allocation, Cell, Device, Member, problem

# Instances of a take 10 bytes and 2 a sample, those of b 20.
A = member("a", memory=10, memory_per_sample=2, times=(1.0, 1.0, 1.0, 1.0))
B = member("b", memory=20, times=(1.0, 1.0))
ON_CPU = Member(name="c", memory=1, times={"cpu": (1.0,)})
DEVICES = [Device(memory=38), Device(memory=20)]


def test_instances_of_a_model_stand_beside_each_other():
    """By model, then by device."""
    cells = matrix([[4, 1], [2, 0]]).instances()

    assert cells == (Cell(0, 0, 4), Cell(1, 0, 2), Cell(0, 1, 1))


def test_memory_is_that_of_the_instances_and_their_batches():
    """10 + 4 x 2 and 20 on the first device, 10 + 2 x 2 on the second; members go by name."""
    assert matrix([[4, 1], [2, 0]]).used([B, A]) == (38, 14)


def test_a_cell_is_changed_in_a_new_matrix():
    """The old one stays as it was."""
    old = matrix([[4, 1], [2, 0]])

    assert old.with_cell(1, 1, 2) == matrix([[4, 1], [2, 2]])
    assert old == matrix([[4, 1], [2, 0]])


def test_what_fits_has_no_problem():
    """Also to the last byte, and with the columns in another order than the members."""
    assert problem(matrix([[4, 1], [2, 0]]), DEVICES, [B, A]) is None


@pytest.mark.parametrize(
    ("allocation", "message"),
    [
        (
            Allocation(("a", "x"), ((1, 1), (0, 0))),
            "models a, x are not allowed; there must be a column for each of a, b",
        ),
        (Allocation(("a", "a"), ((1, 1), (0, 0))), "models a, a are not allowed"),
        (Allocation(("a",), ((1,), (0,))), "models a are not allowed"),
        (matrix([[1, 1]]), "1 rows are not allowed; there must be one for each of 2 devices"),
        (
            Allocation(("a", "b"), ((1, 1), (0, 0, 0))),
            "device 1: 3 batch sizes are not allowed; there must be one for each of 2 models",
        ),
        (
            matrix([[1, 4], [0, 0]]),
            "device 0: batch size 4 of model b is not allowed; it must be 1 to 2, as far as times "
            "on a gpu are known, or 0 for no instance",
        ),
        (matrix([[-1, 1], [1, 0]]), "device 0: batch size -1 of model a is not allowed"),
        (
            matrix([[0, 0], [1, 1]]),
            "device 1 is over-full: its instances take 32 bytes, its memory is 20; lower batch "
            "sizes or move a model",
        ),
        (
            matrix([[1, 0], [1, 0]]),
            "model b has no instance; give it a batch size on at least one device",
        ),
    ],
)
def test_what_does_not_fit(allocation, message):
    """The first that is wrong is told, with what is allowed."""
    assert message in problem(allocation, DEVICES, [A, B])


def test_a_kind_without_times_cannot_run_a_model():
    """It is told whatever the batch size."""
    found = problem(matrix([[1]], "c"), [Device(memory=9)], [ON_CPU])

    assert found == "device 0: model c is not allowed there; it has no times on a gpu"
