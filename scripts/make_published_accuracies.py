"""Make the shipped tables of accuracies that were published, from the numbers below.

    python scripts/make_published_accuracies.py [TARGET]

Only what is printed in a text, in code or as a label of a figure stands here, without an interval,
or what was read off a figure, with the error of reading as its interval. Nothing is computed from
other numbers.
"""

import sys
from pathlib import Path
from typing import Any

from strag_sim.accuracies import table_of, write_accuracy
from strag_sim.accuracies.table import FORMAT

SHIPPED = Path(__file__).parents[1] / "strag_sim/accuracies/data"
COMMAND = "python scripts/make_published_accuracies.py"
DATA = {
    "mnist": "MNIST",
    "fashion": "Fashion-MNIST",
    "cat-v-dog": "Cat v Dog",
    "speech": "Speech Commands",
    "cifar-10": "CIFAR-10",
    "cifar-100": "CIFAR-100",
}

APPROXIFER = (
    "Soleymani, Ali, Mahdavifar and Avestimehr, ApproxIFER (AAAI 2022, arXiv:2109.09868); numbers "
    "in Bar_plots.py of the authors' code, github.com/Mahdi-Soleymani/Approxifer"
)
BASE = {"mnist": 0.99, "fashion": 0.97, "cifar-10": 0.94}
# By K, with one straggler.
ONE_STRAGGLER = {
    "mnist": {8: 0.872, 10: 0.872, 12: 0.868},
    "fashion": {8: 0.74, 10: 0.73, 12: 0.72},
    "cifar-10": {8: 0.776, 10: 0.774, 12: 0.774},
}
# By S, in the figure that says K = 8.
MORE_STRAGGLERS = {
    "mnist": {2: 0.8256, 3: 0.7747},
    "fashion": {2: 0.6554, 3: 0.64},
    "cifar-10": {2: 0.7405, 3: 0.7305},
}
UNSURE = (
    "K = 8 is what the figure says; its values for one straggler are those that the same file has "
    "for K = 12, so that these may be of K = 12 too."
)
# Parity models as the authors of ApproxIFER measured them, by K.
PARITY_THERE = {
    "mnist": {8: 0.6833, 10: 0.592, 12: 0.5031},
    "fashion": {8: 0.6711, 10: 0.59, 12: 0.5518},
    "cifar-10": {8: 0.2539, 10: 0.2043, 12: 0.1921},
}
THERE = (
    "Parity models trained and measured by the authors of ApproxIFER, not by those of parity "
    "models, who measured k up to 4."
)

PARM = (
    "Kosaian, Rashmi and Venkataraman, Parity Models (SOSP 2019, arXiv:1905.00863); the authors' "
    "figure of accuracies for k = 2"
)
BLOG = (
    "Kosaian, Rashmi and Venkataraman, Parity Models (SOSP 2019, arXiv:1905.00863); the authors' "
    "text on it"
)
READING = 0.002  # error of reading the figure
# The deployed model and what is reconstructed with k = 2, read off the figure.
READ_OFF = {
    "mnist": (0.991, 0.991),
    "fashion": (0.928, 0.910),
    "cat-v-dog": (0.969, 0.926),
    "cifar-10": (0.934, 0.873),
    "cifar-100": (0.924, 0.859),
}
SPEECH_DEPLOYED = 0.944  # read off the figure
SPEECH = {2: 0.915, 3: 0.839, 4: 0.756}
TOP_5 = (
    "The figure does not say how answers are counted; so high for CIFAR-100, they are probably "
    "right where the label is among the first five."
)


def main(target: str | Path = SHIPPED) -> None:
    """Write the tables."""
    for content in [*approxifer(), *parity_there(), *parity()]:
        path = Path(target) / f"{content['name']}.json"
        write_accuracy(table_of(content), path)
        print(path)


def approxifer() -> list[dict[str, Any]]:
    """Return the tables of Berrut's code: all but S of K + S tasks returned."""
    known = [
        (data, inputs, 1, value, {})
        for data, by_inputs in ONE_STRAGGLER.items()
        for inputs, value in by_inputs.items()
    ]
    known += [
        (data, 8, stragglers, value, {"note": UNSURE})
        for data, by_stragglers in MORE_STRAGGLERS.items()
        for stragglers, value in by_stragglers.items()
    ]
    return [
        {
            **head(
                f"approxifer-{data}-{inputs}-{stragglers}",
                f"ApproxIFER on {DATA[data]}, K = {inputs} and {count(stragglers)}",
                APPROXIFER,
                note,
            ),
            "code": {
                "kind": "berrut",
                "inputs": inputs,
                "tasks": inputs + stragglers,
                "stragglers": stragglers,
            },
            "charges": "all",
            **measured(data),
            "uncoded": {"value": BASE[data]},
            "numbers": [{"returned": inputs, "value": value}],
        }
        for data, inputs, stragglers, value, note in known
    ]


def parity_there() -> list[dict[str, Any]]:
    """Return the tables of parity models as the authors of ApproxIFER measured them."""
    return [
        {
            **head(
                f"approxifer-parm-{data}-{inputs}",
                f"Parity models on {DATA[data]}, k = {inputs}, by the authors of ApproxIFER",
                APPROXIFER,
                {"note": THERE},
            ),
            **sums(inputs),
            **measured(data),
            "uncoded": {"value": BASE[data]},
            "numbers": [{"returned": inputs, "value": value}],
        }
        for data, by_inputs in PARITY_THERE.items()
        for inputs, value in by_inputs.items()
    ]


def parity() -> list[dict[str, Any]]:
    """Return the tables of parity models: k of k own tasks and one parity returned."""
    tables = [
        {
            **head(
                f"parm-{data}-2",
                f"Parity models on {DATA[data]}, k = 2",
                PARM,
                {"note": TOP_5} if data == "cifar-100" else {},
            ),
            **sums(2),
            "data": DATA[data],
            "uncoded": read_off(deployed),
            "numbers": [{"returned": 2, **read_off(reconstructed)}],
        }
        for data, (deployed, reconstructed) in READ_OFF.items()
    ]
    return tables + [
        {
            **head(f"parm-speech-{inputs}", f"Parity models on speech, k = {inputs}", BLOG, {}),
            **sums(inputs),
            "data": DATA["speech"],
            "uncoded": read_off(SPEECH_DEPLOYED),
            "numbers": [{"returned": inputs, "value": value}],
        }
        for inputs, value in SPEECH.items()
    ]


def head(name: str, title: str, source: str, note: dict[str, str]) -> dict[str, Any]:
    """Return what a table begins with."""
    common = {"format": FORMAT, "name": name, "title": title, "source": source}
    return {**common, **note, "command": COMMAND}


def sums(inputs: int) -> dict[str, Any]:
    """Return the code of one parity, of the sum of the inputs, and whom its accuracy is about."""
    code = {"kind": "parity", "inputs": inputs, "tasks": inputs + 1, "parities": 1}
    return {"code": {**code, "encoder": "sum"}, "charges": "missing"}


def measured(data: str) -> dict[str, Any]:
    """Return on what the authors of ApproxIFER measured; they name the model for CIFAR-10 only."""
    return {"data": DATA[data]} | ({"model": "ResNet-18"} if data == "cifar-10" else {})


def read_off(value: float) -> dict[str, float]:
    """Return a value that was read off a figure, with the error of reading."""
    return {
        "value": value,
        "low": round(value - READING, 4),
        "high": round(value + READING, 4),
    }


def count(stragglers: int) -> str:
    """Return a number of stragglers in words."""
    return "one straggler" if stragglers == 1 else f"{stragglers} stragglers"


if __name__ == "__main__":
    main(*sys.argv[1:])
