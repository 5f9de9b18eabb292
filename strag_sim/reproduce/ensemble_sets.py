"""Ensembles on devices, allocated in three ways, and what the engine serves with each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import as_file, files

import numpy as np
import pandas as pd

from strag_sim.allocating import Allocated, allocate
from strag_sim.allocating.finding import Name
from strag_sim.allocating.scoring import throughput
from strag_sim.scenario import Scenario, load
from strag_sim.statistics.estimates import Quantity
from strag_sim.statistics.paired import Paired, paired
from strag_sim.tables import Floats

MODELS = (
    "vit-l",
    "swin-l",
    "convnext-l",
    "maxvit-b",
    "regnety-320",
    "nasnet-large",
    "effnet-b6",
    "deit3-b",
    "resnet152",
    "inception-v4",
    "densenet161",
    "vgg19",
)
WORST_FIT: Name = "worst-fit"
BASELINE: Name = "best-batch"
GREEDY: Name = "greedy"
WAYS = (WORST_FIT, BASELINE, GREEDY)
RUNS = 8
MOST = 128  # samples of the largest batch, as in the searches
# Ten times as many as in the searches, whose runs are off by up to a per cent at their ends.
ROUNDS = 400


@dataclass(frozen=True)
class Case:
    """An ensemble of these models on so many GPUs of so much memory, in bytes."""

    members: tuple[str, ...]
    gpus: int
    memory: int = 24 * 2**30

    def __str__(self) -> str:
        """Return its name: how many models on how many GPUs."""
        return f"{len(self.members)} on {self.gpus}"

    def scenario(self) -> Scenario:
        """Return the shipped scenario of classifiers, with these members and GPUs."""
        changed = {
            "devices.0.count": self.gpus,
            "devices.0.memory": self.memory,
            "policies.0.members": list(self.members),
        }
        return shipped("classifiers", changed)


TWELVE_ON_FOUR = Case(MODELS, 4)
CASES = (
    Case(("vit-l", "vgg19"), 1),
    Case(("vit-l", "vgg19"), 2),
    Case(("vit-l", "convnext-l", "resnet152"), 2),
    Case(("swin-l", "resnet152", "inception-v4", "vgg19"), 4),
    Case(MODELS[::2], 3),
    Case(MODELS[::2], 8),
    TWELVE_ON_FOUR,
    Case(MODELS, 8),
)


def speedups(
    cases: Sequence[Case], runs: int, tell: Callable[[str], None] = lambda text: None
) -> pd.DataFrame:
    """Return one row a case: samples a second by three ways to allocate it, and the speed-up.

    Each way has its mean over runs that its search did not see, and the bound of its matrix in the
    long run (``NAME bound``). ``speed-up`` is that of the greedy search over best batch sizes where
    worst-fit puts the models, the paper's baseline; ``low`` and ``high`` are its interval.
    """
    rows = []
    for case in cases:
        tell(f"ensemble: {case}")
        scenario = case.scenario()
        found: dict[str, Allocated] = {way: allocate(scenario, search=way) for way in WAYS}
        served = {way: samples(scenario, each, runs) for way, each in found.items()}
        speedup = of_runs(served[GREEDY], served[BASELINE])
        rows.append(
            {
                "case": str(case),
                "members": len(case.members),
                "GPUs": case.gpus,
                **{name: each.mean() for name, each in served.items()},
                **{f"{name} bound": each.bound for name, each in found.items()},
                "speed-up": speedup.ratio,
                "low": speedup.ratio_interval.low,
                "high": speedup.ratio_interval.high,
            }
        )
    return pd.DataFrame(rows)


def scaling(counts: Sequence[int], runs: int) -> pd.DataFrame:
    """Return one row a number of GPUs: samples a second of one model on them, over those on one."""
    served = {gpus: _of_one_model(gpus, runs) for gpus in (1, *counts)}
    rows = []
    for gpus in counts:
        over = of_runs(served[gpus], served[1])
        between = over.ratio_interval
        head = {"GPUs": gpus, "samples a second": served[gpus].mean()}
        rows.append({**head, "over one": over.ratio, "low": between.low, "high": between.high})
    return pd.DataFrame(rows)


def samples(scenario: Scenario, found: Allocated, runs: int) -> Floats:
    """Return the samples a second of an allocation in runs that its search did not see."""
    (setup,) = scenario.setups()
    each = (replace(setup, seed=setup.seed + 1 + run) for run in range(runs))
    served = (throughput(one, found.allocation, found.devices, MOST, rounds=ROUNDS) for one in each)
    return np.array(list(served))


def of_runs(value: Floats, base: Floats) -> Paired:
    """Return a ratio of two throughputs, run by run."""
    over, under = (Quantity(float(each.mean()), each) for each in (value, base))
    return paired(over, under, confidence=0.95)


def shipped(name: str, overrides: dict[str, object]) -> Scenario:
    """Return a scenario of this set, with these values in place of its own."""
    with as_file(files("strag_sim.reproduce") / f"scenarios/ensemble/{name}.yaml") as path:
        return load(path, overrides=overrides)


def _of_one_model(gpus: int, runs: int) -> Floats:
    """Return the samples a second of one model with an instance on each of so many GPUs."""
    scenario = shipped("one_model", {"devices.0.count": gpus})
    return samples(scenario, allocate(scenario, search=GREEDY), runs)
