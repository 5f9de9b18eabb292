"""Serve a model for real, and simulate the same with the profile just measured: do they agree?

    python verification/real_against_simulated.py FOLDER [MODEL]

Needs torch. One thread serves the calls of MODEL (mobilenet-v2) in the order in which they come: in
a closed loop of two clients, and at Poisson times at half of what it can serve, where a response
counts from the intended arrival. Each of the five pairs is six rounds: calls of the profiler in a
closed loop, the real closed loop, calls of the profiler at the Poisson rate, the real Poisson run.
So all meet the same neighbours; a round begins empty, here and there. Each run is simulated at the
very same arrival times:

profile      with the pair's profile of that load, drawn independently: what a user would do
in order     with the calls that the profile was made of, in their order, round by round
own          with the service times of the real run itself: what is left is threads and clocks
closed loop  the Poisson run with the profile of the closed loop, whose calls have no pauses

A row a pair, run and simulation, also in FOLDER/real_against_simulated.csv: of the real run and the
simulated one mean, p99 and throughput; the mean service of the real run beside that of the profile;
``waited`` is the share of the profiler's calls in which their thread had no processor. Exit code 1
if not even the best of the pairs is within the limits with the profile. 8 minutes at 18 ms a call.
"""

import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import strag_sim
from strag_sim import profiles
from strag_sim.profiler import Asked, Load, Session, measure, profile_of, ready, subject
from strag_sim.profiler.calling import caller, serving
from strag_sim.profiler.servers import Servers
from strag_sim.profiler.serving import Block as Calls
from strag_sim.profiler.warming import warm_up

Floats = NDArray[np.float64]
PAIRS, ROUNDS, PROFILED, SERVED = 5, 6, 125, 150
CLIENTS, LOAD, INPUTS = 2, 0.5, 8
RUNS, SEED = 20, 5
MEAN_LIMIT, P99_LIMIT = 0.05, 0.15
QUIET = 1.5  # load average, of which one is this itself
SIMULATIONS = {
    "closed": ("profile", "in order", "own"),
    "poisson": ("profile", "in order", "own", "closed loop"),
}


def main(folder: str, model: str = "mobilenet-v2") -> int:
    """Print the table, write it, and return the exit code."""
    rows = []
    for number in range(PAIRS):
        before = os.getloadavg()[0]
        pair = measured(number, model)
        after = os.getloadavg()[0]
        about = {"load_before": before, "load_after": after, "waited": pair.waited}
        rows += [{**row, **about} for row in compared(number, pair)]
        print(f"pair {number + 1} of {PAIRS}, load average {before:.2f} to {after:.2f}", flush=True)
    table = pd.DataFrame(rows)
    table.to_csv(Path(folder) / "real_against_simulated.csv", index=False, float_format="%.6g")
    print(shown(table))
    return verdicts(table)


@dataclass
class Block:
    """Requests in the order of their arrival, which may be the order of their service; seconds."""

    arrival: Floats
    response: Floats
    service: Floats | None = None


@dataclass
class Pair:
    """What was measured, a block a round: the profiler's calls and both runs."""

    profiles: dict[str, dict[str, object]] = field(default_factory=dict)
    calls: dict[str, list[Floats]] = field(default_factory=dict)
    runs: dict[str, list[Block]] = field(default_factory=lambda: {"closed": [], "poisson": []})
    waited: float = 0.0


def measured(number: int, model: str) -> Pair:
    """Profile the model, and serve it for real after every ``PROFILED`` calls."""
    session = ready([subject(model)], Asked(device="cpu", requests=ROUNDS * PROFILED))
    gaps = np.random.default_rng((SEED, number))
    pair, opened = Pair(), None

    def serve(done: int, _: int) -> None:
        nonlocal opened
        if done % PROFILED == 0:
            opened = opened or at_rate(session, model)
            mean_gap = 1 / opened.asked.load.rate
            with Server(session) as server:
                pair.runs["closed"].append(closed(server))
            call_at(opened, np.cumsum(gaps.exponential(mean_gap, PROFILED)))
            with Server(session) as server:
                due = np.cumsum(gaps.exponential(mean_gap, SERVED))
                pair.runs["poisson"].append(at_times(server, due))

    measure(session, serve)
    if session.interrupted or opened is None:
        raise KeyboardInterrupt
    for load, each in (("closed", session), ("poisson", opened)):
        texts = {"name": model, "command": "none", "licence": "none"}
        pair.profiles[load] = content = profile_of(each, each.models[0], None, texts)
        samples = content["points"][0]["samples"]
        pair.calls[load] = np.split(np.array(samples["time"]) / 1e6, ROUNDS)
    pair.waited = 1 - sum(samples["work"]) / sum(samples["time"])
    return pair


def at_rate(session: Session, model: str) -> Session:
    """Return a session that calls the model at half of what the first calls say it can serve."""
    took = np.concatenate([rows[:, 2] for rows in session.records[0].blocks]) / 1e9
    load = Load(LOAD / float(took.mean()))
    asked = Asked(device="cpu", requests=ROUNDS * PROFILED, load=load)
    opened = ready([subject(model)], asked)
    opened.records[0].warm_up = warm_up(caller(opened.models[0], 1, asked), asked)
    return opened


def call_at(session: Session, due: Floats) -> None:
    """Let the profiler call the model at these times, in seconds from now."""
    call = caller(session.models[0], 1, session.asked)
    calls = Calls(call, due.size, 1, (1e9 * due).astype(np.int64))
    with Servers() as servers:
        calls.serve(session.asked, servers)
    session.records[0].add(calls.measured())


@dataclass
class Request:
    """A request on its way, times in seconds on the clock of ``time.perf_counter``."""

    arrival: float
    service: float = 0.0
    response: float = 0.0
    answered: threading.Event = field(default_factory=threading.Event)


class Server:
    """A thread that calls the model for one request after the other; ends where it is left."""

    def __init__(self, session: Session) -> None:
        loaded = session.models[0]
        self.asked, self.module, self.queue = session.asked, loaded.module, SimpleQueue()
        self.inputs = [loaded.example(1) for _ in range(INPUTS)]
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Server":
        self.thread.start()
        self.send(time.perf_counter()).answered.wait()  # a thread's first call is not as others
        return self

    def __exit__(self, *_: object) -> None:
        self.queue.put(None)
        self.thread.join()

    def send(self, arrival: float) -> Request:
        """Put a request that arrives at this time into the queue."""
        request = Request(arrival)
        self.queue.put(request)
        return request

    def _serve(self) -> None:
        with serving(self.asked):
            for turn, request in enumerate(iter(self.queue.get, None)):
                started = time.perf_counter()
                self.module(*self.inputs[turn % INPUTS])
                ended = time.perf_counter()
                request.service, request.response = ended - started, ended - request.arrival
                request.answered.set()


def closed(server: Server) -> Block:
    """Let clients send, each its next request when it has been answered."""
    sent: list[Request] = []
    left = iter(range(SERVED))
    lock = threading.Lock()

    def client() -> None:
        while True:
            with lock:  # into the list and the queue in one order
                if next(left, None) is None:
                    return
                sent.append(request := server.send(time.perf_counter()))
            request.answered.wait()

    clients = [threading.Thread(target=client, daemon=True) for _ in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    return block(sent)


def at_times(server: Server, due: Floats) -> Block:
    """Send a request at each time, in seconds from now."""
    sent, begun = [], time.perf_counter()
    for arrival in begun + due:
        time.sleep(max(0.0, arrival - time.perf_counter()))
        sent.append(server.send(arrival))
    for request in sent:
        request.answered.wait()
    return block(sent)


def block(sent: list[Request]) -> Block:
    """Return requests that are answered as arrays, the first one's arrival at 0."""
    arrival, response, service = np.array([(r.arrival, r.response, r.service) for r in sent]).T
    return Block(arrival - arrival[0], response, service)


def compared(number: int, pair: Pair) -> list[dict[str, object]]:
    """Return the row of each run and simulation."""
    rows = []
    with tempfile.TemporaryDirectory() as home:
        for load, content in pair.profiles.items():
            profiles.write(Path(home) / f"{load}.json", content)
        for run, real in pair.runs.items():
            for kind in SIMULATIONS[run]:
                rows.append({"pair": number + 1, "run": run, "simulation": kind})
                rows[-1]["service"] = float(np.mean([each.service for each in real]))
                rows[-1]["profiled"] = float(np.mean(pair.calls[load_of(run, kind)]))
                rows[-1] |= differences(real, played(run, kind, pair, Path(home)))
    return rows


def load_of(run: str, kind: str) -> str:
    """Return the load under which the profile of a simulation was measured."""
    return "closed" if kind == "closed loop" else run


def played(run: str, kind: str, pair: Pair, home: Path) -> list[Block]:
    """Simulate all rounds of a run."""
    load, real = load_of(run, kind), pair.runs[run]
    runs = 1
    if kind in ("profile", "closed loop"):
        services = [{"kind": "profile", "profile": str(home / f"{load}.json")}] * ROUNDS
        runs = RUNS
    else:
        # Fewer calls than requests: the first ones of a round are taken again.
        calls = [np.resize(times, SERVED) for times in pair.calls[load]]
        own = [each.service for each in real]
        taken = calls if kind == "in order" else own
        services = [{"kind": "scripted", "own": times.tolist()} for times in taken]
    return [
        part
        for each, service in zip(real, services, strict=True)
        for part in simulated(run, each.arrival, service, runs)
    ]


def simulated(run: str, arrival: Floats, service: dict[str, object], runs: int) -> list[Block]:
    """Simulate a round; return a block a run."""
    trace = {"kind": "trace", "times": arrival.tolist()}
    scenario = {
        "name": run,
        "seed": SEED,
        "runs": runs,
        "requests": SERVED,
        "arrivals": {"kind": "closed", "clients": CLIENTS} if run == "closed" else trace,
        "service": service,
        "workers": {"count": 1},
        "policies": [{"kind": "none"}],
    }
    result = strag_sim.simulate(strag_sim.load(scenario), record="requests")
    return [
        Block(part["arrival"].to_numpy(), part["response"].to_numpy())
        for _, part in result.requests().groupby("run")
    ]


def differences(real: list[Block], played: list[Block]) -> dict[str, float]:
    """Return the mean, p99 and throughput of both, and how far the simulated ones are off."""
    row: dict[str, float] = {"requests": sum(each.response.size for each in real)}
    truth, found = numbers(real), numbers(played)
    for name in truth:
        row |= {f"real_{name}": truth[name], f"simulated_{name}": found[name]}
        row[f"{name}_off"] = found[name] / truth[name] - 1
    return row


def numbers(blocks: list[Block]) -> dict[str, float]:
    """Return mean and p99 of all responses in seconds, and the requests answered a second."""
    response = np.concatenate([each.response for each in blocks])
    spans = [(each.arrival + each.response).max() - each.arrival.min() for each in blocks]
    return {
        "mean": float(response.mean()),
        "p99": float(np.quantile(response, 0.99)),
        "throughput": response.size / sum(spans),
    }


def shown(table: pd.DataFrame) -> str:
    """Return the table as Markdown, times in ms."""
    head = [
        "pair",
        "load average",
        "waited",
        "run",
        "service, profile, ms",
        "simulated with",
        "mean, ms",
        "p99, ms",
        "a second",
    ]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for _, row in table.iterrows():
        cells = [
            str(row["pair"]),
            f"{row['load_before']:.2f} to {row['load_after']:.2f}",
            f"{row['waited']:.0%}",
            row["run"],
            f"{1e3 * row['service']:.1f}, {1e3 * row['profiled']:.1f}",
            row["simulation"],
            *(both(row, name, scale) for name, scale in (("mean", 1e3), ("p99", 1e3))),
            both(row, "throughput", 1),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def both(row: pd.Series, name: str, scale: float) -> str:
    """Return a number as it was and as it was simulated, and the difference."""
    real, found = scale * row[f"real_{name}"], scale * row[f"simulated_{name}"]
    return f"{real:.1f}, {found:.1f} ({row[f'{name}_off']:+.1%})"


def verdicts(table: pd.DataFrame) -> int:
    """Print the best pair of each run and simulation, and how quiet it was; return the code."""
    misses = np.maximum(table["mean_off"].abs() / MEAN_LIMIT, table["p99_off"].abs() / P99_LIMIT)
    fine = True
    for (run, kind), part in misses.groupby([table["run"], table["simulation"]], sort=False):
        best = table.loc[part.idxmin()]
        within = bool(part.min() <= 1)
        fine &= within or kind != "profile"
        print(
            f"{run}, {kind}: {(part <= 1).sum()} of {PAIRS} pairs within {MEAN_LIMIT:.0%} of the "
            f"mean and {P99_LIMIT:.0%} of p99; the best, pair {best['pair']}: "
            f"mean {best['mean_off']:+.1%}, p99 {best['p99_off']:+.1%}"
        )
    quiet = table.loc[table[["load_before", "load_after"]].max(axis=1) <= QUIET, "pair"].nunique()
    print(f"quiet pairs (load average at most {QUIET} at start and end): {quiet} of {PAIRS}")
    if not quiet:
        print("The machine was never quiet enough to judge by.")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
