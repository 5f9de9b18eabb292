"""What an unquoted word of YAML means.

Numbers and switches are read as in YAML 1.2, so that ``1e3`` is a number. Words that YAML 1.1
readers turn into something else (``no``, ``010``, ``12:30``, dates) are kept apart as traps:
whoever wrote one may have meant either, so every field refuses them and says what to write.
"""

import re
from dataclasses import dataclass

_NULLS = {"~", "null", "Null", "NULL"}
_SWITCHES = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_WHOLE = re.compile(r"[-+]?(0|[1-9](_?[0-9])*)")
_HEXADECIMAL = re.compile(r"[-+]?0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?([0-9](_?[0-9])*(\.([0-9](_?[0-9])*)?)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_UNBOUNDED = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_OLD_SWITCH = re.compile(r"yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF")
_OLD_WHOLE = re.compile(r"([-+]?)0([0-9_]+|b[01_]+|o[0-7_]+)")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?")


@dataclass(frozen=True)
class Trap:
    """An unquoted word that YAML readers disagree about, and what to write instead."""

    text: str
    hint: str


@dataclass(frozen=True)
class Empty:
    """A key or a list item without a value."""


def meaning(text: str) -> object:
    """Return what an unquoted word stands for: None, bool, int, float, str, Trap or Empty."""
    if text == "":
        return Empty()
    if text in _NULLS:
        return None
    if text in _SWITCHES:
        return _SWITCHES[text]
    number = _number(text)
    return _trap(text) or text if number is None else number


def _number(text: str) -> int | float | None:
    """Return the number that a word stands for, or None."""
    if len(text) > 400:  # longer ones are no number that anyone means, and slow to read
        return None
    if _WHOLE.fullmatch(text):
        return int(text)
    if _HEXADECIMAL.fullmatch(text):
        return int(text, 16)
    if _OLD_WHOLE.fullmatch(text):
        return None
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _UNBOUNDED.fullmatch(text):
        return float(text.replace(".", "").lower())
    return None


def _trap(text: str) -> Trap | None:
    """Return the trap that a word is, or None."""
    quoted = f'"{text}" in quotes'
    if _OLD_SWITCH.fullmatch(text):
        switch = "true" if text.lower() in ("yes", "on") else "false"
        return Trap(text, f"some YAML readers take {text} as {switch}: write {quoted}, or {switch}")
    whole = _OLD_WHOLE.fullmatch(text)
    if whole:
        plain = (whole[1] + whole[2].lstrip("0_")).replace("_", "") or "0"
        instead = (
            f"write {plain}, or {quoted}" if plain.lstrip("+-").isdigit() else f"write {quoted}"
        )
        return Trap(text, f"some YAML readers take {text} as a number to another base: {instead}")
    if _SEXAGESIMAL.fullmatch(text):
        hint = f"some YAML readers take {text} as a number to the base 60: write seconds"
        return Trap(text, f"{hint} or a unit, or {quoted}")
    if _DATE.fullmatch(text):
        return Trap(text, f"some YAML readers take {text} as a date: write {quoted}")
    return None
