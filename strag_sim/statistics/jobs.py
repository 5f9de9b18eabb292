"""Requests of several segments: from what became of each segment to what a client sees."""

import numpy as np

from strag_sim.setup import Job
from strag_sim.tables import Floats, Ints, Outcome


def by_request(outcome: Outcome, job: Job) -> Outcome:
    """Return the outcome of the requests, given that of n segments of theirs, in order.

    A request is answered when its last segment is; its path, and the tasks that had returned, are
    those of the segment answered last (the first of equal ones). Where answers leave in order,
    each leaves when all before it have. Totals, and what is counted by group, stay as they are.
    """
    completion = np.maximum.accumulate(outcome.completion) if job.in_order else outcome.completion
    if job.segments == 1:
        return outcome._replace(completion=completion)
    rows = completion.reshape(-1, job.segments)
    first = np.arange(0, completion.size, job.segments)
    last = last_segments(outcome.completion, job)
    return outcome._replace(
        arrival=outcome.arrival[first],
        completion=rows.max(axis=1),
        path=outcome.path[last],
        group=outcome.group[first],
        returned=outcome.returned[last] if outcome.returned.size else outcome.returned,
    )


def last_segments(completion: Floats, job: Job) -> Ints:
    """Return the place of the segment of each request that is answered last, the first of equals.

    ``completion`` is that of all segments, in order, before answers wait for each other.
    """
    rows = completion.reshape(-1, job.segments)
    return np.asarray(np.arange(len(rows)) * job.segments + rows.argmax(axis=1))


def mean_by_request(values: Floats, job: Job) -> Floats:
    """Return the means over the segments of each request, given a value of each segment."""
    return values.reshape(-1, job.segments).mean(axis=1) if job.segments > 1 else values
