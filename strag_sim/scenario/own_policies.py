"""Policies that users bring: ``kind: module:Class``."""

import dataclasses
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import PathFinder
from operator import attrgetter
from pathlib import Path
from types import ModuleType

from strag_sim.errors import ScenarioError
from strag_sim.scenario.problems import did_you_mean


def load_class(kind: str, folder: object) -> type:
    """Return the class that "module:Class" names, or raise a ScenarioError that says why not.

    The module is looked for in the scenario's folder, then in the current one, then where Python
    looks; importing it runs it.
    """
    module_name, _, class_name = kind.partition(":")
    module = _module(kind, module_name, [str(Path(str(folder or ".")).absolute()), str(Path.cwd())])
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


def _module(kind: str, name: str, folders: list[str]) -> ModuleType:
    """Import a module, found in these folders first."""
    with _first(folders):
        _forget_namesake(name.partition(".")[0], folders)
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name.partition(".")[0]:
                raise ScenarioError(
                    f"{kind!r} is not allowed; importing it failed: {error}"
                ) from None
            where = " and ".join(dict.fromkeys(folders))
            raise ScenarioError(
                f"{kind!r} is not allowed; there is no module {name!r} in {where}"
            ) from None
        except Exception as error:  # the module is the user's: it may raise anything
            reason = f"{type(error).__name__}: {error}"
            raise ScenarioError(f"{kind!r} is not allowed; importing it failed: {reason}") from None


@contextmanager
def _first(folders: list[str]) -> Iterator[None]:
    """Let Python look in these folders first, for a while."""
    before = list(sys.path)
    sys.path[:0] = folders
    try:
        yield
    finally:
        sys.path[:] = before


def _forget_namesake(name: str, folders: list[str]) -> None:
    """Forget an imported module of another folder that has the name of one in these."""
    importlib.invalidate_caches()
    found = PathFinder.find_spec(name, folders)
    known = sys.modules.get(name)
    if found and found.origin and known and getattr(known, "__file__", None) != found.origin:
        for loaded in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
            del sys.modules[loaded]
