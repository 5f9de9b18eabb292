"""The learned Lagrange scheme: a network that is trained to be interpolated.

Tang, Agrawal, Stanczak and Zhu, "Coded Distributed Image Classification", 2023 (arXiv:2307.04915),
after Agrawal, Qiu, Frey, Bjelakovic, Maghsudi, Stanczak and Zhu (arXiv:2205.09818).

Their abstracts fix: inputs are encoded by Lagrange interpolation, workers run a deep network on
what is encoded, any R of N results recover all answers approximately, R is a parameter of the
design and not bound to a degree, and two designs share the load between master and workers by who
can read the inputs.

Our reading, as the papers' bodies are not open: the points (Chebyshev); that what is interpolated
are logits; cross-entropy after the interpolation as the loss; one network for all workers; the
network itself; and what the two designs are:

- ``encode_at: master``: the master encodes raw images, or the features after the first ``share``
  stages, which it has run on each image itself. A larger share is more work for the master and
  less for each worker.
- ``encode_at: workers``: each worker reads all inputs and encodes for itself (``on_worker``). The
  numbers are the same, so the same trained network and accuracy serve both; what is sent and who
  spends the time differ.
"""

import torch
from torch import Tensor, nn

from strag_sim.accuracy.models.staged import StagedNet


class LagrangeNet(nn.Module):
    """A staged network that is cut after the first ``share`` stages (0: workers run all).

    ``matrix`` (N, K) are the weights of the inputs in each coded input.
    """

    matrix: Tensor

    def __init__(self, channels: int, classes: int, share: int, matrix: Tensor) -> None:
        super().__init__()
        whole = StagedNet(channels, classes)
        self.master = whole.stages[:share]
        self.worker = nn.Sequential(whole.stages[share:], whole.head)
        self.register_buffer("matrix", matrix, persistent=False)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return results (B, N, classes) of groups of images (B, K, C, H, W), encoded between."""
        groups, requests = inputs.shape[:2]
        features = self.master(inputs.flatten(0, 1)).unflatten(0, (groups, requests))
        coded = torch.einsum("nk,bk...->bn...", self.matrix, features)
        return self.worker(coded.flatten(0, 1)).unflatten(0, (groups, -1))

    def on_worker(self, task: int, inputs: Tensor) -> Tensor:
        """Return the result (B, classes) of one task whose worker reads and encodes all inputs."""
        groups, requests = inputs.shape[:2]
        features = self.master(inputs.flatten(0, 1)).unflatten(0, (groups, requests))
        return self.worker(torch.einsum("k,bk...->b...", self.matrix[task], features))
