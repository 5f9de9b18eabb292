"""Models that serve: what each task of a group would return, and what is decoded of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from strag_sim.accuracy.coding import decoded, encoded
from strag_sim.accuracy.images import Images
from strag_sim.accuracy.making import trained
from strag_sim.accuracy.models import LagrangeNet
from strag_sim.accuracy.schemes import UNCODED, Scheme

_AT_ONCE = 1024  # images that a network is handed


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
        return self._answers(self.uncoded, pixels)

    def results(self, groups: Tensor) -> NDArray[np.float64]:
        """Return what the N tasks return (N, B, ...) for groups of images (B, K, C, H, W).

        Logits (N, B, classes), and for a collage (1, B, K, classes). Those of a parity scheme are
        the K own tasks' and the parity's.
        """
        code = self.scheme.code(self.scheme.least, groups.shape[-1])
        if isinstance(self.coded, LagrangeNet):
            master, worker = self.coded.master, self.coded.worker
            features = torch.from_numpy(self._answers(master, groups.flatten(0, 1)))
            coded = encoded(code, features.unflatten(0, groups.shape[:2]))
            return self._tasks(worker, coded)
        coded = encoded(code, groups.to(_type_of(self.coded)))
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
        answers = self._answers(model, coded.flatten(0, 1))
        return answers.reshape(*coded.shape[:2], *answers.shape[1:])

    def _answers(self, model: nn.Module, pixels: Tensor) -> NDArray[np.float64]:
        """Return what a model makes of images (n, ...), some of them at a time."""
        of_type = _type_of(model)
        with torch.inference_mode():
            parts = [model(part.to(of_type)) for part in pixels.split(_AT_ONCE)]
        return torch.cat(parts).double().numpy()


def server(scheme: Scheme, images: Images, folder: Path, seed: int) -> Server:
    """Return the trained models of a seed; a TrainingError says which is missing.

    Polynomials serve in float64: what is exact in theory is then exact to 1e-12 or so.
    """
    coded = trained(folder, scheme.model, scheme, images, seed)
    if scheme.kind == "polynomial":
        return Server(scheme, coded.double(), coded)
    if scheme.model == UNCODED:
        return Server(scheme, coded, coded)
    return Server(scheme, trained(folder, UNCODED, None, images, seed), coded)


def _type_of(model: nn.Module) -> torch.dtype:
    """Return the type of a model's numbers; float32 where it has none."""
    return next((each.dtype for each in model.parameters()), torch.float32)
