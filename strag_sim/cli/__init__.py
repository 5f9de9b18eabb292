"""The command ``strag-sim``: one subcommand a file, loaded when it is called."""

from strag_sim.cli.group import main

__all__ = ["main"]
