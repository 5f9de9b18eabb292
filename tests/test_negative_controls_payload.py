"""Negative controls of payloads: with one rule broken a named hand-worked case fails."""

import pytest
import test_cases_payload as cases
from payloads import exact_rates  # noqa: F401
from planted import fails_its_case

from strag_sim import payload
from strag_sim.payload import Payload
from strag_sim.plan import carrying
from strag_sim.scenario import resolving

RIGHT_CODING = Payload.coding


def of_all_rows(self, shape, *others):
    """Let each worker encode what all of them are to have."""
    encode, decode = RIGHT_CODING(self, shape, *others)
    return encode * len(shape.tasks), decode


def one_answer(self, shape):
    """Let a collage answer one request."""
    return (payload.RESULT_WIDTH * self.answers,) * len(shape.tasks)


FAULTS = {
    "bits that are taken for bytes": (
        (carrying, "BITS", 1),
        cases.test_a_plain_input_and_its_result,
    ),
    "results that take no time": (
        (payload, "RESULT_WIDTH", 0),
        cases.test_a_plain_input_and_its_result,
    ),
    "coded inputs that travel as plain ones": (
        (payload, "CODED", ()),
        cases.test_coded_tasks_are_encoded_sent_and_decoded,
    ),
    "a precision that is ignored": (
        (payload, "WIDTHS", {"float32": 4, "float16": 4}),
        cases.test_half_precision_takes_half_the_time,
    ),
    "workers that encode for all": (
        (Payload, "coding", of_all_rows),
        cases.test_workers_that_encode_are_sent_all_plain_inputs,
    ),
    "a collage with the answer of one request": (
        (Payload, "returned", one_answer),
        cases.test_a_collage_answers_its_whole_group,
    ),
    "encoding that is free": (
        (resolving, "coding_times", lambda *_: (0.0, 0.0)),
        cases.test_coded_tasks_are_encoded_sent_and_decoded,
    ),
    "transfers in place of the network's times": (
        (carrying, "_longer", lambda times, more, shape: more + 0 * times.reshape(-1)[:1]),
        cases.test_transfers_come_on_top_of_the_network,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_fails_its_case(name, monkeypatch):
    """The case passes, and with the fault it fails."""
    fails_its_case(FAULTS[name], monkeypatch)
