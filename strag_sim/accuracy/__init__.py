"""Models of codes and ensembles, trained and measured: images to tables. Needs torch, scikit-learn.

``data.images`` reads images, ``schemes`` knows what can be trained by name, ``train`` trains what
is ``missing`` in a folder, ``measured`` makes the table of a scheme of what is there, and
``replay`` answers the requests of a simulation with it.
"""

from strag_sim.accuracy.data import images
from strag_sim.accuracy.ensemble import Ensemble
from strag_sim.accuracy.images import Images
from strag_sim.accuracy.measuring import measured
from strag_sim.accuracy.replaying import Replayed, replay
from strag_sim.accuracy.schemes import SHIPPED, Scheme, scheme, schemes
from strag_sim.accuracy.serving import Server, Serves, server
from strag_sim.accuracy.training import Asked, Model, missing, train

__all__ = [
    "SHIPPED",
    "Asked",
    "Ensemble",
    "Images",
    "Model",
    "Replayed",
    "Scheme",
    "Server",
    "Serves",
    "images",
    "measured",
    "missing",
    "replay",
    "scheme",
    "schemes",
    "server",
    "train",
]
