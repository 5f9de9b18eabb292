"""What encoding and decoding cost on a machine: rates from measured times, and times from rates.

``strag-sim codes`` measures; what it found on one machine is shipped as ``data/costs.json`` with
the command, the date and the machine, and gives the rates of a master that says none of its own.
"""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from strag_sim.codes.code import Code
from strag_sim.codes.timing import CLASSES, Timing
from strag_sim.errors import CodeError
from strag_sim.whole import whole

FORMAT = 1
DENSE = ("lagrange", "berrut")  # whose encoding is one product, of all tasks


@dataclass(frozen=True)
class Rates:
    """How fast a master's processor is.

    Attributes
    ----------
    flops : float
        Operations a second of weighted sums, F in t = 2 K N D / F.
    resize_flops : float
        Operations a second of resizing images, counted as `resizing` counts them.
    weights : float
        Seconds that a decode takes beside its operations: to check, and to find its weights.
    """

    flops: float
    resize_flops: float
    weights: float


def rates(timings: Sequence[Timing]) -> Rates:
    """Return the medians of measured times: of Lagrange and Berrut codes, and of all that resize.

    What a decode takes beside its operations is that of Lagrange and Berrut codes.
    """
    dense = [each for each in timings if each.trial.name in DENSE]
    flops = statistics.median(map(rate, dense))
    resize = statistics.median(rate(each) for each in timings if each.trial.code.resizes)
    weights = statistics.median(
        each.decode - each.trial.code.decode_flops(CLASSES) / flops for each in dense
    )
    return Rates(flops, resize, weights)


def rate(timing: Timing) -> float:
    """Return the operations a second of an encode."""
    return timing.trial.code.encode_flops(timing.trial.numbers) / timing.encode


@lru_cache(maxsize=1)
def shipped() -> Rates:
    """Return the rates of the machine on which ``data/costs.json`` was measured."""
    content = json.loads(
        resources.files("strag_sim.codes").joinpath("data/costs.json").read_text(encoding="utf-8")
    )
    return Rates(**content["rates"])


def encode_time(code: Code, numbers: int, on: Rates | None = None) -> float:
    """Return the seconds that encoding a group takes, of inputs of so many numbers each."""
    known = on or shipped()
    return code.encode_flops(numbers) / (known.resize_flops if code.resizes else known.flops)


def decode_time(code: Code, answers: int, on: Rates | None = None) -> float:
    """Return the seconds that a decode takes of results of so many numbers each; 0 if it is none.

    The locator of wrong results is not in it.
    """
    known, operations = on or shipped(), code.decode_flops(answers)
    return known.weights + operations / known.flops if operations else 0.0


def content(timings: Sequence[Timing], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was measured, for JSON; ``known`` is where and how: command, date, machine."""
    return {
        "format": FORMAT,
        **known,
        "rates": {name: _short(value) for name, value in asdict(rates(timings)).items()},
        "times": [
            {
                "code": each.trial.name,
                "side": each.trial.side,
                "inputs": each.trial.code.inputs,
                "tasks": each.trial.code.tasks,
                "encode": _short(each.encode),
                "decode": _short(each.decode),
                "encode_flops": each.trial.code.encode_flops(each.trial.numbers),
                "decode_flops": each.trial.code.decode_flops(CLASSES),
            }
            for each in timings
        ],
    }


def write_costs(path: Path, known: Mapping[str, Any]) -> None:
    """Write costs into a file, a line a time; it appears whole or not at all.

    A CodeError says why it cannot be written.
    """
    rows = ",\n".join("  " + json.dumps(row) for row in known["times"])
    head = [f" {json.dumps(key)}: {json.dumps(known[key])}" for key in known if key != "times"]
    text = "{\n" + ",\n".join([*head, f' "times": [\n{rows}\n ]']) + "\n}\n"
    try:
        with whole(path) as file:
            file.write(text.encode("utf-8"))
    except OSError as error:
        raise CodeError(f"{path}: cannot be written: {error.strerror or error}") from error


def _short(value: float) -> float:
    """Return a number with the four digits that mean something."""
    return float(f"{value:.4g}")
