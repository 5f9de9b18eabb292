"""Measure one part of the profiles of a GPU: what scripts/profile_gpu.sh calls for each.

    python3 scripts/profile_gpu.py PART FOLDER [--budget SECONDS] [--tiny]

Needs torch and numpy, and of this package only what these can run. The sessions of a part follow
each other; all models of a session take turns. A session that is not done when its share of the
budget is over stops there, and keeps its calls. ``--tiny`` makes a few calls of small inputs, also
where there is no GPU: its files are as the real ones, its times mean nothing.
"""

import argparse
import csv
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import torch

from strag_sim import codes, profiles
from strag_sim.errors import ProfilerError
from strag_sim.profiler import (
    Asked,
    Load,
    Neighbour,
    Session,
    Subject,
    beside,
    device_of,
    measure,
    profile_name,
    profile_of,
    ready,
    subject,
    warming,
)
from strag_sim.profiler.coding import decoder, encoder
from strag_sim.profiler.models import vit
from strag_sim.profiler.models.made import Made
from strag_sim.whole import whole

BUDGET = 390.0  # seconds, of which writing the last session takes some more
LICENCE = "As this project's own."
BATCHES = (1, 2, 4, 8, 16, 32, 64)
MANY, FEW = 5000, 1000  # requests of a configuration in float32 and float16
# K and N of groups, as they were measured on a processor; numbers of an image, and of an answer.
GROUPS = {4: (5, 6, 8), 9: (10, 12, 16), 16: (17, 20, 24, 32), 25: (26, 30, 36)}
NUMBERS, ANSWERS = 3 * 224 * 224, 1000
GRIDS = (2, 3, 4, 5)
# What nvidia-smi is asked, and what it is called in a profile's environment.
ASKED_OF_SMI = {
    "driver_version": "driver",
    "pstate": "performance_state",
    "clocks.sm": "sm_clock",
    "clocks.max.sm": "sm_clock_most",
    "clocks.mem": "memory_clock",
    "temperature.gpu": "temperature",
    "power.draw": "power",
    "power.limit": "power_limit",
    "utilization.gpu": "utilisation",
    "memory.used": "memory_used",
}
TINY_PIXELS, TINY_CALLS, TINY_BATCH = 64, 5, 8


@dataclass(frozen=True)
class Planned:
    """A session: its models, what is asked, and ``until`` which share of the budget it may last.

    ``suffix`` stands behind the names of its profiles; ``tenant`` is what another process calls.
    """

    subjects: Sequence[Subject]
    asked: dict[str, Any]
    until: float
    suffix: str = ""
    tenant: str | None = None

    @property
    def title(self) -> str:
        """Its models and its suffix, in a line."""
        names = [each.name for each in self.subjects]
        shown = names if len(names) <= 5 else [*names[:2], f"{len(names) - 3} more", names[-1]]
        return f"{', '.join(shown)} ({self.suffix.removeprefix('-') or 'float32'})"


def part_of(number: int) -> list[Planned]:
    """Return the sessions of a part."""
    many: dict[str, Any] = {"requests": MANY}
    few: dict[str, Any] = {"requests": FEW, "dtype": "float16"}
    one = {**many, "batches": (1, 8)}
    first = named("resnet-18", "resnet-34", "resnet-50", "mobilenet-v2")
    second = named("densenet-121", "vgg-16", "vit-b-16")
    collages = named("resnet-34", *(f"collage-cnn-{grid}" for grid in GRIDS))
    parts = {
        1: [
            Planned(first, {**many, "batches": BATCHES}, 0.62),
            Planned(first, {**few, "batches": BATCHES}, 1.0, "-float16"),
        ],
        2: [
            Planned(second, {**many, "batches": BATCHES}, 0.62),
            Planned(second, {**few, "batches": BATCHES}, 1.0, "-float16"),
        ],
        3: [
            Planned(collages, {**many, "batches": (1, 4, 16, 64)}, 0.62, "-grids"),
            Planned(collages, {**few, "batches": (1,)}, 0.75, "-grids-float16"),
            Planned(list(coding()), {"requests": FEW}, 1.0),
        ],
        4: [
            Planned(
                named("resnet-34", "mobilenet-v2"),
                {**many, "concurrencies": (1, 2, 4, 8)},
                0.5,
                "-at-once",
            ),
            Planned(named("resnet-34", "collage-cnn-3"), many, 0.62, "-again"),
            Planned(named("mobilenet-v2"), one, 0.82, "-beside", "resnet-34"),
            Planned(named("resnet-34"), one, 1.0, "-beside", "resnet-50"),
        ],
    }
    return parts[number]


def named(*names: str) -> list[Subject]:
    """Return built-in models."""
    return [subject(name) for name in names]


def coding(numbers: int = NUMBERS) -> Iterator[Subject]:
    """Yield encoding and decoding with Lagrange's and Berrut's codes, of each size of a group.

    Decoding is from K results: all tasks returned but the first ones.
    """
    for inputs, sizes in GROUPS.items():
        for tasks in sizes:
            made = {
                "lagrange": codes.LagrangeCode(inputs, tasks),
                "berrut": codes.BerrutCode(inputs, tasks - inputs),
            }
            returned = range(tasks - inputs, tasks)
            for kind, code in made.items():
                name = f"{kind}-{inputs}-{tasks}"
                yield encoder(f"{name}-encode", code, numbers)
                yield decoder(f"{name}-decode", code, returned, ANSWERS)


def tiny(planned: Planned) -> Planned:
    """Return a session of a few calls of small inputs."""
    asked = {**planned.asked, "requests": TINY_CALLS}
    slow = "dtype" in asked  # half precision takes a processor twenty times as long
    for key in ("batches", "concurrencies"):
        most = 1 if slow else TINY_BATCH
        asked |= {key: [size for size in asked[key] if size <= most]} if key in asked else {}
    if planned.subjects[0].source != "built-in":
        return replace(planned, subjects=list(coding(64))[:8], asked=asked)
    subjects = planned.subjects[:1] if slow else planned.subjects
    made = [replace(each, make=partial(_small, each)) for each in subjects]
    return replace(planned, subjects=made, asked=asked)


def _small(each: Subject) -> Made:
    """Make a model with small images, where it takes them."""
    module, images = each.make()
    if each.name == "vit-b-16":
        return module, images
    return module, lambda batch: (images(batch)[0][..., :TINY_PIXELS, :TINY_PIXELS].contiguous(),)


class Part:
    """A part at work: its clock, its files, and what is missing at its end."""

    def __init__(self, number: int, folder: Path, budget: float, device: str) -> None:
        self.number, self.folder, self.device = number, folder, device
        self.begun, self.budget = time.monotonic(), budget
        self.deadline = 0.0  # of the session, in seconds from the start
        self.missing: list[str] = []
        self.readings: list[dict[str, Any]] = []

    @property
    def passed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.begun

    def run(self, planned: Planned, home: Path) -> bool:
        """Measure a session, and write its profiles; return whether Ctrl-C ended it."""
        self.deadline = planned.until * self.budget
        if self.passed >= self.deadline:
            self.missing.append(f"{planned.title}: not begun, as the time is over")
            return False
        print(f"{self.passed:.0f} s: {planned.title}", flush=True)
        before = self.read(planned, "before")
        session = ready(planned.subjects, Asked(device=self.device, **planned.asked))
        with beside(planned.tenant, Load(), session.asked) as neighbour:
            measure(session, self._in_time)
        after = self.read(planned, "after")
        self._note(session, neighbour)
        self._write(planned, session, neighbour, home, gpu_of(before, after))
        return session.interrupted and self.passed < self.deadline

    def _in_time(self, _done: int, _of: int) -> None:
        """End the session as Ctrl-C does, where its time is over."""
        if self.passed >= self.deadline:
            raise KeyboardInterrupt

    def _note(self, session: Session, neighbour: Neighbour | None) -> None:
        """Note what was not measured as asked."""
        for record in session.records:
            done = sum(map(len, record.blocks))
            if record.failure or done < record.calls:
                why = record.failure or "the time was over"
                self.missing.append(
                    f"{record.configuration} in {session.asked.dtype}: {done:,} of "
                    f"{record.calls:,} calls, {why}"
                )
        if neighbour is not None and neighbour.failure:
            self.missing.append(f"{neighbour.failure}: some was measured without it")

    def _write(
        self,
        planned: Planned,
        session: Session,
        neighbour: Neighbour | None,
        home: Path,
        gpu: dict[str, Any],
    ) -> None:
        """Write the profiles of a session, and all so far into the file that is kept."""
        for model in session.models:
            name = profile_name(self.device, model.subject.name) + planned.suffix
            command = f"scripts/profile_gpu.sh {self.number}"
            texts = {"name": name, "command": command, "licence": LICENCE}
            content = profile_of(session, model, neighbour, texts)
            if content is not None:
                known = {k: v for k, v in content["environment"].items() if v is not None}
                content["environment"] = {**content["environment"], **gpu, **known}
                profiles.write(home / f"{name}.json", content)
                for point in content["points"]:
                    print(line(name, point))
        with (
            whole(self.folder / f"part-{self.number}.zip") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed,
        ):
            for path in sorted(home.glob("*.json")):
                packed.write(path, path.name)

    def read(self, planned: Planned, when: str) -> dict[str, Any]:
        """Return what nvidia-smi says now, and write all that it has said."""
        said = smi()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.readings.append({"time": now, "session": planned.title, "when": when, **said})
        with (self.folder / f"part-{self.number}-nvidia-smi.csv").open("w", newline="") as file:
            fields = ["time", "session", "when", *ASKED_OF_SMI.values()]
            table = csv.DictWriter(file, fields)
            table.writeheader()
            table.writerows(self.readings)
        return said


def smi() -> dict[str, str]:
    """Return what nvidia-smi says of the first GPU; nothing where it is not there or fails."""
    query = ["nvidia-smi", "-i", "0", f"--query-gpu={','.join(ASKED_OF_SMI)}"]
    try:
        done = subprocess.run(
            [*query, "--format=csv,noheader,nounits"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    values = [each.strip() for each in done.stdout.strip().split(",")]
    if len(values) != len(ASKED_OF_SMI):
        return {}
    return dict(zip(ASKED_OF_SMI.values(), values, strict=True))


def gpu_of(before: dict[str, str], after: dict[str, str]) -> dict[str, Any]:
    """Return readings as a profile's environment has them: the driver once, all else twice."""
    told = {
        f"{name}_{when}": number(value)
        for when, said in (("before", before), ("after", after))
        for name, value in said.items()
        if name != "driver"
    }
    return {**({"driver": before["driver"]} if "driver" in before else {}), **told}


def number(text: str) -> float | str | None:
    """Return a number as one, other texts as they are, and None for [N/A] and the like."""
    try:
        return float(text)
    except ValueError:
        return None if text.startswith("[") else text


def line(name: str, point: dict[str, Any]) -> str:
    """Return what a point of a profile says, in a line."""
    at_once = f", {point['concurrency']} at once" if point["concurrency"] > 1 else ""
    known = point["details"]["quantiles"]
    told = ", ".join(f"{key} {each['value']:,.1f} us" for key, each in known.items())
    return f"  {name}, batch {point['batch']}{at_once}: {point['n']:,} calls, {told}"


def main() -> int:
    """Measure a part; return 0 if all of it was measured, 1 if not, 130 after Ctrl-C."""
    given = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    given.add_argument("part", type=int, choices=(1, 2, 3, 4))
    given.add_argument("folder", type=Path)
    given.add_argument("--budget", type=float, default=BUDGET, metavar="SECONDS")
    given.add_argument("--tiny", action="store_true")
    options = given.parse_args()
    device = device_of(None)
    if device == "cpu" and not options.tiny:
        print("torch finds no GPU here; --tiny tries this script out on the CPU", file=sys.stderr)
        return 2
    if options.tiny:
        warming.FEWEST, warming.MOST, warming.SECONDS = 1, 1, 0.0
        vit._BLOCKS = 1  # its images cannot be small
    part = Part(options.part, options.folder, options.budget, device)
    print(f"part {options.part} on {device}, torch {torch.__version__}", flush=True)
    interrupted = False
    with tempfile.TemporaryDirectory() as home:
        for planned in part_of(options.part):
            try:
                interrupted = part.run(tiny(planned) if options.tiny else planned, Path(home))
            except ProfilerError as error:
                part.missing.append(f"{planned.title}: {error}")
            if interrupted:
                break
    print(f"{part.passed:.0f} s: done" + ("; missing:" if part.missing else ", nothing missing"))
    for each in part.missing:
        print(f"  {each}")
    return 130 if interrupted else int(bool(part.missing))


if __name__ == "__main__":
    sys.exit(main())
