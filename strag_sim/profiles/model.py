"""What a profile file says of its model, for whoever must place it on devices: checked."""

from collections.abc import Mapping
from typing import Any

from strag_sim.profiles.entries import count
from strag_sim.profiles.profile import Model
from strag_sim.shelf import is_number
from strag_sim.units import shown

_PLACE = "model."
_COUNTS = ("parameters", "memory", "memory_per_sample")
_KEYS = (*_COUNTS, "accuracy")


def model_of(content: Mapping[str, Any]) -> Model | None:
    """Return the figures of a profile's model; None where the file has none.

    A ValueError says what a profile must do that this one does not.
    """
    if "model" not in content:
        return None
    row = content["model"]
    if not isinstance(row, dict) or not row:
        raise ValueError(f"hold model as an object of {_listed()}, but holds {shown(row)}")
    for key in row:
        if key not in _KEYS:
            raise ValueError(f"hold in model nothing but {_listed()}, but holds {shown(key)}")
    counts = {key: count(row, key, _PLACE) for key in _COUNTS if key in row}
    return Model(**counts, accuracy=_share(row) if "accuracy" in row else None)


def _share(row: Mapping[str, Any]) -> float:
    """Return the accuracy."""
    found: Any = row["accuracy"]
    if not is_number(found) or not 0 <= found <= 1:
        raise ValueError(f"hold {_PLACE}accuracy as a share, 0 to 1, but holds {shown(found)}")
    return float(found)


def _listed() -> str:
    """Return the keys for a message."""
    return ", ".join(_KEYS)
