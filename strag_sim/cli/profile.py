"""``strag-sim profile``: how long models take on this machine, into profiles."""

import importlib
import os
import re
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from strag_sim.cli.group import FAILED, STOPPED
from strag_sim.errors import ProfilerError

if TYPE_CHECKING:
    from strag_sim.profiler import Load, Neighbour, Session

TYPES = ["float32", "float16", "bfloat16"]
MOST = 4096  # of a batch, as scenarios may have; and of calls at once


class Numbers(click.ParamType[tuple[int, ...]]):
    """Whole numbers separated by commas, such as 1,2,4."""

    name = "numbers"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Return the numbers, rising, each once."""
        if isinstance(value, tuple):
            return value
        parts = str(value).split(",")
        if not all(re.fullmatch(r"\s*[0-9]{1,4}\s*", p) and 1 <= int(p) <= MOST for p in parts):
            self.fail(f"{value!r} is not allowed; give whole numbers from 1 to {MOST}, as 1,2,4")
        return tuple(sorted({int(part) for part in parts}))


class LoadType(click.ParamType[str]):
    """``closed``, or ``poisson:`` and a rate."""

    name = "load"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the text, if it is a load."""
        text = str(value)
        if text != "closed" and not re.fullmatch(r"poisson:[0-9]*\.?[0-9]+", text):
            self.fail(f"{text!r} is not allowed; give closed, or poisson:RATE with calls a second")
        if text != "closed" and float(text.partition(":")[2]) <= 0:
            self.fail(f"{text!r} is not allowed; the rate must be above 0")
        return text


@click.command()
@click.argument("models", metavar="MODEL...", nargs=-1, required=True)
@click.option("--device", metavar="NAME", help="cuda, cuda:1, or cpu.  [default: cuda if there]")
@click.option("--batch", type=Numbers(), default="1", show_default=True, help="Batch sizes.")
@click.option("--dtype", type=click.Choice(TYPES), default="float32", show_default=True)
@click.option(
    "--requests",
    type=click.IntRange(2, 10**8),
    default=2000,
    show_default=True,
    help="Of each configuration, in calls of a batch each; with 299 or more, at least 299 calls.",
)
@click.option(
    "--concurrency",
    type=Numbers(),
    default="1",
    show_default=True,
    help="Calls at once, by threads.",
)
@click.option(
    "--load",
    type=LoadType(),
    default="closed",
    show_default=True,
    help="closed, or poisson:RATE, calls a second.",
)
@click.option("--compile", "compiled", is_flag=True, help="Call what torch.compile makes of it.")
@click.option(
    "--threads",
    type=click.IntRange(1, 1024),
    default=1,
    show_default=True,
    help="Processor threads of one call.",
)
@click.option(
    "--weights", type=click.Path(path_type=Path), metavar="FILE", help="Of one MODEL, a state dict."
)
@click.option("--beside", metavar="MODEL", help="Let another process call this meanwhile.")
@click.option(
    "--beside-load",
    type=LoadType(),
    default="closed",
    show_default=True,
    help="Of the other process, as --load.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Of the order of blocks, and of arrivals.",
)
@click.option("--name", metavar="NAME", help="Of the profile of one MODEL.")
@click.option("--licence", metavar="TEXT", default="not stated", help="For the profile.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="A .json file, or a folder for DEVICE-MODEL.json.  [default: this folder]",
)
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@click.pass_context
def profile(
    ctx: click.Context,
    models: tuple[str, ...],
    device: str | None,
    batch: tuple[int, ...],
    dtype: str,
    requests: int,
    concurrency: tuple[int, ...],
    load: str,
    compiled: bool,
    threads: int,
    weights: Path | None,
    beside: str | None,
    beside_load: str,
    seed: int,
    name: str | None,
    licence: str,
    output: Path | None,
    force: bool,
) -> None:
    """Measure how long each MODEL takes on this machine, and write a profile of it.

    A MODEL is built in (resnet-18, resnet-34, resnet-50, mobilenet-v2, vgg-16, densenet-121,
    vit-b-16, collage-cnn-3), module:callable returning a module and an example of its input, or a
    name that torchvision, timm or transformers knows, where installed. Weights are random: they do
    not change the time.

    All configurations take turns in small blocks; each call is timed, none is dropped.
    """
    profiler = _profiler()
    if len(set(models)) > 1 and (weights or name):
        raise click.UsageError("--weights and --name are for one MODEL")
    asked = profiler.Asked(
        device=profiler.device_of(device),
        dtype=dtype,
        batches=batch,
        concurrencies=concurrency,
        requests=requests,
        load=profiler.load_of(load),
        compiled=compiled,
        threads=threads,
        seed=seed,
    )
    names = {
        model: name or profiler.profile_name(asked.device, model) for model in dict.fromkeys(models)
    }
    paths = _paths(list(names.values()), output, force=force)
    session = profiler.ready([profiler.subject(model, weights) for model in names], asked)
    neighbour = _measured(session, beside, profiler.load_of(beside_load))
    written = _write(session, neighbour, names, paths, licence)
    if session.interrupted:
        ctx.exit(STOPPED)
    failed = any(record.failure for record in session.records)
    failed = failed or not written or bool(neighbour and neighbour.failure)
    ctx.exit(FAILED if failed else 0)


def _profiler() -> ModuleType:
    """Return the profiler, or say how to install what it needs."""
    try:
        return importlib.import_module("strag_sim.profiler")
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ProfilerError(
            "profile needs torch, which is not installed: pip install 'strag-sim[torch]'"
        ) from None


def _paths(names: Sequence[str], output: Path | None, *, force: bool) -> list[Path]:
    """Return the file of each profile; refuse now what could not be written at the end."""
    from strag_sim.measurements.writing import PROFILE, check_output

    if output is not None and output.suffix == ".json" and not output.is_dir():
        if len(names) > 1:
            raise click.UsageError(f"{output} is one file; for several models give a folder")
        paths = [output]
    else:
        folder = output or Path()
        if not folder.is_dir():
            raise ProfilerError(
                f"--output: {str(folder)!r} is no folder, and does not end in .json"
            )
        paths = [folder / f"{name}.json" for name in names]
    for path in paths:
        if paths.count(path) > 1:
            raise click.UsageError(
                f"several models would be written to {path}; measure one at a time"
            )
    for path in paths:
        check_output(path, PROFILE, force=force)
        if not os.access(path.parent, os.W_OK):
            raise ProfilerError(f"--output: nothing can be written into {str(path.parent)!r}")
    return paths


def _measured(session: "Session", beside: str | None, runs: "Load") -> "Neighbour | None":
    """Measure, and show how far it is."""
    from strag_sim import profiler
    from strag_sim.cli.progress import progress

    calls = sum(record.calls for record in session.records)
    with (
        profiler.beside(beside, runs, session.asked) as neighbour,
        progress("measuring", "calls", calls) as advance,
    ):
        profiler.measure(session, advance)
    return neighbour


def _write(
    session: "Session",
    neighbour: "Neighbour | None",
    names: Mapping[str, str],
    paths: Sequence[Path],
    licence: str,
) -> bool:
    """Write the profiles, and print what they say; return whether all could be written."""
    from strag_sim import profiler, profiles
    from strag_sim.cli.profiled import notes, table, what_failed

    command = shlex.join(["strag-sim", *sys.argv[1:]])
    points, told = {}, []
    for model, path in zip(session.models, paths, strict=True):
        name = model.subject.name
        texts = {"name": names[name], "command": command, "licence": licence}
        content = profiler.profile_of(session, model, neighbour, texts)
        if content is None:
            continue
        points[name] = content["points"]
        try:
            profiles.write(path, content)
        except OSError as error:
            told.append((False, f"{path}: cannot be written: {error.strerror or error}"))
        else:
            use = f"in a scenario: {{kind: profile, profile: {path}}}"
            told.append((True, f"wrote {path}; {use}"))
    if points:
        click.echo(table(points))
        click.echo("\n" + "\n".join(notes(session, neighbour, points)))
    for line in [*what_failed(session, neighbour), *(line for _, line in told)]:
        click.echo(line, err=True)
    return all(done for done, _ in told)
