"""Runs that are kept on disk as they end, so that a command that was killed can go on."""

import hashlib
import json
import pickle
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from strag_sim.errors import ResultError
from strag_sim.statistics import Facts, Run
from strag_sim.whole import whole

# A policy, by its place in the scenario, and a run; and what is kept of it.
Key = tuple[int, int]
Kept = tuple[Facts, Run]


class Keeps(Protocol):
    """Where runs are kept as they end, and taken up from."""

    def load(self, key: Key) -> Kept | None:
        """Return what is kept of a run; None if it is not here."""

    def save(self, key: Key, kept: Kept) -> None:
        """Keep a run."""


DIGEST = 32  # bytes of a file's
# What decides the numbers of a run; the rest of a provenance only tells of it.
DECIDING = ("profiles", "accuracies", "rates", "files", "versions")


@dataclass(frozen=True)
class Store:
    """A folder with a file for each finished run of one scenario.

    Runs are read as they were written, to the last bit: a file begins with the digest of the rest,
    and one that is damaged is as good as none. The files are Python's own (pickle):
    take none from strangers.
    """

    folder: Path

    @classmethod
    def of(cls, folder: str | Path, scenario: str, known: Mapping[str, object]) -> "Store":
        """Return the place for this scenario, of this provenance and detail, within a folder.

        Runs of another scenario, or made by other versions, have a place of their own there.
        """
        told = json.dumps([scenario, {name: known[name] for name in DECIDING}], sort_keys=True)
        store = cls(Path(folder) / hashlib.sha256(told.encode()).hexdigest()[:16])
        try:
            store.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ResultError(f"{folder}: cannot keep runs here: {error.strerror}") from error
        return store

    def load(self, key: Key) -> Kept | None:
        """Return what is kept of a run; None if it is not here, or cannot be read."""
        try:
            content = self._path(key).read_bytes()
        except OSError:
            return None
        digest, pickled = content[:DIGEST], content[DIGEST:]
        if hashlib.sha256(pickled).digest() != digest:
            return None
        kept: Kept = pickle.loads(pickled)
        return kept

    def save(self, key: Key, kept: Kept) -> None:
        """Keep a run, whole or not at all."""
        path = self._path(key)
        try:
            pickled = pickle.dumps(kept, protocol=pickle.HIGHEST_PROTOCOL)
            with whole(path) as file:
                file.write(hashlib.sha256(pickled).digest() + pickled)
        except OSError as error:
            raise ResultError(f"{path}: cannot keep the run: {error.strerror}") from error

    def remove(self) -> None:
        """Remove the runs of this scenario, and the folder about them unless it holds others'."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with suppress(OSError):
            self.folder.parent.rmdir()

    def _path(self, key: Key) -> Path:
        """Return the file of a run."""
        policy, run = key
        return self.folder / f"policy-{policy}-run-{run}.pickle"
