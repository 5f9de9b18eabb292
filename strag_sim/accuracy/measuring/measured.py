"""The table of a scheme, of the models in a folder."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from strag_sim.accuracies import AccuracyTable, table_of
from strag_sim.accuracy.checkpoints import seeds_of
from strag_sim.accuracy.images import Images
from strag_sim.accuracy.measuring.content import content
from strag_sim.accuracy.measuring.counting import count
from strag_sim.accuracy.schemes import Scheme
from strag_sim.accuracy.serving import server
from strag_sim.accuracy.threads import one_thread
from strag_sim.errors import TrainingError


def measured(
    scheme: Scheme,
    images: Images,
    folder: Path,
    command: str = "",
    advance: Callable[[], None] | None = None,
) -> AccuracyTable:
    """Return the accuracy table of a scheme, over all seeds whose models are in a folder.

    ``advance`` is called after each seed. A TrainingError says what is missing.
    """
    seeds = seeds_of(folder, *scheme.models)
    if not seeds:
        raise TrainingError(
            f"{folder}: no model {scheme.model} is there; strag-sim accuracy train --schemes "
            f"{scheme.name} --output {folder} makes it"
        )
    counts = {}
    for seed in seeds:
        with one_thread():
            counts[seed] = count(server(scheme, images, folder, seed), images, seed, len(seeds))
        if advance is not None:
            advance()
    today = datetime.now(UTC).date().isoformat()
    return table_of(content(scheme, images, counts, command=command, date=today))
