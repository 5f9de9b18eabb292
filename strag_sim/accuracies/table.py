"""A table of accuracies as a value, and how an answer is looked up in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from strag_sim.accuracies.gains import gain_of

FORMAT = 1
# Tasks that can be told apart by the bits of a number, as engines note them.
MOST_TASKS = 63

Charges = Literal["all", "missing"]
Combiner = Literal["average", "majority", "weighted"]
COMBINERS: tuple[Combiner, ...] = get_args(Combiner)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An accuracy: a share of right answers, its interval, and the agreement with the bare model.

    ``agreement`` is the share of answers that are those of the uncoded model, right or not. Each is
    None where it is not known.
    """

    value: float
    low: float | None = None
    high: float | None = None
    agreement: float | None = None


@dataclass(frozen=True, kw_only=True)
class Survivors(Entry):
    """The accuracy where exactly these tasks returned, and by the place of the request.

    ``places`` has K shares, None where a place was not measured; it is empty where none was.
    """

    returned: tuple[int, ...]
    places: tuple[float | None, ...] = ()

    @property
    def mask(self) -> int:
        """The tasks as a number: bit j is set if task j returned."""
        return sum(1 << task for task in self.returned)


@dataclass(frozen=True, kw_only=True)
class Bin(Entry):
    """The accuracy where the gain of the decode is at least the first of these, below the other."""

    gain: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Number(Entry):
    """The accuracy where so many tasks returned, over the sets of them that were measured."""

    returned: int


@dataclass(frozen=True, kw_only=True)
class AccuracyTable:
    """How accurate the answers of a code are, by which of its tasks had returned.

    Parameters
    ----------
    name, title, source : str
        What it is called, what it is about, and who measured it.
    inputs, tasks : int
        K requests of a group, and the N tasks of a recovery that may return.
    charges : "all" or "missing"
        Whose answers it is about: those of all requests of a group, or those of requests whose own
        task had not returned. For who reads it; a policy's shape decides what is looked up.
    uncoded : Entry or None
        The accuracy of the model without a code.
    sets, bins, numbers : tuple
        The accuracies by set of tasks, by bin of gain and by number.
    sha256 : str
        Of the content, in hex; tables are equal if all that they say is.
    content : mapping
        The JSON object that the table was read from, with all keys.
    """

    name: str
    title: str
    source: str
    inputs: int
    tasks: int
    charges: Charges
    uncoded: Entry | None
    sets: tuple[Survivors, ...]
    bins: tuple[Bin, ...]
    numbers: tuple[Number, ...]
    sha256: str
    content: Mapping[str, Any] = field(compare=False, repr=False)

    @property
    def kind(self) -> str:
        """Of the code: the name of the kind of policy that it is for."""
        return str(self.content["code"]["kind"])

    @property
    def least(self) -> int:
        """The fewest tasks returned that it knows (R); of bins, the fewest are K."""
        known = [len(each.returned) for each in self.sets]
        known += [each.returned for each in self.numbers]
        known += [self.inputs] if self.bins else []
        return min(known)

    def accuracy(
        self, returned: NDArray[np.int64], place: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the accuracy of each answer.

        It is that of the set of tasks at the request's place, if there is one; or that of the set,
        of the bin in which the set's gain lies, or of the number of its tasks. Gains are for K
        tasks or more: fewer cannot tell K answers apart, however small their gain.

        Parameters
        ----------
        returned : array of int, shape (n,)
            The tasks that had returned, as a number whose bit j is set if task j had.
        place : array of int, shape (n,)
            The place of the request in its group, from 0; -1 is a place that is not known.

        Returns
        -------
        array of float, shape (n,)
            Shares in [0, 1]; NaN where the table does not know.
        """
        masks, row = np.unique(returned, return_inverse=True)
        columns = self._by_place(masks.tolist())
        inside = (place >= 0) & (place < self.inputs)
        found: NDArray[np.float64] = columns[row, np.where(inside, place, self.inputs)]
        return found

    def spread(self, returned: int) -> tuple[float, float] | None:
        """Return the least and the largest value of sets of so many tasks; None without two."""
        values = [each.value for each in self.sets if len(each.returned) == returned]
        return (min(values), max(values)) if len(values) > 1 else None

    def number(self, returned: int) -> Entry | None:
        """Return the accuracy where so many tasks returned; None where it is not known.

        Where the table has it by sets only, it is the mean over those, and has no interval unless
        there is one set.
        """
        for each in self.numbers:
            if each.returned == returned:
                return each
        sets = [each for each in self.sets if len(each.returned) == returned]
        if len(sets) < 2:
            return next(iter(sets), None)
        return Entry(value=float(np.mean([each.value for each in sets])))

    def _by_place(self, masks: Sequence[int]) -> NDArray[np.float64]:
        """Return the accuracy of each set at each place, in the last column by the set alone."""
        found = np.empty((len(masks), self.inputs + 1))
        by_mask = {each.mask: each for each in self.sets}
        by_number = {each.returned: each.value for each in self.numbers}
        for i, mask in enumerate(masks):
            survivors = by_mask.get(mask)
            if survivors is None:
                found[i] = self._by_gain(mask, by_number.get(mask.bit_count(), np.nan))
                continue
            found[i] = survivors.value
            for place, value in enumerate(survivors.places):
                found[i, place] = survivors.value if value is None else value
        return found

    def _by_gain(self, mask: int, otherwise: float) -> float:
        """Return the accuracy of the bin that the gain of a set lies in, or another value."""
        if not 0 < mask < 1 << self.tasks:
            return float("nan")
        if not self.bins or mask.bit_count() < self.inputs:
            return otherwise
        returned = [task for task in range(self.tasks) if mask >> task & 1]
        gain = gain_of(self.content["code"], returned)
        inside = (each.value for each in self.bins if each.gain[0] <= gain < each.gain[1])
        return next(inside, otherwise)
