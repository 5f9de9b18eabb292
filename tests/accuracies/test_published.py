"""The shipped tables of published accuracies are what the script makes of the numbers in it."""

import runpy
from pathlib import Path

import pytest

from strag_sim.accuracies import names, read_accuracy
from strag_sim.policies import Berrut, Parity

ROOT = Path(__file__).parents[2]
PUBLISHED = [name for name in names() if name.startswith(("approxifer-", "parm-"))]


def test_the_script_writes_what_is_shipped(tmp_path: Path) -> None:
    """Byte for byte, all of them."""
    runpy.run_path(str(ROOT / "scripts/make_published_accuracies.py"))["main"](tmp_path)

    assert sorted(path.stem for path in tmp_path.iterdir()) == PUBLISHED
    for path in tmp_path.iterdir():
        shipped = ROOT / "strag_sim/accuracies/data" / path.name
        assert path.read_bytes() == shipped.read_bytes()


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_policy_takes_it(name: str) -> None:
    """The code's policy, with the parameters that the file says."""
    table = read_accuracy(name)
    code = table.content["code"]

    if code["kind"] == "berrut":
        Berrut(inputs=code["inputs"], stragglers=code["stragglers"], accuracy=name)
    else:
        Parity(inputs=code["inputs"], parities=code["parities"], accuracy=name)
    assert table.charges == ("all" if code["kind"] == "berrut" else "missing")


@pytest.mark.parametrize(
    ("name", "uncoded", "value", "interval"),
    [
        ("approxifer-mnist-8-1", 0.99, 0.872, False),
        ("approxifer-cifar-10-12-1", 0.94, 0.774, False),
        ("approxifer-fashion-8-3", 0.97, 0.64, False),
        ("approxifer-parm-cifar-10-12", 0.94, 0.1921, False),
        ("parm-cifar-10-2", 0.934, 0.873, True),
        ("parm-speech-2", 0.944, 0.915, False),
        ("parm-speech-4", 0.944, 0.756, False),
    ],
)
def test_numbers(name: str, uncoded: float, value: float, interval: bool) -> None:
    """As printed; what was read off a figure has the error of reading, 0.2 points, as interval."""
    table = read_accuracy(name)
    (number,) = table.numbers

    assert table.uncoded is not None
    assert (table.uncoded.value, number.value, table.sets) == (uncoded, value, ())
    assert (number.low, number.high) == (
        (pytest.approx(value - 0.002), pytest.approx(value + 0.002)) if interval else (None, None)
    )
    assert number.agreement is None


def test_what_parity_loses_is_what_its_authors_print() -> None:
    """Digitised values agree with the losses printed as labels in the same figure, within 0.2 each.

    Labels of Kosaian et al.: 0.01, 1.79, 4.30, 6.13 and 6.40 points.
    """
    labels = {"mnist": 0.01, "fashion": 1.79, "cat-v-dog": 4.30, "cifar-10": 6.13, "cifar-100": 6.4}
    for data, label in labels.items():
        table = read_accuracy(f"parm-{data}-2")
        assert table.uncoded is not None
        lost = 100 * (table.uncoded.value - table.numbers[0].value)
        assert lost == pytest.approx(label, abs=0.4)
