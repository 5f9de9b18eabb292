"""What tasks carry, and how long that takes over links of a bandwidth, besides the network."""

from dataclasses import dataclass

import numpy as np

from strag_sim.distributions.distribution import Distribution
from strag_sim.payload import code_of
from strag_sim.policies.shape import Shape, Task
from strag_sim.setup import Setup
from strag_sim.tables import Draws, Floats

BITS = 8  # a byte


@dataclass(frozen=True)
class Costs:
    """What a policy's tasks are sent, and how long encoding and decoding take; None is nothing.

    Bytes and seconds are those of one task, of a full group; of redundant tasks that differ, the
    most. ``request_bytes`` is what all tasks of a group are sent, for each of its requests: hedges
    and attempts count as if they were needed, resends do not. Encoding and decoding are means, of
    a group and of a recovery, without the wait for a core.
    """

    label: str
    own_bytes: int | None
    redundant_bytes: int | None
    request_bytes: float | None
    own_transfer: float | None
    redundant_transfer: float | None
    encode: float | None
    encode_at: str | None
    decode: float | None


def costs(setup: Setup) -> Costs:
    """Return what a policy's tasks are sent, and how long encoding and decoding take."""
    shape = setup.policy.shape()
    own, regular = shape.own, len(shape.tasks)
    sent = setup.payload.sent(shape, code_of(setup.policy))[:regular] if setup.payload else ()
    takes = transfers(setup, shape)[0][:regular].tolist() if setup.payload else ()
    at = {"workers" if t.encodes else "master" for t in shape.tasks if t.encodes or _waits(t)}
    decodes = any(recovery.decode for recovery in shape.recoveries)
    return Costs(
        label=setup.label,
        own_bytes=max(sent[:own], default=None),
        redundant_bytes=max(sent[own:], default=None),
        request_bytes=sum(sent) / shape.requests if sent else None,
        own_transfer=max(takes[:own], default=None),
        redundant_transfer=max(takes[own:], default=None),
        encode=_mean(setup.encode) if at else None,
        encode_at=min(at, default=None),
        decode=_mean(setup.decode) if decodes else None,
    )


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


def _waits(task: Task) -> bool:
    """Return whether a task is sent when its group is encoded."""
    return task.release == "full"


def _mean(law: Distribution | None) -> float:
    """Return the mean of a time, 0 without one."""
    return law.mean if law else 0.0
