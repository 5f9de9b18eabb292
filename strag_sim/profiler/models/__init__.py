"""The models that can be measured: own definitions in plain torch, a family a file, and others.

``subject`` finds a model by name: built in, ``module:callable``, or of torchvision, timm or
transformers where these are installed. ``counts`` tells how large one is.
"""

from strag_sim.profiler.models.counting import counts
from strag_sim.profiler.models.finding import names, subject

__all__ = ["counts", "names", "subject"]
