"""How long payloads take over links of a bandwidth, added to what the network takes anyway."""

import numpy as np

from strag_sim.payload import code_of
from strag_sim.policies.shape import Shape
from strag_sim.setup import Setup
from strag_sim.tables import Draws, Floats

BITS = 8  # a byte


def carried(draws: Draws, setup: Setup, shape: Shape) -> Draws:
    """Return the draws with the times of transfers added to those of the network.

    Each task has a link of the bandwidth for itself, as each result has: transfers do not wait
    for each other. Without a bandwidth nothing changes.
    """
    if setup.bandwidth is None:
        return draws
    to, back = transfers(setup, shape)
    own, requests, redundant = shape.own, draws.own_size.shape, draws.luck.shape
    return draws._replace(
        own_to=_longer(draws.own_to, to[:1], requests),
        own_from=_longer(draws.own_from, back[:1], requests),
        to=_longer(draws.to, to[own:], redundant),
        back=_longer(draws.back, back[own:], redundant),
    )


def transfers(setup: Setup, shape: Shape) -> tuple[Floats, Floats]:
    """Return how long each task of a group takes to its worker and back, shape (T,), in seconds.

    Own tasks are alike; resends come last. Zeros without a payload or a bandwidth.
    """
    if setup.payload is None or setup.bandwidth is None:
        none = np.zeros(len(shape.tasks) + (shape.requests if shape.resend else 0))
        return none, none
    sent = setup.payload.sent(shape, code_of(setup.policy))
    returned = setup.payload.returned(shape)
    seconds = BITS / setup.bandwidth
    return seconds * np.array(sent, np.float64), seconds * np.array(returned, np.float64)


def _longer(times: Floats, more: Floats, shape: tuple[int, ...]) -> Floats:
    """Return times that are longer by so much; an empty array stands for zeros of the shape."""
    return (times if times.size else np.zeros(shape)) + more
