"""What is trained when: every model that schemes need, seed by seed, unless it is there."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from strag_sim.accuracy import seeds
from strag_sim.accuracy.checkpoints import finished, metrics_of, save
from strag_sim.accuracy.images import Images
from strag_sim.accuracy.making import kind_of, network, trained
from strag_sim.accuracy.models import MEMBERS, LagrangeNet, initialised
from strag_sim.accuracy.schemes import UNCODED, Scheme
from strag_sim.accuracy.settings import Settings, settings
from strag_sim.accuracy.threads import one_thread
from strag_sim.accuracy.training.collage import collage_loss
from strag_sim.accuracy.training.lagrange import lagrange_loss
from strag_sim.accuracy.training.loop import Loss, fit
from strag_sim.accuracy.training.material import Material, material
from strag_sim.accuracy.training.member import member_material
from strag_sim.accuracy.training.parity import parity_loss
from strag_sim.accuracy.training.single import single_loss

Progress = Callable[[int, int], None]  # how many steps are done, of how many


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is trained on which images: ``count`` seeds from 0, into a folder."""

    schemes: Sequence[Scheme]
    images: Images
    folder: Path
    count: int = 3
    steps: int | None = None
    tiny: bool = False

    def settings(self, model: str) -> Settings:
        """Return the settings of a model."""
        return settings(kind_of(model), self.steps, tiny=self.tiny)


@dataclass(frozen=True)
class Model:
    """A model of a seed that is not there yet; ``scheme`` is one that needs it, if any does."""

    name: str
    scheme: Scheme | None
    seed: int


def models_of(schemes: Sequence[Scheme]) -> Mapping[str, Scheme | None]:
    """Return the models that schemes need, each with one of them: first the uncoded, for all.

    Ensembles alone need none but their members.
    """
    coded = any(each.kind != "ensemble" for each in schemes)
    needed = {model: each for each in schemes for model in each.models if model != UNCODED}
    return {UNCODED: None, **needed} if coded else needed


def missing(asked: Asked) -> list[Model]:
    """Return the models that are not there with these settings, in the order of their training."""
    return [
        Model(name, scheme, seed)
        for seed in range(asked.count)
        for name, scheme in models_of(asked.schemes).items()
        if not finished(asked.folder, metrics_of(name, seed, asked.images, asked.settings(name)))
    ]


def train(
    asked: Asked, models: Sequence[Model], advance: Progress | None = None
) -> Iterator[Model]:
    """Train models and write each as soon as it is finished, and yield it.

    A parity model needs the uncoded model of its seed, before it or in the folder.
    """
    total = sum(asked.settings(each.name).steps for each in models)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if advance is not None:
            advance(done, total)

    of_seed: dict[tuple[int, int], Material] = {}
    for each in models:
        copies = asked.settings(each.name).copies
        if each.name in MEMBERS:
            on = member_material(asked.images, each.seed, copies, each.name)
        else:
            if (each.seed, copies) not in of_seed:
                of_seed = {(each.seed, copies): material(asked.images, each.seed, copies)}
            on = of_seed[each.seed, copies]
        with one_thread():
            _train(asked, each, on, step)
        yield each


def _train(asked: Asked, model: Model, on: Material, step: Callable[[], None]) -> None:
    """Train one model and write it."""
    chosen = asked.settings(model.name)
    begun = time.process_time()
    weights = seeds.generator(model.seed, seeds.WEIGHTS)
    module = initialised(lambda: network(model.name, model.scheme, asked.images), weights)
    steps = seeds.generator(model.seed, seeds.STEPS)
    loss = fit(module, _loss(asked, model, module, on), chosen, steps, step)
    found = {"loss": loss, "processor_seconds": round(time.process_time() - begun, 1)}
    save(
        asked.folder,
        module,
        metrics_of(model.name, model.seed, asked.images, chosen),
        found,
    )


def _loss(asked: Asked, model: Model, module: torch.nn.Module, on: Material) -> Loss:
    """Return the loss with which a model is trained."""
    batch, scheme = asked.settings(model.name).batch, model.scheme
    if scheme is None or scheme.kind in ("polynomial", "ensemble"):
        return single_loss(module, on, batch)
    if isinstance(module, LagrangeNet):
        sets = seeds.generator(model.seed, seeds.SETS)
        return lagrange_loss(module, scheme, on, batch, sets)
    code = scheme.code(scheme.least, asked.images.pixels.shape[-1])
    if scheme.kind == "collage":
        return collage_loss(module, code, on, batch)
    uncoded = trained(asked.folder, UNCODED, None, asked.images, model.seed)
    squared = scheme.encoder == "concatenation"
    return parity_loss(module, uncoded, code, on, batch, squared=squared)
