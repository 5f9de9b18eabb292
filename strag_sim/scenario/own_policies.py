"""Policies that users bring: ``kind: module:Class``."""

import dataclasses
from operator import attrgetter
from pathlib import Path

from strag_sim.errors import ScenarioError
from strag_sim.hints import did_you_mean
from strag_sim.importing import bring


def load_class(kind: str, folder: object) -> type:
    """Return the class that "module:Class" names, or raise a ScenarioError that says why not.

    The module is looked for in the scenario's folder, then in the current one, then where Python
    looks; importing it runs it.
    """
    module_name, _, class_name = kind.partition(":")
    folders = [str(Path(str(folder or ".")).absolute()), str(Path.cwd())]
    try:
        module = bring(module_name, folders)
    except ImportError as error:
        raise ScenarioError(f"{kind!r} is not allowed; {error}") from None
    try:
        found = attrgetter(class_name)(module)
    except AttributeError:
        names = [name for name, value in vars(module).items() if isinstance(value, type)]
        hint = did_you_mean(class_name, names)
        raise ScenarioError(
            f"{kind!r} is not allowed; {module_name} has no class {class_name!r}{hint}"
        ) from None
    if not (isinstance(found, type) and dataclasses.is_dataclass(found)):
        raise ScenarioError(f"{kind!r} is not allowed; a policy must be a frozen dataclass")
    if not found.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise ScenarioError(f"{kind!r} is not allowed; write @dataclass(frozen=True) above it")
    if not callable(getattr(found, "shape", None)):
        raise ScenarioError(f"{kind!r} is not allowed; a policy needs a method shape(self)")
    return found
