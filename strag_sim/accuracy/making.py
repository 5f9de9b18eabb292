"""The network of a model, as its name says it, without or with trained weights."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from strag_sim.accuracy.checkpoints import load_into, read_metrics
from strag_sim.accuracy.images import Images
from strag_sim.accuracy.models import (
    MEMBERS,
    CollageNet,
    LagrangeNet,
    MemberNet,
    PolynomialNet,
    StagedNet,
)
from strag_sim.accuracy.schemes import UNCODED, Scheme
from strag_sim.errors import TrainingError


def kind_of(model: str) -> str:
    """Return the kind of a model: ``lagrange`` of ``lagrange-4-6``."""
    return model.partition("-")[0]


def network(model: str, scheme: Scheme | None, images: Images) -> nn.Module:
    """Return the network of a model for images like these; ``scheme`` is of any that needs it."""
    channels, classes = images.pixels.shape[1], len(images.classes)
    if scheme is None or model == UNCODED or scheme.kind == "parity":
        return StagedNet(channels, classes)
    if model in MEMBERS:
        return MemberNet(channels, classes, MEMBERS[model])
    if scheme.kind == "collage":
        return CollageNet(channels, classes, round(scheme.inputs**0.5))
    if scheme.kind == "polynomial":
        return PolynomialNet(channels, classes, scheme.degree)
    return LagrangeNet(channels, classes, scheme.share, encode_matrix(scheme))


def trained(
    folder: Path, model: str, scheme: Scheme | None, images: Images, seed: int
) -> nn.Module:
    """Return a trained network; a TrainingError says if it is missing or of other images."""
    metrics = read_metrics(folder, model, seed)
    if metrics.get("data_hash") != images.sha256:
        raise TrainingError(
            f"{folder / model}: seed {seed} was trained on other images than {images.name}; give "
            "the same --data, or train it anew"
        )
    module = network(model, scheme, images)
    load_into(module, folder, model, seed)
    return module


def encode_matrix(scheme: Scheme) -> Tensor:
    """Return the weights (N, K) of the inputs in each coded input."""
    matrix = scheme.linear(scheme.tasks).encode_matrix()
    return torch.from_numpy(np.asarray(matrix, dtype=np.float32))
