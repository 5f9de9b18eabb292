"""The claims of published systems beside what is simulated here."""

from collections.abc import Callable
from importlib import import_module

from strag_sim.reproduce.claims import Claim, Finding, Reproduction
from strag_sim.reproduce.pages import page, write

# What can be reproduced: the module and its function have the name.
SYSTEMS = ("collage", "coded", "ensemble", "parity")

__all__ = ["SYSTEMS", "Claim", "Finding", "Reproduction", "page", "reproduce", "write"]


def reproduce(
    name: str,
    *,
    runs: int | None = None,
    jobs: int | None = None,
    tell: Callable[[str], None] = print,
) -> Reproduction:
    """Simulate a published system's settings, and return its claims beside what was found.

    Parameters
    ----------
    name : str
        One of ``SYSTEMS``.
    runs : int or None
        Runs of each setting; by default as many as its scenarios say.
    jobs : int or None
        Processes; by default one a core.
    tell : callable
        Is told what is being simulated, a line each.
    """
    system = getattr(import_module(f"strag_sim.reproduce.{name}"), name)
    found: Reproduction = system(runs=runs, jobs=jobs, tell=tell)
    return found
