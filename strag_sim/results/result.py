"""What a simulation found: in memory, or opened from its folder."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd

from strag_sim.errors import ResultError
from strag_sim.results import files
from strag_sim.results.attribution import attribution_frame
from strag_sim.results.folder import MARK, is_sweep, write_folder
from strag_sim.results.frames import course_frame, runs_frame, summary_frame, tail_frame
from strag_sim.results.notebook import of_rows
from strag_sim.results.pairs import kept, kept_responses, pairs_frame, recorded_responses
from strag_sim.statistics import Estimates, Sample
from strag_sim.tables import Floats


@dataclass(frozen=True, kw_only=True)
class Result:
    """Tables of a simulation; times in seconds, NaN where there is no number.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``summary``, ``runs``, ``tail``, ``course`` and ``pairs``, and ``attribution`` where it was
        asked for; see the methods of these names.
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
        summary, first = summary_frame(samples, estimates, confidence), samples[0].setup.label
        tables = {
            "summary": summary,
            "runs": runs_frame(samples, estimates),
            "tail": tail_frame(samples, estimates),
            "course": course_frame(samples, confidence),
        }
        with suppress(ResultError):  # of very many requests only sketches are kept
            tables["pairs"] = pairs_frame(_settled(kept_responses(samples), summary), first)
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
            if is_sweep(home):
                raise ResultError(
                    f"{folder}: holds a sweep and no result; give the folder of a run (of a sweep "
                    "there are best, table, and plot with p99-load, heatmap and pareto)"
                )
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

    @property
    def overloaded(self) -> list[str]:
        """The policies whose queues surely grow without end, in runs too short to be judged."""
        labels = self.provenance.get("overloaded", [])
        return [str(label) for label in labels] if isinstance(labels, list) else []

    @property
    def labels(self) -> list[str]:
        """The policies, as the scenario calls them, in its order."""
        return [str(label) for label in self.tables["summary"]["label"]]

    def known(self, label: str) -> str:
        """Return the label of a policy; ResultError where there is no such policy."""
        if label not in self.labels:
            from strag_sim.hints import did_you_mean

            hint = did_you_mean(label, self.labels)
            raise ResultError(
                f"{label!r}: no such policy; there are {', '.join(self.labels)}{hint}"
            )
        return label

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
        place = self.labels.index(self.known(label))
        if self.folder is None:
            return np.concatenate([kept(run) for run in self.samples[place].runs])
        rows = files.read_recorded(self.folder, "requests", label)
        return rows["response"].to_numpy(dtype=np.float64)

    def pairs(self, baseline: str | None = None) -> pd.DataFrame:
        """Return one row a policy and run: how many requests it answered faster, by how much.

        ``baseline`` is the label of the policy that it is held against, by default the first; a
        saved result has pairs with another only where requests were recorded. Closed loops have
        no rows, nor have unstable policies.
        """
        first = self.labels[0]
        against = first if baseline is None else self.known(baseline)
        if against == first and "pairs" in self.tables:
            return self.tables["pairs"].copy()
        found = (
            kept_responses(self.samples) if self.samples else recorded_responses(self.requests())
        )
        return pairs_frame(_settled(found, self.tables["summary"]), against)

    def requests(self, label: str | None = None, run: int | None = None) -> pd.DataFrame:
        """Return one row a measured request, where requests were recorded.

        Of one policy, one run, or all; of a saved result no others are read.
        """
        return self._recorded("requests", label, run)

    def tasks(self, label: str | None = None, run: int | None = None) -> pd.DataFrame:
        """Return one row a released task, warm-up included, where tasks were recorded.

        Of one policy, one run, or all; of a saved result no others are read.
        """
        return self._recorded("tasks", label, run)

    def save(self, folder: str | Path) -> Path:
        """Write the result to a folder, all or nothing, and return where it lies.

        An older result there is replaced; a folder that holds anything else is refused.
        """
        if self.folder is not None:
            raise ResultError(f"{self.folder}: is saved already; copy the folder instead")
        return write_folder(folder, self._write)

    def _repr_html_(self) -> str:
        """Return what notebooks show: the summary, what it is of, and the notes."""
        return of_rows(self.summary(), self.provenance.get("confidence"), notes=self.notes)

    def _write(self, home: Path) -> None:
        """Write all files into an empty folder."""
        files.write_estimates(home, self.tables)
        files.write_recorded(home, self.samples)
        files.write_texts(home, self.scenario, self.provenance)

    def _recorded(self, name: str, label: str | None, run: int | None) -> pd.DataFrame:
        """Return recorded rows, from memory or from the folder."""
        known = None if label is None else self.known(label)
        if self.folder is None:
            return files.gather_recorded(self.samples, name, known, run)
        return files.read_recorded(self.folder, name, known, run)


def _settled(
    responses: Mapping[str, list[Floats]], summary: pd.DataFrame
) -> dict[str, list[Floats]]:
    """Return the responses of the policies that are not unstable."""
    unstable = set(summary["label"][summary["stable"].eq(False).fillna(False)])
    return {label: found for label, found in responses.items() if label not in unstable}
