"""What a simulation found: in memory, or opened from its folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from strag_sim.errors import ResultError
from strag_sim.results import files
from strag_sim.results.attribution import attribution_frame
from strag_sim.results.folder import MARK, write_folder
from strag_sim.results.frames import course_frame, runs_frame, summary_frame, tail_frame
from strag_sim.statistics import Estimates, Run, Sample, Sketch
from strag_sim.tables import Floats


@dataclass(frozen=True, kw_only=True)
class Result:
    """Tables of a simulation; times in seconds, NaN where there is no number.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``summary``, ``runs``, ``tail``, ``course``, and ``attribution`` where it was asked for;
        see the methods of these names.
    scenario : str
        The resolved scenario, as YAML.
    provenance : mapping
        What made it, as `strag_sim.results.provenance` tells.
    samples : tuple of Sample
        What was measured; empty where it was opened from a folder.
    folder : Path or None
        Where it was opened from.
    """

    tables: Mapping[str, pd.DataFrame]
    scenario: str
    provenance: Mapping[str, object]
    samples: tuple[Sample, ...] = ()
    folder: Path | None = None

    @classmethod
    def of(
        cls,
        samples: Sequence[Sample],
        estimates: Sequence[Estimates],
        scenario: str,
        provenance: Mapping[str, object],
        *,
        confidence: float,
    ) -> Self:
        """Return the result of what was measured and estimated, in the order of the policies."""
        tables = {
            "summary": summary_frame(samples, estimates, confidence),
            "runs": runs_frame(samples, estimates),
            "tail": tail_frame(samples, estimates),
            "course": course_frame(samples, confidence),
        }
        attribution = attribution_frame(samples, estimates, confidence)
        if attribution is not None:
            tables["attribution"] = attribution
        known = {**provenance, "confidence": confidence}
        return cls(tables=tables, scenario=scenario, provenance=known, samples=tuple(samples))

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Return the result that a folder holds; ResultError where it holds none."""
        home = Path(folder)
        if not (home / MARK).is_file():
            raise ResultError(f"{folder}: no result here (no {MARK}); give the folder of a run")
        try:
            scenario, known = files.read_texts(home)
            tables = files.read_estimates(home)
        except (OSError, ValueError) as error:
            raise ResultError(f"{folder}: the result is broken: {error}") from error
        return cls(tables=tables, scenario=scenario, provenance=known, folder=home)

    @property
    def interrupted(self) -> bool:
        """Whether it was stopped, and so holds only the runs that every policy finished."""
        return bool(self.provenance.get("interrupted", False))

    @property
    def notes(self) -> list[str]:
        """What a user should know before believing the numbers, one sentence each."""
        notes = self.provenance.get("notes", [])
        return [str(note) for note in notes] if isinstance(notes, list) else []

    def summary(self) -> pd.DataFrame:
        """Return one row a policy: its estimates, and the interval of each."""
        return self.tables["summary"].copy()

    def runs(self) -> pd.DataFrame:
        """Return one row a policy and run: the estimates of that run alone."""
        return self.tables["runs"].copy()

    def tail(self) -> pd.DataFrame:
        """Return each policy's distribution of responses, thinned for figures."""
        return self.tables["tail"].copy()

    def course(self) -> pd.DataFrame:
        """Return each policy's mean response along a run, the warm-up included, for figures."""
        return self.tables["course"].copy()

    def attribution(self) -> pd.DataFrame:
        """Return where the requests' time went: a row a policy, set of requests and part.

        ResultError where this was not asked for.
        """
        if "attribution" not in self.tables:
            raise ResultError(
                f"{self.folder or 'this result'}: does not tell where the time went; run again "
                "with --attribution (in Python: simulate(..., attribution=True))"
            )
        return self.tables["attribution"].copy()

    def responses(self, label: str) -> Floats:
        """Return a policy's measured responses in seconds: run by run, each in order of arrival.

        Shape (runs x requests,). A saved result has them only where requests were recorded, and so
        has one with more than `simulate.MOST_KEPT` responses a policy.
        """
        labels = list(self.tables["summary"]["label"])
        if label not in labels:
            raise ResultError(f"{label!r}: no such policy; there are {', '.join(labels)}")
        if self.folder is None:
            runs = self.samples[labels.index(label)].runs
            return np.concatenate([_responses(run) for run in runs])
        rows = files.read_recorded(self.folder, "requests", label)
        return rows["response"].to_numpy(dtype=np.float64)

    def requests(self) -> pd.DataFrame:
        """Return one row a measured request, where requests were recorded."""
        return self._recorded("requests")

    def tasks(self) -> pd.DataFrame:
        """Return one row a released task, warm-up included, where tasks were recorded."""
        return self._recorded("tasks")

    def save(self, folder: str | Path) -> Path:
        """Write the result to a folder, all or nothing, and return where it lies.

        An older result there is replaced; a folder that holds anything else is refused.
        """
        if self.folder is not None:
            raise ResultError(f"{self.folder}: is saved already; copy the folder instead")
        return write_folder(folder, self._write)

    def _write(self, home: Path) -> None:
        """Write all files into an empty folder."""
        files.write_estimates(home, self.tables)
        files.write_recorded(home, self.samples)
        files.write_texts(home, self.scenario, self.provenance)

    def _recorded(self, name: str) -> pd.DataFrame:
        """Return recorded rows, from memory or from the folder."""
        if self.folder is None:
            return files.gather_recorded(self.samples, name)
        return files.read_recorded(self.folder, name)


def _responses(run: Run) -> Floats:
    """Return the responses of a run; ResultError where only a sketch of them was kept."""
    if not isinstance(run.response, Sketch):
        return run.response
    if run.requests is None:
        raise ResultError(
            'so many responses were not kept, only a sketch of them; record="requests" keeps them'
        )
    return run.requests.completion - run.requests.arrival
