"""Training: one file a kind of model, the loop that all share, and what is trained when."""

from strag_sim.accuracy.settings import Settings, settings
from strag_sim.accuracy.training.material import Material, material
from strag_sim.accuracy.training.session import Asked, Model, missing, models_of, train

__all__ = [
    "Asked",
    "Material",
    "Model",
    "Settings",
    "material",
    "missing",
    "models_of",
    "settings",
    "train",
]
