"""The accuracy table of a scheme, of what was counted with each seed."""

from collections.abc import Iterable, Mapping, Sequence
from math import comb, floor, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from strag_sim.accuracy.images import Images
from strag_sim.accuracy.measuring.counting import MOST_SETS, Counts
from strag_sim.accuracy.measuring.interval import Estimate, estimate
from strag_sim.accuracy.schemes import Scheme, canvas

_DIGITS = 5  # after the point: an answer of 100,000
_BINS = 2  # a factor of 10 of the gain
_GAIN_DIGITS = 9  # a gain of 1 may come out a rounding error below it

Returned = tuple[int, ...]

_TITLES = {
    "collage": "Collage-CNN, {inputs} images a canvas",
    "lagrange": "Learned Lagrange coding, K = {inputs}, N = {tasks}",
    "naive": "Lagrange coding of the uncoded model, K = {inputs}, N = {tasks}",
    "berrut": "Berrut coding of the uncoded model (ApproxIFER), K = {inputs}, N = {tasks}",
    "polynomial": "Lagrange coding of a polynomial, K = {inputs}, N = {tasks}",
    "parity": "Parity model, {encoder} of k = {inputs} images",
    "ensemble": "Ensemble of {tasks} members, {combiner}",
}


def content(
    scheme: Scheme,
    images: Images,
    counts: Mapping[int, Counts],
    *,
    command: str,
    date: str,
) -> dict[str, Any]:
    """Return the table of a scheme, as its file holds it; ``counts`` are those of each seed.

    Every set of a size has an entry where there are at most 1,000; else bins of the logarithm of
    the gain have one. Each size has one as well: the mean of its sets, any as likely as another.
    """
    every = list(counts.values())
    side = images.pixels.shape[-1]
    sets = list(every[0].right)
    apart = [each for each in sets if comb(scheme.tasks, len(each)) <= MOST_SETS]
    drawn = [each for each in sets if comb(scheme.tasks, len(each)) > MOST_SETS]
    sizes = sorted({len(each) for each in sets})
    return {
        "format": 1,
        "name": f"{images.name}-{scheme.name}",
        "title": f"{_title(scheme)}, on {images.name}",
        "source": "measured with strag-sim accuracy",
        "code": _code(scheme, side),
        "charges": scheme.charges,
        "data": f"{images.name}: {every[0].images} test images a seed",
        "data_hash": images.sha256,
        "model": {"members": list(scheme.members)} if scheme.members else scheme.model,
        "seeds": sorted(counts),
        "command": command,
        "date": date,
        "uncoded": _numbers(
            estimate([each.alone for each in every], sum(each.images for each in every))
        ),
        "sets": [_set(each, every) for each in apart],
        "bins": _bins(scheme, drawn, every, side),
        "numbers": [
            {"returned": size, **_entry([s for s in sets if len(s) == size], every)}
            for size in sizes
        ],
    }


def _title(scheme: Scheme) -> str:
    """Return what a table is of, in words."""
    text = _TITLES[scheme.kind].format(
        inputs=scheme.inputs, tasks=scheme.tasks, encoder=scheme.encoder, combiner=scheme.combiner
    )
    return f"{text}, stages run by the master: {scheme.share}" if scheme.share else text


def _code(scheme: Scheme, side: int) -> dict[str, Any]:
    """Return what the code is."""
    found: dict[str, Any] = {
        "kind": scheme.code_kind,
        "inputs": scheme.inputs,
        "tasks": scheme.tasks,
        "least": scheme.least,
    }
    match scheme.kind:
        case "collage":
            found |= {"grid": round(scheme.inputs**0.5), "canvas": canvas(side)}
        case "berrut":
            found["stragglers"] = scheme.tasks - scheme.inputs
        case "parity":
            found |= {"parities": 1, "encoder": scheme.encoder}
        case "lagrange":
            found["share"] = scheme.share
        case "ensemble":
            found["combiner"] = scheme.combiner
        case "polynomial":
            found |= {"degree": scheme.degree, "exact": scheme.least + 1}
    return found


def _set(returned: Returned, counts: Sequence[Counts]) -> dict[str, Any]:
    """Return the entry of one set, with what each place of a group has."""
    places = np.mean([each.right[returned] for each in counts], axis=0)
    values = [None if np.isnan(each) else round(float(each), _DIGITS) for each in places]
    return {"returned": list(returned), **_entry([returned], counts), "places": values}


def _bins(
    scheme: Scheme, sets: Iterable[Returned], counts: Sequence[Counts], side: int
) -> list[dict[str, Any]]:
    """Return the entries of bins of gain, each half a power of 10 wide, of drawn sets."""
    found: dict[int, list[Returned]] = {}
    for each in sets:
        gain = round(scheme.code(len(each), side).gain(each), _GAIN_DIGITS)
        found.setdefault(floor(_BINS * log10(gain)), []).append(each)
    return [
        {"gain": [_edge(bin_), _edge(bin_ + 1)], **_entry(found[bin_], counts)}
        for bin_ in sorted(found)
    ]


def _edge(bin_: int) -> float:
    """Return the gain at which a bin begins."""
    return float(f"{10 ** (bin_ / _BINS):.4g}")


def _entry(sets: Sequence[Returned], counts: Sequence[Counts]) -> dict[str, Any]:
    """Return the accuracy over sets, any as likely as another, and the agreement."""
    right = [_mean(each.right[s] for s in sets) for each in counts]
    agreeing = [_mean(each.agreeing[s] for s in sets) for each in counts]
    found = estimate(right, sum(_different(each, sets) for each in counts))
    return {**_numbers(found), "agreement": round(sum(agreeing) / len(agreeing), _DIGITS)}


def _mean(places: Iterable[NDArray[np.float64]]) -> float:
    """Return the mean over sets and over the places that are charged."""
    return float(np.nanmean(np.stack(list(places))))


def _different(counts: Counts, sets: Sequence[Returned]) -> int:
    """Return how many different images are answered, at most: an image is in several groups."""
    charged = sum(int(np.isfinite(counts.right[each]).sum()) for each in sets)
    return min(counts.images, counts.groups * charged)


def _numbers(found: Estimate) -> dict[str, float]:
    """Return an estimate as numbers of a file."""
    return {key: round(getattr(found, key), _DIGITS) for key in ("value", "low", "high")}
