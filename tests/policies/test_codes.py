"""The codes of policies: they fit the shapes, and cost what their formulas say."""

import pytest

from strag_sim.codes.costs import Rates
from strag_sim.payload import Payload, code_of
from strag_sim.policies import KINDS
from strag_sim.policies.berrut import Berrut
from strag_sim.policies.collage import Collage
from strag_sim.policies.lagrange import Lagrange
from strag_sim.policies.mds import MDS
from strag_sim.policies.parity import Parity

CARRIED = Payload(numbers=100, bytes=70, answers=10)
# Operations of encoding and of decoding with D = 100 and C = 10, and the bytes to each task.
COSTS = [
    (Lagrange(inputs=4, tasks=6, threshold=5), 2 * 4 * 6 * 100, 2 * 4 * 5 * 10, [400] * 6),
    (
        Lagrange(inputs=4, tasks=6, threshold=5, encode_at="workers"),
        2 * 4 * 100,  # one row of six
        2 * 4 * 5 * 10,
        [4 * 70] * 6,
    ),
    (Berrut(inputs=4, stragglers=2), 2 * 4 * 6 * 100, 2 * 4 * 4 * 10, [400] * 6),
    (MDS(inputs=4, tasks=6), 2 * 4 * 2 * 100, 2 * 4 * 4 * 10, [400] * 6),
    (Parity(inputs=4, parities=2), 2 * 4 * 2 * 100, 2 * 4 * 2 * 10, [70] * 4 + [400] * 2),
    (
        Parity(inputs=4, encoder="concatenation"),
        4 * 4 * 100,  # of resizing
        2 * 4 * 10,
        [70] * 4 + [400],
    ),
    (Collage(grid=2), 4 * 4 * 100, 0, [70] * 4 + [4 * 3 * 416**2]),
    (Collage(grid=2, canvas=20), 4 * 4 * 100, 0, [70] * 4 + [4 * 3 * 20**2]),
]


@pytest.mark.parametrize(("policy", "encode", "decode", "sent"), COSTS, ids=str)
def test_costs_by_hand(policy, encode, decode, sent):
    """2KND of dense codes, parities only of systematic ones, and the resize of a collage."""
    shape, code = policy.shape(), policy.code()

    assert CARRIED.coding(shape, code, Rates(1.0, 1.0, 0.0)) == (encode, decode)
    assert CARRIED.sent(shape, code) == tuple(sent)


@pytest.mark.parametrize("policy", [row[0] for row in COSTS], ids=str)
def test_a_code_fits_its_shape(policy):
    """As many inputs as requests, as many tasks as the recovery has, and enough of them."""
    shape, code = policy.shape(), policy.code()
    recovery = next(each for each in shape.recoveries if each.decode)

    assert code.inputs == shape.requests
    assert code.tasks == len(recovery.tasks)
    assert code.least <= recovery.threshold


def test_who_has_a_code():
    """The kinds that mix inputs; copies are the request itself."""
    coded = {kind for kind, policy in KINDS.items() if hasattr(policy, "code")}

    assert coded == {"collage", "mds", "lagrange", "berrut", "parity"}
    assert code_of(KINDS["none"]()) is None
