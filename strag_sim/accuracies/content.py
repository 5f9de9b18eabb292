"""What the file of a table may say, checked."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from typing import Any

from strag_sim.accuracies import entries
from strag_sim.accuracies.gains import KINDS, check_gains
from strag_sim.accuracies.table import (
    COMBINERS,
    FORMAT,
    MOST_TASKS,
    AccuracyTable,
    Bin,
    Charges,
    Entry,
)
from strag_sim.errors import AccuracyError
from strag_sim.shelf import Shelf, digest
from strag_sim.units import shown

SHELF = Shelf(
    "strag_sim.accuracies", "accuracy", "accuracies", "a table of accuracies", AccuracyError
)

KEYS = (
    "format",
    "name",
    "title",
    "source",
    "note",
    "code",
    "charges",
    "data",
    "data_hash",
    "model",
    "seeds",
    "command",
    "date",
    "uncoded",
    "sets",
    "bins",
    "numbers",
    "sha256",
)
MOST_INPUTS = 1_000_000
# Keys of a code, beside those that every code has.
_COUNTS = ("threshold", "stragglers", "errors", "parities", "grid", "size")
_WORDS = ("points", "encoder")


def table_of(content: Mapping[str, Any], where: str = "") -> AccuracyTable:
    """Return the table that parsed JSON describes; ``where`` is its path or name, for messages.

    Raises
    ------
    AccuracyError
        If it describes none; the message says what is missing or wrong.
    """
    try:
        return _table(content)
    except ValueError as error:  # its text is what a table must do and this one does not
        raise SHELF.wrong(where or str(content.get("name")), str(error)) from error


def _table(content: Mapping[str, Any]) -> AccuracyTable:
    """Return the table; a ValueError says what a table must do that this one does not."""
    if content.get("format") != FORMAT:
        raise ValueError(f"hold format {FORMAT}, but holds {shown(content.get('format'))}")
    unknown = [key for key in content if key not in KEYS]
    if unknown:
        raise ValueError(f"hold no other keys than {', '.join(KEYS)}, but holds {unknown[0]!r}")
    inputs, tasks = _code(content)
    sets = tuple(
        entries.survivors(row, inputs, tasks, f"sets[{i}].")
        for i, row in enumerate(entries.objects(content, "sets"))
    )
    bins = _bins(content)
    numbers = tuple(
        entries.number(row, tasks, f"numbers[{i}].")
        for i, row in enumerate(entries.objects(content, "numbers"))
    )
    _once("sets", (each.returned for each in sets))
    _once("numbers", (each.returned for each in numbers))
    if not (sets or bins or numbers):
        raise ValueError("hold at least one entry in sets, bins or numbers")
    _check_provenance(content)
    return AccuracyTable(
        name=entries.text(content, "name"),
        title=entries.text(content, "title"),
        source=entries.text(content, "source"),
        inputs=inputs,
        tasks=tasks,
        charges=_charges(content),
        uncoded=_uncoded(content),
        sets=sets,
        bins=bins,
        numbers=numbers,
        sha256=digest(content),
        content=dict(content),
    )


def _code(content: Mapping[str, Any]) -> tuple[int, int]:
    """Return the inputs and the tasks of the code."""
    code = content.get("code")
    if not isinstance(code, dict):
        raise ValueError(f"hold code as an object, but holds {shown(code)}")
    if code.get("kind") not in KINDS:
        raise ValueError(
            f"hold code.kind as one of {', '.join(KINDS)}, but holds {shown(code.get('kind'))}"
        )
    for key, value in code.items():
        _check_parameter(key, value)
    if code["kind"] == "ensemble":
        _check_ensemble(code)
    return (
        entries.whole_number(code, "inputs", MOST_INPUTS, "code."),
        entries.whole_number(code, "tasks", MOST_TASKS, "code."),
    )


def _check_parameter(key: str, value: object) -> None:
    """Check one key of the code, beside its kind, inputs and tasks."""
    if key in _COUNTS and value is not None and not entries.is_whole(value, 0, MOST_INPUTS):
        raise ValueError(f"hold code.{key} as a whole number >= 0, but holds {shown(value)}")
    if key in _WORDS and value is not None and not isinstance(value, str):
        raise ValueError(f"hold code.{key} as text, but holds {shown(value)}")
    if not isinstance(value, str | int | float | bool | None):
        allowed = "a text, a number, true, false or null"
        raise ValueError(f"hold code.{key} as {allowed}, but holds {shown(value)}")


def _check_ensemble(code: Mapping[str, Any]) -> None:
    """Check what is known of ensembles: each request is answered by members, combined."""
    if code.get("inputs") != 1:
        raise ValueError(
            f"hold code.inputs 1 for an ensemble, whose members answer each request alone, but "
            f"holds {shown(code.get('inputs'))}"
        )
    if code.get("combiner") not in COMBINERS:
        raise ValueError(
            f"hold code.combiner as one of {', '.join(COMBINERS)}, but holds "
            f"{shown(code.get('combiner'))}"
        )


def _charges(content: Mapping[str, Any]) -> Charges:
    """Return whose answers the table is about."""
    found = content.get("charges")
    if found == "all":
        return "all"
    if found == "missing":
        return "missing"
    raise ValueError(f"hold charges as all or missing, but holds {shown(found)}")


def _uncoded(content: Mapping[str, Any]) -> Entry | None:
    """Return the accuracy of the model without a code, None where it is not known."""
    found = content.get("uncoded")
    if found is None:
        return None
    if not isinstance(found, dict):
        raise ValueError(f"hold uncoded as an object or null, but holds {shown(found)}")
    return entries.entry(found, "uncoded.")


def _bins(content: Mapping[str, Any]) -> tuple[Bin, ...]:
    """Return the accuracies by gain, whose bins must not overlap."""
    rows = entries.objects(content, "bins")
    bins = tuple(entries.bin_of(row, f"bins[{i}].") for i, row in enumerate(rows))
    if bins:
        check_gains(content["code"])
    rising = sorted(range(len(bins)), key=lambda i: bins[i].gain)
    for i, j in zip(rising[:-1], rising[1:], strict=True):
        if bins[j].gain[0] < bins[i].gain[1]:
            raise ValueError(f"hold bins that do not overlap, but bins[{i}] and bins[{j}] do")
    return bins


def _once(key: str, names: Iterable[Hashable]) -> None:
    """Require that no two entries are about the same."""
    seen: dict[Hashable, int] = {}
    for i, name in enumerate(names):
        first = seen.setdefault(name, i)
        if first < i:
            raise ValueError(
                f"hold each set and each number once, but {key}[{first}] and {key}[{i}] are about "
                "the same"
            )


def _check_provenance(content: Mapping[str, Any]) -> None:
    """Check what is said of how the table was made, where it is said."""
    for key in ("note", "data", "data_hash", "command"):
        if content.get(key) is not None:
            entries.text(content, key)
    model = content.get("model")
    if not isinstance(model, str | dict | None):
        raise ValueError(f"hold model as text or an object, but holds {shown(model)}")
    seeds = content.get("seeds")
    fine = isinstance(seeds, list) and all(isinstance(seed, int) for seed in seeds)
    if seeds is not None and not fine:
        raise ValueError(f"hold seeds as a list of whole numbers, but holds {shown(seeds)}")
    if content.get("date") is not None:
        _check_date(entries.text(content, "date"))


def _check_date(date: str) -> None:
    """Require a date as ISO has it."""
    try:
        datetime.fromisoformat(date)
    except ValueError:
        like = "2026-11-28T13:05:00+00:00"
        raise ValueError(f"state its date as ISO, such as {like}, not {shown(date)}") from None
