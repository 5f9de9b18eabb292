"""What is kept of a run: its measured responses, by which path each came, and a few sums."""

import dataclasses
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from strag_sim.setup import Setup
from strag_sim.statistics.accuracy import answer_accuracy, right_answers, tasks_returned
from strag_sim.statistics.attribution import Attribution
from strag_sim.statistics.jobs import by_request, mean_by_request
from strag_sim.statistics.responses import Ordered, RunResponses
from strag_sim.statistics.sketch import Sketch
from strag_sim.statistics.stability import Outflow, backlog_growth, outflow
from strag_sim.tables import Floats, Ints, Outcome, Paths, Plan, TaskLog

Record = Literal["summary", "requests", "tasks"]
RECORDS: tuple[Record, ...] = ("summary", "requests", "tasks")
NOTHING: Floats = np.zeros(0)
# Points of the course of a run.
COURSE = 1000


@dataclass(frozen=True)
class Facts:
    """What all runs of a policy share: the ways to an answer, and the tasks of a group.

    ``own`` is the number of own tasks of a full group, ``tasks`` that of all tasks, of which
    ``roles`` has one entry each.
    """

    paths: Paths
    own: int
    tasks: int
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Requests:
    """The measured requests of a run, in order of arrival; shape (n,), times in seconds.

    ``path`` is the row of the policy's paths by which each was answered, ``accuracy`` that of the
    answer (NaN where it is not known), and ``returned`` has the bit 1 << j set if task j of the
    group was among those that it was decoded from; -1 where that is not known or nothing was.
    """

    arrival: Floats
    completion: Floats
    group: NDArray[np.int32]
    path: NDArray[np.int16]
    accuracy: Floats
    returned: Ints


@dataclass(frozen=True)
class Run:
    """What is kept of one run; n counts its measured requests.

    Parameters
    ----------
    response : array of float, shape (n,), or Sketch
        Completion less arrival, in seconds, in order of arrival; a sketch of them where they would
        be too many.
    count : int
        n.
    mean, squares : float
        Mean of the responses, and the sum of their squared distances from it.
    answers : array of int, shape (paths,)
        How many requests, or segments of theirs, were answered by each of the policy's paths.
    right : float
        The sum of the accuracies of the answers; NaN where that of any is not known.
    course : array of float, shape (at most COURSE,)
        Mean responses of equal stretches of the run, the warm-up included, see `course_bounds`.
    totals : array of float, shape (3,)
        BUSY, COST and USEFUL worker-seconds.
    window : float
        Seconds from the first measured to the last arrival, in which BUSY was counted.
    measured : float
        Requests of the groups that COST and USEFUL are about, parts of them counted as such.
    growth : float
        How many more requests wait at the end of the run than at its start.
    outflow : Outflow
        The answers that left after the first quarter, and in how many seconds.
    past : int
        Services that began where a track of slowness had begun anew.
    requests : Requests or None
        Where requests are recorded.
    log : TaskLog or None
        What became of every task, those of the warm-up included, where tasks are recorded.
    attribution : Attribution or None
        Where the requests' time went, where that was asked for.
    """

    response: Floats | Sketch
    count: int
    mean: float
    squares: float
    answers: NDArray[np.int64]
    right: float
    course: Floats
    totals: Floats
    window: float
    measured: float
    growth: float
    outflow: Outflow
    past: int = 0
    requests: Requests | None = None
    log: TaskLog | None = None
    attribution: Attribution | None = None


@dataclass(frozen=True)
class Sample:
    """All that was measured of one policy: its runs, numbered from 0."""

    setup: Setup
    facts: Facts
    runs: tuple[Run, ...]


def facts(plan: Plan) -> Facts:
    """Return what the outcomes of all runs of the plan's policy are read by."""
    return Facts(plan.paths, plan.layout.own, plan.layout.tasks, plan.roles)


def measure(outcome: Outcome, setup: Setup, paths: Paths, record: Record = "summary") -> Run:
    """Return what is kept of an outcome, without its first ``setup.warm_up`` requests.

    The outcome is not changed; its arrays are kept alive only where they are recorded.
    """
    job, cut = setup.job, setup.warm_up
    first = cut * job.segments
    answers = np.bincount(outcome.path[first:], minlength=len(paths.name))
    one_by_one = record != "summary" or any(paths.tables)
    accuracy = answer_accuracy(outcome, paths, placed=not setup.rivals) if one_by_one else NOTHING
    right = right_answers(answers, accuracy[first:], paths)
    outcome, accuracy = by_request(outcome, job), mean_by_request(accuracy, job)
    arrival, completion = outcome.arrival[cut:], outcome.completion[cut:]
    response = completion - arrival
    return Run(
        response=response,
        count=response.size,
        mean=float(response.mean()),
        squares=float(response.var()) * response.size,
        answers=answers,
        right=right,
        course=_course(outcome.completion - outcome.arrival),
        totals=outcome.totals,
        window=float(outcome.window[1] - outcome.window[0]),
        measured=int(outcome.measured) / job.segments,
        growth=backlog_growth(arrival, completion),
        outflow=outflow(outcome.arrival, outcome.completion, cut),
        past=outcome.past,
        requests=None if record == "summary" else _requests(outcome, paths, accuracy, cut),
        log=outcome.log if record == "tasks" else None,
    )


def _requests(outcome: Outcome, paths: Paths, accuracy: Floats, cut: int) -> Requests:
    """Return what is recorded of the requests of a run, without its first ``cut``."""
    return Requests(
        arrival=outcome.arrival[cut:],
        completion=outcome.completion[cut:],
        group=outcome.group[cut:],
        path=outcome.path[cut:],
        accuracy=accuracy[cut:],
        returned=tasks_returned(outcome, paths)[cut:],
    )


def sketched(run: Run) -> Run:
    """Return the run with a sketch in place of its responses."""
    if isinstance(run.response, Sketch):
        return run
    return dataclasses.replace(run, response=Sketch.of(run.response))


def ordered(run: Run) -> RunResponses:
    """Return the responses of a run, sorted, or the sketch of them."""
    return run.response if isinstance(run.response, Sketch) else Ordered(np.sort(run.response))


def course_bounds(requests: int) -> NDArray[np.int64]:
    """Return where the stretches of a run's course begin, and the number of its requests last."""
    return np.unique(np.linspace(0, requests, min(requests, COURSE) + 1).astype(np.int64))


def _course(response: Floats) -> Floats:
    """Return the mean responses of equal stretches of a run."""
    bounds = course_bounds(response.size)
    return np.add.reduceat(response, bounds[:-1]) / np.diff(bounds)
