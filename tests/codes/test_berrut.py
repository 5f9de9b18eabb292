"""Berrut codes: small gains whatever is missing, and wrong results found."""

import numpy as np
import pytest
from coded import survivors
from hypothesis import given
from hypothesis import strategies as st

from strag_sim.codes import BerrutCode
from strag_sim.codes.interpolation import gain_of, interpolation_matrix
from strag_sim.codes.locating import located
from strag_sim.errors import CodeError
from strag_sim.policies.berrut import Berrut

SIZES = [(4, 1), (4, 2), (4, 4), (8, 2), (8, 4), (8, 8), (16, 2), (16, 16), (32, 2), (32, 32)]


@pytest.mark.parametrize(("inputs", "stragglers"), SIZES)
def test_gains_are_small(inputs, stragglers):
    """Below 40 for every set of K results that was tried, and for every larger one."""
    rng = np.random.default_rng(inputs + stragglers)
    code = BerrutCode(inputs, stragglers)
    for count in {inputs, inputs + stragglers // 2, code.tasks}:
        gains = [code.gain(returned) for returned in survivors(code, count, rng, most=500)]
        assert max(gains) < 40


def test_signs_of_the_original_places_make_poles():
    """The planted fault: signs that do not alternate over what returned give gains above 100."""
    rng = np.random.default_rng(0)
    code = BerrutCode(8, 4)
    targets, nodes = np.array(code.placed.data), np.array(code.placed.workers)

    def faulty(returned):
        kept = list(returned)
        return gain_of(interpolation_matrix(targets, nodes[kept], (-1.0) ** np.array(kept)))

    sets = survivors(code, 8, rng, most=495)
    assert max(map(faulty, sets)) > 100
    assert max(map(code.gain, sets)) < 40


@given(st.permutations(range(7)), st.integers(1, 7))
def test_the_order_of_results_does_not_matter(order, count):
    """A row belongs to its task; any number of results decodes, to answers that keep constants."""
    code = BerrutCode(4, 3)
    returned = order[:count]

    matrix = code.decode_matrix(returned)

    assert matrix[:, np.argsort(returned)] == pytest.approx(
        code.decode_matrix(sorted(returned)), abs=1e-12
    )
    assert matrix.sum(axis=1) == pytest.approx(np.ones(4))


def test_more_tasks_come_nearer():
    """Answers are approximate, for a smooth function better the more tasks there are."""
    rows = np.linspace(-1, 1, 4)[:, None]
    errors = []
    for stragglers in (4, 12, 60):
        code = BerrutCode(4, stragglers)
        answers = code.decode(np.sin(code.encode(rows)), range(code.tasks))
        errors.append(np.abs(answers - np.sin(rows)).max())

    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.01
    assert errors[0] > 1e-4


@pytest.mark.parametrize("inputs", [1, 2, 3, 8])
def test_workers_at_data_points_are_copies(inputs):
    """Among N = 2 K + 1 workers' points are the data points; K = 1 is replication."""
    code = BerrutCode(inputs, inputs + 1)
    rows = np.random.default_rng(0).normal(size=(inputs, 3))

    assert code.decode(code.encode(rows), range(code.tasks)) == pytest.approx(rows)
    assert code.gain(range(code.tasks)) == 1


def smooth(rng, classes):
    """Return a function of rows that is no polynomial, with so many answers."""
    first, second = rng.normal(size=(10, 12)) * 0.1, rng.normal(size=(12, classes))
    return lambda rows: np.tanh(rows @ first) @ second


def share_found(inputs, errors, function_of, missing=0, trials=60):
    """Return how often exactly the wrong results are found, ``missing`` fewer than are needed."""
    rng = np.random.default_rng(inputs * 10 + errors)
    code, found = BerrutCode(inputs, 1, errors), 0
    for _ in range(trials):
        function = function_of(rng, 10)
        results = function(code.encode(rng.normal(size=(inputs, 10))))
        kept = np.sort(rng.permutation(code.tasks)[: code.least - missing])
        wrong = np.sort(rng.choice(len(kept), errors, replace=False))
        values = results[kept]
        values[wrong] += rng.normal(0, 3, size=(errors, 10))
        nodes = np.array(code.placed.workers)[kept]
        found += located(values, nodes, inputs, errors) == wrong.tolist()
    return found / trials


@pytest.mark.parametrize("errors", [1, 2])
@pytest.mark.parametrize("inputs", [2, 4, 8])
def test_wrong_results_are_found(inputs, errors):
    """Always, if right ones are Berrut's rational function; mostly, for a smooth function."""
    assert share_found(inputs, errors, lambda rng, classes: lambda rows: rows) == 1
    assert share_found(inputs, errors, smooth) >= 0.8


@pytest.mark.parametrize("errors", [1, 2])
@pytest.mark.parametrize("inputs", [2, 4])
def test_one_result_fewer_does_not_tell(inputs, errors):
    """2 K + 2 E - 1 results are needed, so N = 2 K + 2 E + S - 1: one fewer says little."""
    assert share_found(inputs, errors, lambda rng, classes: lambda rows: rows, missing=1) < 0.97


def test_wrong_results_are_dropped():
    """Answers are those without them: as if they had not returned."""
    rng = np.random.default_rng(3)
    code = BerrutCode(4, 1, 2)
    rows = rng.normal(size=(4, 6))
    results = code.encode(rows)
    results[[2, 7]] *= -1

    assert code.wrong(results, range(12)) == [2, 7]
    kept = [task for task in range(12) if task not in (2, 7)]
    plain = BerrutCode(4, 8)  # as many tasks, at the same places
    assert code.decode(results, range(12)) == pytest.approx(plain.decode(results[kept], kept))
    assert BerrutCode(4, 8).wrong(results, range(12)) == []


def test_wrong_without_wrong_ones():
    """Where none is wrong, E right ones are left out: the answers are approximate as ever."""
    code = BerrutCode(4, 0, 1)
    rows = np.random.default_rng(1).normal(size=(4, 6))
    answers = code.decode(code.encode(rows), range(code.tasks))

    assert len(code.wrong(code.encode(rows), range(code.tasks))) == 1
    assert np.abs(answers - rows).max() < 1.5 * np.abs(rows).max()


@pytest.mark.parametrize(("inputs", "stragglers", "errors"), [(8, 2, 0), (1, 0, 0), (4, 1, 2)])
def test_the_policy_has_the_same_numbers(inputs, stragglers, errors):
    """N tasks, of which as many are waited for."""
    code = BerrutCode(inputs, stragglers, errors)
    shape = Berrut(inputs=inputs, stragglers=stragglers, errors=errors).shape()

    assert len(shape.tasks) == code.tasks
    assert shape.recoveries[0].threshold == code.waited


def test_costs():
    """2 K N D, 2 K (N - S) C, and D for each task."""
    code = BerrutCode(8, 2)

    assert code.encode_flops(100) == 2 * 8 * 10 * 100
    assert code.decode_flops(10) == 2 * 8 * 8 * 10
    assert code.sent(100) == (100,) * 10


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ((0, 1), "inputs: 0 is not allowed"),
        ((2, -1), "stragglers: -1 is not allowed; stragglers must be a whole number of at least 0"),
        ((2, 1, 0.5), "errors: 0.5 is not allowed"),
        ((2, 1, 0, "even"), "points: 'even' is not allowed"),
    ],
)
def test_no_code(given_, message):
    """Parameters that make none are refused."""
    with pytest.raises(CodeError, match=message):
        BerrutCode(*given_)
