"""What is asked of a cluster's queue: the file that ``sweep --cluster`` reads."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import ValidationError

from strag_sim.errors import ScenarioError
from strag_sim.scenario.fields import Check, Fields, flag, text, whole
from strag_sim.scenario.fields import time as duration
from strag_sim.scenario.problems import problems_of
from strag_sim.scenario.reading import Document, read

MOST_JOBS, MOST_CPUS = 10_000, 1024
_MEMORY = r"^[0-9]+(\.[0-9]+)? *[kMGT]i?B$"


def memory_size() -> Check:
    """Return an amount of memory as queues take it."""

    def read(value: object) -> str:
        if not isinstance(value, str) or not re.match(_MEMORY, value.strip()):
            raise ValueError
        return value.replace(" ", "")

    what = "an amount of memory with its unit, such as 4 GB"
    return Check(read, what, {"type": "string", "pattern": _MEMORY})


class Cluster(Fields):
    """Jobs of a queue: how many, what each may use, and what its script says besides.

    Each job has ``cpus`` workers with a cell each; ``memory`` is that of a job. With ``adapt``
    there are only as many jobs as there is work for, at most ``jobs``.
    """

    partition: Annotated[str, text()] | None = None
    account: Annotated[str, text()] | None = None
    time: Annotated[float, duration(above=0)] = 3600.0
    memory: Annotated[str, memory_size()] = "2GB"
    cpus: Annotated[int, whole(1, MOST_CPUS)] = 1
    jobs: Annotated[int, whole(1, MOST_JOBS)] = 1
    adapt: Annotated[bool, flag()] = False
    interface: Annotated[str, text()] | None = None
    directives: tuple[Annotated[str, text()], ...] = ()
    prologue: tuple[Annotated[str, text()], ...] = ()


def read_cluster(
    source: str | Path | Mapping[str, Any] | None, given: Mapping[str, Any]
) -> Cluster:
    """Return what a file or a mapping asks of a queue; what is ``given`` beside it wins.

    A ScenarioError tells all that is wrong.
    """
    document = Document({}) if source is None else read(source)
    if isinstance(document.value, dict):
        for key, value in given.items():
            document.value[key] = value
            document.places[(key,)] = f"--{key} {value}"
    try:
        return Cluster.model_validate(document.value)
    except ValidationError as error:
        found = [*document.problems, *problems_of(error)]
        raise ScenarioError(*document.render(found)) from None
