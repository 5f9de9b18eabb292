"""How the answers of an ensemble's members become one: by average, by majority, or weighted."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from strag_sim.accuracies import Combiner


def combined(
    logits: NDArray[np.float64], combiner: Combiner, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return scores (B, classes), the largest of which is the class that the members answer.

    Parameters
    ----------
    logits : array, shape (R, B, classes)
        What the R members that had returned made of B images.
    combiner : "average", "majority" or "weighted"
        ``average`` adds up the members' probabilities (the softmax of their logits); ``weighted``
        does so after multiplying each member's by its weight. By ``majority`` each member votes for
        its most probable class; of classes with equally many votes the one with the largest sum of
        probabilities, over all that returned, is the answer.
    weights : array, shape (R,)
        Of these members, for ``weighted`` alone.
    """
    shares = softmax(logits, axis=-1)
    if combiner == "weighted":
        found: NDArray[np.float64] = np.tensordot(weights, shares, axes=1)
        return found
    mean: NDArray[np.float64] = shares.mean(axis=0)
    if combiner == "average":
        return mean
    votes = np.eye(logits.shape[-1])[logits.argmax(axis=-1)].sum(axis=0)
    return votes + mean / 2  # a mean is at most 1, and so is worth less than a vote
