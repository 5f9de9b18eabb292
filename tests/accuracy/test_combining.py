"""Combiners worked by hand: three members, four images, three classes, every set of members."""

from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
accuracy = pytest.importorskip("strag_sim.accuracy")
measuring = pytest.importorskip("strag_sim.accuracy.measuring")
combined = pytest.importorskip("strag_sim.accuracy.combining").combined
split = pytest.importorskip("strag_sim.accuracy.images").split

# The probabilities that members A, B and C give to the classes of each image.
SHARES = np.array(
    [
        [[0.6, 0.3, 0.1], [0.5, 0.4, 0.1], [0.1, 0.2, 0.7], [0.4, 0.35, 0.25]],
        [[0.2, 0.7, 0.1], [0.1, 0.6, 0.3], [0.2, 0.2, 0.6], [0.1, 0.2, 0.7]],
        [[0.5, 0.4, 0.1], [0.1, 0.2, 0.7], [0.1, 0.1, 0.8], [0.1, 0.6, 0.3]],
    ]
)
WEIGHTS = np.array([0.9, 0.5, 0.8])
CLASSES = [0, 1, 2, 1]
ALONE = {(0,): [0, 0, 2, 0], (1,): [1, 1, 2, 2], (2,): [0, 2, 2, 1]}
# Two members: where they vote for two classes, the sum of their probabilities decides.
PAIRS = {(0, 1): [1, 1, 2, 2], (0, 2): [0, 2, 2, 1], (1, 2): [1, 2, 2, 2]}
# All, by sums of probabilities: image 0 has 1.3, 1.4, 0.3, and image 3 has 0.6, 1.15, 1.25. By
# votes image 0 is of class 0, by two to one; the others are no ties, or ties of three which those
# sums break. By weights image 0 has 1.04, 0.94, 0.15, and image 3 has 0.49, 0.895, 0.815.
ANSWERS: dict[str, dict[tuple[int, ...], list[int]]] = {
    "average": {**ALONE, **PAIRS, (0, 1, 2): [1, 1, 2, 2]},
    "majority": {**ALONE, **PAIRS, (0, 1, 2): [0, 1, 2, 2]},
    # Of A and B image 0 has 0.64, 0.62, 0.14.
    "weighted": {**ALONE, **PAIRS, (0, 1): [0, 1, 2, 2], (0, 1, 2): [0, 1, 2, 1]},
}


class Member(torch.nn.Module):
    """Answers image i, whose pixels are i, with the logits of row i, whatever is added to them."""

    def __init__(self, shares: Any) -> None:
        super().__init__()
        self.logits = torch.nn.Parameter(torch.from_numpy(np.log(shares) + 3))

    def forward(self, images: Any) -> Any:
        """Return logits (n, 3)."""
        return self.logits[images[:, 0, 0, 0].round().long()]


def served(combiner: str, shares: Any = SHARES) -> Any:
    """Return the ensemble of three such members."""
    scheme = accuracy.scheme(f"ensemble-3-{combiner}")
    return accuracy.Ensemble(scheme, [Member(each).eval() for each in shares], WEIGHTS)


@pytest.fixture(scope="module")
def images() -> Any:
    """Return 120 images of the four, as often each, with their classes."""
    which = np.arange(120) % 4
    pixels = np.broadcast_to(which.astype(np.float32)[:, None, None, None], (120, 1, 4, 4))
    return accuracy.Images("four", pixels.copy(), np.array(CLASSES)[which], tuple("abc"), "0" * 64)


@pytest.mark.parametrize("combiner", ANSWERS)
def test_answers_by_hand(combiner: str) -> None:
    """Every set of members answers every image as worked out above."""
    for returned, expected in ANSWERS[combiner].items():
        some = list(returned)

        scores = combined(np.log(SHARES[some]), combiner, WEIGHTS[some])

        assert scores.argmax(-1).tolist() == expected, returned


def test_the_combiners_differ() -> None:
    """Negative control: of all members average is right twice, majority thrice, weighted always."""
    right = {
        combiner: sum(np.array(answers[0, 1, 2]) == CLASSES)
        for combiner, answers in ANSWERS.items()
    }

    assert right == {"average": 2, "majority": 3, "weighted": 4}


def test_no_sum_of_probabilities_is_worth_a_vote() -> None:
    """Two members that are nearly undecided outvote one that is certain."""
    shares = np.array([[0.51, 0.49], [0.51, 0.49], [1e-9, 1 - 1e-9]])[:, None]

    assert combined(np.log(shares), "majority", np.ones(3)).argmax() == 0
    assert combined(np.log(shares), "average", np.ones(3)).argmax() == 1


def test_the_first_of_equal_classes_answers() -> None:
    """Where votes and sums are the same."""
    shares = np.array([[0.6, 0.3, 0.1], [0.3, 0.6, 0.1]])[:, None]

    assert combined(np.log(shares), "majority", np.ones(2)).argmax() == 0


def wrong(combiner: str, images: Any, ensemble: Any) -> list[tuple[int, ...]]:
    """Return the sets of members that are counted otherwise than by hand."""
    testing = split(images, 0).testing
    which, labels = testing % 4, images.labels[testing]
    counts = measuring.count(ensemble, images, 0, 1)
    assert sorted(counts.right) == sorted(ANSWERS[combiner])
    by_hand = {
        returned: (np.array(answers)[which] == labels).mean()
        for returned, answers in ANSWERS[combiner].items()
    }
    return [each for each in by_hand if counts.right[each] != pytest.approx(by_hand[each])]


@pytest.mark.parametrize("combiner", ANSWERS)
def test_shares_that_are_counted(combiner: str, images: Any) -> None:
    """Of every set of members, as many test images are right as by hand."""
    assert wrong(combiner, images, served(combiner)) == []


@pytest.mark.parametrize("combiner", ANSWERS)
def test_members_in_another_order_are_noticed(combiner: str, images: Any) -> None:
    """Planted fault: the last member counts as the first, and so on."""
    found = wrong(combiner, images, served(combiner, SHARES[::-1]))

    assert {(0,), (2,)} <= set(found)


def test_who_answers_alone() -> None:
    """The member with the largest weight, A here; what is told is its logits."""
    pixels = torch.arange(4.0)[:, None, None, None]

    assert served("average").alone(pixels).argmax(-1).tolist() == ALONE[0,]


def test_a_member_that_is_out_has_no_vote() -> None:
    """What members that did not return would have said does not matter."""
    results = np.log(SHARES)
    changed = results.copy()
    changed[1] = -changed[1]
    for combiner in ANSWERS:
        ensemble = served(combiner)
        told = [ensemble.decoded(each, (0, 2), 4) for each in (results, changed)]
        assert told[0].shape == (4, 1, 3)
        assert (told[0] == told[1]).all()
