"""The gain of a decode, from the code that a table says it was measured with."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from strag_sim.codes import BerrutCode, Code, LagrangeCode, MDSCode, ParityCode
from strag_sim.errors import CodeError

KINDS = ("collage", "lagrange", "berrut", "parity", "mds", "ensemble")
# What makes a code of each kind that has gains: keys that must be there, and others.
_MADE: dict[str, tuple[Callable[..., Code], tuple[str, ...], tuple[str, ...]]] = {
    "lagrange": (LagrangeCode, ("inputs", "tasks"), ("threshold", "points")),
    "berrut": (BerrutCode, ("inputs", "stragglers"), ("errors", "points")),
    "parity": (ParityCode, ("inputs", "parities"), ()),
    "mds": (MDSCode, ("inputs", "tasks"), ()),
}
DIGITS = 9  # a gain of 1 may come out a rounding error below it, and belongs into a bin from 1 on


def gain_of(code: Mapping[str, Any], returned: Sequence[int]) -> float:
    """Return the gain with which a table's code decodes from these tasks.

    A Lagrange code without ``threshold`` goes through all that returned, however many they are.
    NaN where these tasks do not decode.
    """
    threshold = {"threshold": len(returned)} if code["kind"] == "lagrange" else {}
    try:
        return round(_code({**threshold, **code}).gain(returned), DIGITS)
    except CodeError:
        return float("nan")


def check_gains(code: Mapping[str, Any]) -> None:
    """Raise a ValueError that says what a table must do unless its code has gains."""
    kind = code["kind"]
    if kind not in _MADE:
        raise ValueError(
            f"hold no bins of gain for code.kind {kind}, whose decode multiplies nothing"
        )
    missing = [key for key in _MADE[kind][1] if key not in code]
    if missing:
        raise ValueError(f"hold code.{missing[0]}, so that gains can be computed for its bins")
    try:
        tasks = _code(code).tasks
    except CodeError as error:
        raise ValueError(f"hold as code one that there is ({error})") from error
    if tasks != code["tasks"]:
        raise ValueError(f"hold code.tasks {tasks}, as the rest of code says, not {code['tasks']}")


def _code(entry: Mapping[str, Any]) -> Code:
    """Return the code; keys that say nothing of its gain are passed over."""
    made, needed, others = _MADE[entry["kind"]]
    return made(**{key: entry[key] for key in (*needed, *others) if entry.get(key) is not None})
