"""Names of schemes: what they say, and what is refused."""

import pytest

pytestmark = pytest.mark.torch
pytest.importorskip("torch")
schemes = pytest.importorskip("strag_sim.accuracy.schemes")

from strag_sim.errors import CodeError, TrainingError  # noqa: E402


@pytest.mark.parametrize(
    ("name", "sizes", "model"),
    [
        ("collage-3", (9, 1, 1), "collage-3"),
        ("lagrange-4-6", (4, 6, 4), "lagrange-4-6"),
        ("lagrange-4-6-stage-2", (4, 6, 4), "lagrange-4-6-stage-2"),
        ("naive-4-5", (4, 5, 4), "uncoded"),
        ("berrut-8-10", (8, 10, 8), "uncoded"),
        ("polynomial-2-4-9", (4, 9, 6), "polynomial-2"),
        ("parity-concatenation-3", (3, 4, 3), "parity-concatenation-3"),
    ],
)
def test_a_name_says_what_the_code_is(name: str, sizes: tuple[int, int, int], model: str) -> None:
    """K, N and the fewest results are as the name says, and so are those of the code."""
    found = schemes.scheme(name)
    code = found.code(found.least, 16)

    assert (found.inputs, found.tasks, found.least) == sizes
    assert (code.inputs, code.tasks) == sizes[:2]
    assert code.least <= found.least
    assert found.model == model
    assert found.charges == ("missing" if found.kind in ("collage", "parity") else "all")


@pytest.mark.parametrize("combiner", ["average", "majority", "weighted"])
def test_an_ensemble_has_members_and_no_code(combiner: str) -> None:
    """One request, a task a member, the same members whatever combines them."""
    found = schemes.scheme(f"ensemble-4-{combiner}")

    assert (found.inputs, found.tasks, found.least) == (1, 4, 1)
    assert (found.combiner, found.charges) == (combiner, "all")
    assert found.models == ("member-linear", "member-hidden", "member-shallow", "member-narrow")
    with pytest.raises(CodeError, match="an ensemble has no code"):
        found.code(4, 16)


def test_all_that_is_shipped_is_a_scheme() -> None:
    """No name of the shipped tables is misspelt, or there twice."""
    assert [each.name for each in schemes.schemes([])] == list(schemes.SHIPPED)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("colage-3", "is no scheme; schemes are such as collage-3"),
        ("collage-1", "2 to 64 inputs"),
        ("lagrange-4-4", "can do without none"),
        ("lagrange-4-6-stage-4", "0 to 3 stages"),
        ("polynomial-3-4-11", "degree is 2 or 4"),
        ("polynomial-2-4-6", "can do without none"),
        ("parity-sum-1", "2 to 64 inputs"),
        ("lagrange-4-70", "at most 63 tasks"),
        ("ensemble-1-average", "2 to 5 members"),
        ("ensemble-6-average", "2 to 5 members"),
        ("ensemble-5-mean", "is no scheme; schemes are such as .* ensemble-5-majority"),
    ],
)
def test_wrong_names(name: str, message: str) -> None:
    """What cannot be a scheme is refused, and said why."""
    with pytest.raises(TrainingError, match=message):
        schemes.scheme(name)
