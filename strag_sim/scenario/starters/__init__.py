"""Commented scenarios to start from."""

from importlib import resources

from strag_sim.errors import ScenarioError
from strag_sim.scenario.problems import unknown


def starters() -> dict[str, str]:
    """Return the names of the starters, each with its first comment line."""
    return {name: _read(name).partition("\n")[0].lstrip("# ") for name in _names()}


def starter(name: str) -> str:
    """Return the text of a starter, or raise a ScenarioError that says which there are."""
    if name not in _names():
        raise ScenarioError(unknown(name, _names(), "TEMPLATE"))
    return _read(name)


def _names() -> list[str]:
    files = (entry.name for entry in resources.files(__name__).iterdir())
    return sorted(file.removesuffix(".yaml") for file in files if file.endswith(".yaml"))


def _read(name: str) -> str:
    return resources.files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
