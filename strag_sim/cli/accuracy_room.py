"""What the commands of ``strag-sim accuracy`` share: their images, and the room that they enter."""

import importlib
from types import ModuleType

import click

from strag_sim.errors import TrainingError

LIBRARIES = ("torch", "safetensors", "sklearn")  # of the extra
DATA = click.option(
    "--data",
    metavar="DATA",
    default="digits",
    show_default=True,
    help="digits, a folder with a folder of images a class, or a .npz file.",
)


def room() -> ModuleType:
    """Return the room that trains and measures, or say how to install what it needs."""
    for library in LIBRARIES:
        try:
            importlib.import_module(library)
        except ModuleNotFoundError as error:
            if error.name != library:
                raise
            raise TrainingError(
                f"accuracy needs {library}, which is not installed: pip install 'strag-sim[torch]'"
            ) from None
    return importlib.import_module("strag_sim.accuracy")
