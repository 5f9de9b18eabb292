"""A simulated run with real images: what the trained models would have answered its requests.

The simulator charges each answer the accuracy that its table has for the tasks that had returned.
Here each request gets an image, the models answer, the results that had returned are decoded, and
the answers are compared with the images' classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from strag_sim.accuracies import AccuracyTable
from strag_sim.accuracy import seeds
from strag_sim.accuracy.checkpoints import seeds_of
from strag_sim.accuracy.images import Images, split
from strag_sim.accuracy.measuring.interval import Estimate, estimate
from strag_sim.accuracy.schemes import Scheme, scheme
from strag_sim.accuracy.serving import Serves, server
from strag_sim.accuracy.threads import one_thread
from strag_sim.errors import TrainingError

AT_ONCE = 256  # groups whose results are held at one time
DECODED = ("collage", "parity", "coded", "ensemble")  # ways to an answer that decode
ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """How many answers by a way (or by ``all``) of a policy were right.

    ``charged`` is the mean accuracy that the simulation charged them, NaN where it knew none, and
    ``low`` to ``high`` the mean of the intervals that the table has for them; ``actual`` is what
    came out, of ``answers`` requests in groups that were measured whole.
    """

    way: str
    answers: int
    charged: float
    low: float
    high: float
    actual: Estimate

    @property
    def inside(self) -> bool:
        """Whether what came out lies in the table's interval."""
        return self.low <= self.actual.value <= self.high


@dataclass(frozen=True, eq=False)
class _Groups:
    """The whole groups of a run: each array has the shape (B, K)."""

    path: NDArray[np.object_]
    returned: NDArray[np.int64]
    charged: NDArray[np.float64]


def replay(
    requests: pd.DataFrame, table: AccuracyTable, images: Images, folder: Path
) -> list[Replayed]:
    """Answer the recorded requests of one policy with the models in a folder.

    Parameters
    ----------
    requests : DataFrame
        Rows of ``requests.parquet`` of one policy, whose accuracy goes by the table.
    table : AccuracyTable
        That of a scheme, as ``measured`` makes it.
    images : Images
        Those that the models were trained and the table was measured with.
    folder : Path
        Of the models. Run r is answered by the models of the (r modulo S)-th of S seeds, with that
        seed's test images; each comes once before one comes again.

    Returns
    -------
    list of Replayed
        One for each way to an answer, and one for all.
    """
    found = scheme_of(table, images)
    known = seeds_of(folder, *found.models)
    if not known:
        raise TrainingError(
            f"{folder}: no model {found.model} is there; strag-sim accuracy train --schemes "
            f"{found.name} --output {folder} makes it"
        )
    frames = []
    with one_thread():
        servers = {seed: server(found, images, folder, seed) for seed in known}
        for run, rows in requests.groupby("run"):
            seed = known[int(str(run)) % len(known)]
            groups = whole_groups(rows, found.inputs)
            frames.append(_answered(servers[seed], groups, images, seed, int(str(run))))
    answered = pd.concat(frames, ignore_index=True)
    if answered.empty:
        raise TrainingError("no group of the result was measured whole; simulate more requests")
    low, high = _bounds(table, found, answered)
    answered = answered.assign(low=low, high=high)
    count = len(split(images, known[0]).testing) * len(known)
    ways = [(str(way), rows) for way, rows in answered.groupby("path")]
    return [_replayed(way, rows, count) for way, rows in [*ways, (ALL, answered)]]


def scheme_of(table: AccuracyTable, images: Images) -> Scheme:
    """Return the scheme that a table was measured of; a TrainingError if it was of other images."""
    if table.content.get("data_hash") != images.sha256:
        raise TrainingError(
            f"accuracy: the table {table.name} was not measured on {images.name}; give --data, or "
            "a table that strag-sim accuracy measure made of them"
        )
    return scheme(table.name.removeprefix(f"{images.name}-"))


def whole_groups(rows: pd.DataFrame, inputs: int) -> _Groups:
    """Return the groups of a run all of whose requests were measured, in order of arrival.

    Left out are short groups and the one in which the warm-up ends.
    """
    ordered = rows.sort_values("request")
    size = ordered.groupby("group")["request"].transform("size")
    whole = ordered[size == inputs]

    def column(name: str) -> NDArray[np.generic]:
        return whole[name].to_numpy().reshape(-1, inputs)

    # Of own answers nothing is noted.
    returned = whole["returned"].fillna(0).to_numpy(dtype=np.int64).reshape(-1, inputs)
    return _Groups(column("path").astype(object), returned, column("accuracy").astype(np.float64))


def _answered(server: Serves, groups: _Groups, images: Images, seed: int, run: int) -> pd.DataFrame:
    """Return one row a request: its way, what returned, what was charged, whether it is right."""
    testing = split(images, seed).testing
    count, inputs = groups.path.shape
    generator = seeds.generator(run, seeds.REPLAY)
    members = _members(len(testing), count, inputs, generator)
    right = np.zeros((count, inputs), dtype=bool)
    for first in range(0, count, AT_ONCE):
        some = slice(first, first + AT_ONCE)
        chosen = testing[members[some]]
        pixels = torch.from_numpy(images.pixels[chosen])
        part = _Groups(groups.path[some], groups.returned[some], groups.charged[some])
        right[some] = classes(server, pixels, part) == images.labels[chosen]
    return pd.DataFrame(
        {
            "path": groups.path.ravel(),
            "returned": groups.returned.ravel(),
            "charged": groups.charged.ravel(),
            "right": right.ravel(),
            "seed": seed,
        }
    )


def classes(server: Serves, pixels: torch.Tensor, groups: _Groups) -> NDArray[np.int64]:
    """Return the class (B, K) that each request of groups of images (B, K, C, H, W) is told.

    Own answers are the uncoded model's; others are decoded from the tasks that had returned.
    """
    alone = server.alone(pixels.flatten(0, 1)).argmax(-1)
    told: NDArray[np.int64] = alone.reshape(groups.path.shape).astype(np.int64)
    by_code = np.isin(groups.path, DECODED)
    if not by_code.any():
        return told
    results = server.results(pixels)
    for mask in np.unique(groups.returned[by_code]):
        here = by_code & (groups.returned == mask)
        rows = np.flatnonzero(here.any(axis=1))
        returned = _tasks(int(mask), server.scheme)
        answers = server.decoded(results[:, rows], returned, pixels.shape[-1]).argmax(-1)
        told[rows] = np.where(here[rows], answers, told[rows])
    return told


def _tasks(mask: int, of: Scheme) -> list[int]:
    """Return the tasks that had returned, as the code of a scheme numbers them."""
    if of.kind == "collage":  # the last task of its group is the one task of its code
        return [0]
    return [task for task in range(of.tasks) if mask >> task & 1]


def _members(
    images: int, groups: int, inputs: int, generator: torch.Generator
) -> NDArray[np.int64]:
    """Return the places (B, K) of images among those for testing: shuffled, then shuffled anew."""
    shuffles = -(-groups * inputs // images)
    orders = [torch.randperm(images, generator=generator) for _ in range(max(shuffles, 1))]
    return torch.cat(orders)[: groups * inputs].view(groups, inputs).numpy()


def _bounds(
    table: AccuracyTable, of: Scheme, answered: pd.DataFrame
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the interval that the table has for each answer; NaN where it has none."""
    sets = {each.returned: each for each in table.sets}
    numbers = {each.returned: each for each in table.numbers}

    def entry(way: str, mask: int) -> tuple[float, float]:
        tasks = tuple(_tasks(mask, of))
        known = sets.get(tasks) or numbers.get(len(tasks)) if way in DECODED else table.uncoded
        if known is None or known.low is None or known.high is None:
            return np.nan, np.nan
        return known.low, known.high

    pairs = [entry(way, mask) for way, mask in zip(answered.path, answered.returned, strict=True)]
    low, high = np.array(pairs).T
    return low, high


def _replayed(way: str, rows: pd.DataFrame, images: int) -> Replayed:
    """Return how many of some answers were right, of so many different images."""
    shares: Sequence[float] = rows.groupby("seed")["right"].mean().tolist()
    found = estimate(shares, min(len(rows), images))
    actual = Estimate(float(rows["right"].mean()), found.low, found.high)
    mean = rows[["charged", "low", "high"]].mean(skipna=False)
    return Replayed(
        way=way,
        answers=len(rows),
        charged=float(mean["charged"]),
        low=float(mean["low"]),
        high=float(mean["high"]),
        actual=actual,
    )
