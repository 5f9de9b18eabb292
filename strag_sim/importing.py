"""Modules that users bring, found in their own folders first."""

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import PathFinder
from types import ModuleType


def bring(name: str, folders: Sequence[str]) -> ModuleType:
    """Import a module, looked for in these folders, then where Python looks.

    Importing runs it. An ImportError says in words why it cannot be, whatever it raises.
    """
    with first(folders):
        _forget_namesake(name.partition(".")[0], folders)
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name != name.partition(".")[0]:
                raise ImportError(f"importing it failed: {error}") from None
            where = " and ".join(dict.fromkeys(folders))
            raise ImportError(f"there is no module {name!r} in {where}") from None
        except Exception as error:  # the module is the user's: it may raise anything
            raise ImportError(f"importing it failed: {type(error).__name__}: {error}") from None


@contextmanager
def first(folders: Sequence[str]) -> Iterator[None]:
    """Let Python look in these folders first, for a while."""
    before = list(sys.path)
    sys.path[:0] = folders
    try:
        yield
    finally:
        sys.path[:] = before


def _forget_namesake(name: str, folders: Sequence[str]) -> None:
    """Forget an imported module of another folder that has the name of one in these."""
    importlib.invalidate_caches()
    found = PathFinder.find_spec(name, folders)
    known = sys.modules.get(name)
    if found and found.origin and known and getattr(known, "__file__", None) != found.origin:
        for loaded in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
            del sys.modules[loaded]
