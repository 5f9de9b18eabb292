"""What ``strag-sim plot`` draws of what: how, where it goes, and what it rests on."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from strag_sim import plots
from strag_sim.plots.captions import of_results, of_timeline
from strag_sim.plots.served import window_of
from strag_sim.plots.timeline import draw_window
from strag_sim.results import is_sweep

# Drawn of sweeps: those that can be drawn of a result too, and those that cannot.
OF_SWEEPS = {"p99-load": "p99_load", "heatmap": "heatmap", "pareto": "swept_pareto"}
ONLY_OF_SWEEPS = ("p99-load", "heatmap")


class Drawing(NamedTuple):
    """How a figure is drawn on axes, its place without an ending, and its caption."""

    on: Callable[[Any], Any]
    place: Path
    caption: Mapping[str, object]


def drawing(sources: Sequence[str], kind: str, where: Sequence[str], policy: str | None) -> Drawing:
    """Return what is drawn of these sources; a StragSimError where they cannot be drawn."""
    if kind == "decode-gain":
        text = "By how much decoding multiplies errors, against the results that are missing."
        return Drawing(plots.decode_gain, Path(kind), plots.plain(kind, text))
    first = sources[0]
    if kind in ONLY_OF_SWEEPS or (kind in OF_SWEEPS and is_sweep(first)):
        return _of_sweep(Path(first), kind, where)
    if kind == "gain":
        return _of_results([Path(source) for source in sources])
    if kind == "timeline":
        return _of_tasks(Path(first), policy)
    of = {"profile": _of_profile, "fit": _of_fit, "allocation": _of_matrix}
    if kind in of:
        return of[kind](first)
    return _of_tables(sources) if kind == "accuracy" else _of_result(Path(first), kind)


def _of_result(folder: Path, kind: str) -> Drawing:
    """Return the figure of a result."""
    from strag_sim.results import Result

    result = Result.open(folder)
    on = partial(plots.KINDS[kind], result)
    return Drawing(on, folder / kind, plots.of_result(result, kind))


def _of_tasks(folder: Path, policy: str | None) -> Drawing:
    """Return the figure of a policy's tasks."""
    from strag_sim.results import Result

    result = Result.open(folder)
    window = window_of(result, None if policy is None else result.known(policy), 0, None, None)
    on = partial(draw_window, window, result.labels.index(window.label))
    return Drawing(on, folder / "timeline", of_timeline(result, window))


def _of_sweep(folder: Path, kind: str, where: Sequence[str]) -> Drawing:
    """Return the figure of a sweep."""
    from strag_sim.sweep import Swept

    swept = Swept.open(folder)
    on = partial(getattr(plots, OF_SWEEPS[kind]), swept, where=where)
    return Drawing(on, folder / kind, plots.of_sweep(swept, kind, where))


def _of_results(folders: Sequence[Path]) -> Drawing:
    """Return the figure of results; of several it goes beside the first, of one into it."""
    from strag_sim.results import Result

    results = [Result.open(folder) for folder in folders]
    names = [folder.resolve().name for folder in folders]
    caption = of_results(results, names, "gain")
    home = folders[0] if len(folders) == 1 else folders[0].parent
    return Drawing(partial(plots.gain, results, names), home / "gain", caption)


def _of_profile(name_or_path: str) -> Drawing:
    """Return the figure of a profile."""
    from strag_sim import profiles

    law = profiles.load(name_or_path)
    place = Path(Path(name_or_path).stem)
    return Drawing(partial(plots.profile, law), place, plots.of_profile(law))


def _of_fit(name_or_path: str) -> Drawing:
    """Return the figure of a profile and the laws that fit it best."""
    from strag_sim import fitting, profiles
    from strag_sim.cli.fitted import worth_a_look

    law = profiles.load(name_or_path)
    values, seconds = fitting.rebuilt(law), law.unit != profiles.RATIO
    fits = worth_a_look(fitting.fit(values, tuple(fitting.FAMILIES)))
    place = Path(f"{Path(name_or_path).stem}-fit")
    on = partial(plots.fits, values, fits, seconds=seconds)
    return Drawing(on, place, plots.of_profile(law, "fit"))


def _of_tables(names_or_paths: Sequence[str]) -> Drawing:
    """Return the figure of tables of accuracies."""
    from strag_sim import accuracies

    tables = [accuracies.read_accuracy(each) for each in dict.fromkeys(names_or_paths)]
    name = Path(names_or_paths[0]).stem if len(tables) == 1 else "accuracy"
    known = {table.name: table.source for table in tables}
    text = "Accuracy by how many results are missing; bars and bands as the tables have them."
    caption = plots.plain("accuracy", text, tables=known)
    return Drawing(partial(plots.accuracy, tables), Path(name), caption)


def _of_matrix(name: str) -> Drawing:
    """Return the figure of an allocation matrix."""
    from strag_sim.ensembles import read_allocation

    path = Path(name)
    caption = plots.plain("allocation", f"Batch sizes of models on devices: {path.name}.")
    return Drawing(partial(plots.allocation, read_allocation(path)), Path(path.stem), caption)
