"""Models that serve: what each task of a group would return, and what is decoded of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from strag_sim.accuracy.answering import answers_of, type_of
from strag_sim.accuracy.coding import decoded, encoded
from strag_sim.accuracy.ensemble import ensemble
from strag_sim.accuracy.images import Images
from strag_sim.accuracy.making import trained
from strag_sim.accuracy.models import LagrangeNet
from strag_sim.accuracy.schemes import UNCODED, Scheme


class Serves(Protocol):
    """What answers groups: a `Server` of coded requests, or an `Ensemble`."""

    @property
    def scheme(self) -> Scheme:
        """What it serves."""

    def alone(self, pixels: Tensor) -> NDArray[np.float64]:
        """Return what the one model that would serve alone makes of images (n, C, H, W)."""

    def results(self, groups: Tensor) -> NDArray[np.float64]:
        """Return what the N tasks return (N, B, ...) for groups of images (B, K, C, H, W)."""

    def decoded(
        self, results: NDArray[np.float64], returned: Sequence[int], side: int
    ) -> NDArray[np.float64]:
        """Return answers (B, K, classes) of the results (N, B, ...) of those that returned."""


@dataclass(frozen=True, eq=False)
class Server:
    """The models of a scheme and a seed, in evaluation mode.

    ``uncoded`` is what the agreement is with: the model of the same seed that answers one image,
    and for a polynomial scheme the polynomial itself. ``coded`` answers what is coded.
    """

    scheme: Scheme
    uncoded: nn.Module
    coded: nn.Module

    def alone(self, pixels: Tensor) -> NDArray[np.float64]:
        """Return the uncoded model's logits (n, classes) of images (n, C, H, W)."""
        return answers_of(self.uncoded, pixels)

    def results(self, groups: Tensor) -> NDArray[np.float64]:
        """Return what the N tasks return (N, B, ...) for groups of images (B, K, C, H, W).

        Logits (N, B, classes), and for a collage (1, B, K, classes). Those of a parity scheme are
        the K own tasks' and the parity's.
        """
        code = self.scheme.code(self.scheme.least, groups.shape[-1])
        if isinstance(self.coded, LagrangeNet):
            master, worker = self.coded.master, self.coded.worker
            features = torch.from_numpy(answers_of(master, groups.flatten(0, 1)))
            coded = encoded(code, features.unflatten(0, groups.shape[:2]))
            return self._tasks(worker, coded)
        coded = encoded(code, groups.to(type_of(self.coded)))
        if self.scheme.kind == "parity":
            own = self._tasks(self.uncoded, coded[:-1])
            return np.concatenate([own, self._tasks(self.coded, coded[-1:])])
        return self._tasks(self.coded, coded)

    def decoded(
        self, results: NDArray[np.float64], returned: Sequence[int], side: int
    ) -> NDArray[np.float64]:
        """Return answers (B, K, classes) of the results (N, B, ...) of those that returned."""
        code = self.scheme.code(len(returned), side)
        return decoded(code, results[list(returned)], returned)

    def _tasks(self, model: nn.Module, coded: Tensor) -> NDArray[np.float64]:
        """Return the results (N, B, ...) of coded images (N, B, ...)."""
        answers = answers_of(model, coded.flatten(0, 1))
        return answers.reshape(*coded.shape[:2], *answers.shape[1:])


def server(scheme: Scheme, images: Images, folder: Path, seed: int) -> Serves:
    """Return the trained models of a seed; a TrainingError says which is missing.

    Polynomials serve in float64: what is exact in theory is then exact to 1e-12 or so.
    """
    if scheme.kind == "ensemble":
        return ensemble(scheme, images, folder, seed)
    coded = trained(folder, scheme.model, scheme, images, seed)
    if scheme.kind == "polynomial":
        return Server(scheme, coded.double(), coded)
    if scheme.model == UNCODED:
        return Server(scheme, coded, coded)
    return Server(scheme, trained(folder, UNCODED, None, images, seed), coded)
