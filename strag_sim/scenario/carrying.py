"""What requests carry, for each policy: its payload, and what encoding and decoding take by it."""

import math
from collections.abc import Iterator, Sequence

from strag_sim.codes import costs
from strag_sim.codes.costs import Rates
from strag_sim.errors import StragSimError
from strag_sim.payload import Payload, code_of
from strag_sim.policies.shape import Shape
from strag_sim.scenario.models import Entry, Handling, Input, Master, Network, Scenario
from strag_sim.scenario.problems import Path, Problem


def with_bytes(given: Input | None) -> Input | None:
    """Return an input with its bytes filled in: without them its numbers travel as bytes."""
    if given is None or given.bytes is not None:
        return given
    return given.model_copy(update={"bytes": given.numbers})


def payload_of(scenario: Scenario) -> Payload | None:
    """Return what each request carries; None where nothing is said of it."""
    given = with_bytes(scenario.input)
    return Payload(**dict(given)) if given else None


def networks_of(scenario: Scenario, entry: Entry) -> list[Network]:
    """Return what is said of a policy's network, the policy's own first."""
    return [each or Network() for each in (entry.network, scenario.network)]


def masters_of(scenario: Scenario, entry: Entry) -> list[Master]:
    """Return what is said of a policy's master, the policy's own first."""
    return [each for each in (entry.master, scenario.master) if each]


def rates_of(scenario: Scenario, entry: Entry) -> Rates:
    """Return how fast a core of a policy's master is: as the one that was measured, or as given.

    One that does twice the operations is taken to be twice as fast in all that it does.
    """
    measured = costs.shipped()
    rate = next((each.rate for each in masters_of(scenario, entry) if each.rate), measured.flops)
    faster = rate / measured.flops
    return Rates(rate, measured.resize_flops * faster, measured.weights / faster)


def coding_times(scenario: Scenario, entry: Entry) -> tuple[float, float]:
    """Return how long a group's encoding and its decoding take by the policy's code, in seconds.

    0 where the scenario says not what a request carries, or the policy has no code; also where its
    code or shape fails, of which the checks tell.
    """
    payload = payload_of(scenario)
    try:
        code = code_of(entry.policy) if payload else None
        if payload is None or code is None:
            return 0.0, 0.0
        return payload.coding(entry.policy.shape(), code, rates_of(scenario, entry))
    except Exception:  # a user's own policy may raise anything
        return 0.0, 0.0


def check_payload(
    scenario: Scenario, shapes: Sequence[Shape], broken: set[str | int]
) -> Iterator[Problem]:
    """Yield what says nothing without a payload, and each code that cannot say what it costs."""
    payload = payload_of(scenario)
    if payload is None:
        yield from () if "input" in broken else _check_alone(scenario)
        return
    for i, entry in enumerate(scenario.policies):
        rates = rates_of(scenario, entry)
        why = "" if i in broken else _why_unknown(payload, entry, shapes[i], rates)
        if why:
            text = f"what {entry.kind} sends and how long it encodes are unknown: {why}"
            yield Problem(("policies", i), text)


def _why_unknown(payload: Payload, entry: Entry, shape: Shape, rates: Rates) -> str:
    """Return why a policy's code does not say what it costs; "" if it does, or there is none."""
    try:
        code = code_of(entry.policy)
        times = payload.coding(shape, code, rates) if code else ()
        known = all(math.isfinite(x) and x >= 0 for x in (*times, *payload.sent(shape, code)))
    except StragSimError as error:
        return str(error)
    except Exception as error:  # a user's own policy may raise anything
        return f"{type(error).__name__}: {error}"
    return "" if known else "its code() must give finite numbers of at least 0"


def _check_alone(scenario: Scenario) -> Iterator[Problem]:
    """Yield a problem for each setting that says nothing without a payload."""
    holders: list[tuple[Path, Handling]] = [((), scenario)]
    holders += [(("policies", i), entry) for i, entry in enumerate(scenario.policies)]
    for path, holder in holders:
        network, master = holder.network, holder.master
        given = (
            ("network", "bandwidth", network and network.bandwidth),
            ("master", "rate", master and master.rate),
        )
        for key, inner, value in given:
            if value is not None:
                text = "is not allowed without input; say what a request carries, such as"
                yield Problem((*path, key, inner), f"{text} input: {{numbers: 150_528}}")
