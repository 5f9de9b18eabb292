"""Whether there are as many requests, segments and clients as asked for, and not too many."""

from collections.abc import Iterator

from strag_sim.arrivals import Closed, Trace
from strag_sim.scenario.devices import job_of
from strag_sim.scenario.models import MOST_REQUESTS, Scenario
from strag_sim.scenario.problems import Problem, shown

MOST_CLIENTS = 10**6


def check_trace(scenario: Scenario) -> Iterator[Problem]:
    """Yield a problem where a trace is shorter than what is asked of it."""
    if not isinstance(scenario.arrivals, Trace):
        return
    count, requests = scenario.arrivals.size, scenario.requests or 0
    if requests < 1:
        text = f"{scenario.cut} is not allowed; {{key}} must be below the length of the trace"
        yield Problem(("warm_up",), f"{text} ({count})")
    elif requests + scenario.cut > count:
        most = count - scenario.cut
        text = f"{requests} is not allowed; {{key}} must be at most {most}"
        yield Problem(("requests",), f"{text} (the trace holds {count} arrivals, warm-up included)")


def check_segments(scenario: Scenario) -> Iterator[Problem]:
    """Yield a problem for more segments than may be of all requests, and for order in a loop."""
    if scenario.job and scenario.job.in_order and isinstance(scenario.arrivals, Closed):
        text = (
            "true is not allowed with a closed loop, whose clients go on when their own answer is"
        )
        yield Problem(("job", "in_order"), f"{text} there: leave it out, or give open arrivals")
    segments = job_of(scenario.job).segments
    total = ((scenario.requests or 0) + scenario.cut) * segments
    if segments > 1 and total > MOST_REQUESTS:
        text = f"{segments} segments a request are not allowed here; those of all requests together"
        more = (
            f"may be at most {MOST_REQUESTS}, not {total}: give fewer requests or larger segments"
        )
        yield Problem(("job",), f"{text} {more}")


def check_clients(scenario: Scenario) -> Iterator[Problem]:
    """Yield a problem for more clients, or larger rounds of theirs, than anything could hold."""
    if isinstance(scenario.arrivals, Closed):
        for name, most in (("clients", MOST_CLIENTS), ("barrier", MOST_REQUESTS)):
            if getattr(scenario.arrivals, name) > most:
                text = f"{shown(getattr(scenario.arrivals, name))} is not allowed"
                yield Problem(("arrivals", name), f"{text}; {{key}} must be at most {most}")
