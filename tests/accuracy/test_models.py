"""Networks: what they are made of, and that polynomials are polynomials."""

import pytest

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
models = pytest.importorskip("strag_sim.accuracy.models")


def made(make, seed: int = 0):
    """Return a network with the weights of a seed, in float64 and evaluation mode."""
    generator = torch.Generator().manual_seed(seed)
    return models.initialised(make, generator).double().eval()


def images(*shape: int):
    """Return random images."""
    return torch.rand(*shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def test_weights_are_of_the_generator() -> None:
    """A seed gives the same weights, another seed others; torch's own numbers stay as they were."""
    before = torch.get_rng_state()
    one, same, other = (made(lambda: models.StagedNet(1, 10), seed) for seed in (0, 0, 1))

    assert torch.equal(torch.get_rng_state(), before)
    for name, weights in one.state_dict().items():
        assert torch.equal(weights, same.state_dict()[name])
    assert not torch.equal(one.stages[0][0].weight, other.stages[0][0].weight)
    assert float(one.stages[1][0].weight.detach().std()) == pytest.approx(
        (2 / (24 * 9)) ** 0.5, rel=0.05
    )


@pytest.mark.parametrize("degree", [2, 4])
def test_a_polynomial_has_its_degree(degree: int) -> None:
    """Along a line its differences of order d + 1 vanish, and those of order d do not."""
    module = made(lambda: models.PolynomialNet(1, 10, degree))
    start, end = images(2, 1, 16, 16)
    steps = torch.arange(degree + 2, dtype=torch.float64)[:, None, None, None]
    with torch.no_grad():
        values = module(start + steps * (end - start))

    differences = torch.diff(values, n=degree, dim=0)
    assert float(differences.abs().min()) > 1e-6 * float(values.abs().max())
    assert torch.diff(differences, dim=0).abs().max() < 1e-12 * values.abs().max()


def test_a_network_with_relus_has_none() -> None:
    """Negative control: no difference of the uncoded network vanishes."""
    module = made(lambda: models.StagedNet(1, 10))
    start, end = images(2, 1, 16, 16)
    steps = torch.arange(6, dtype=torch.float64)[:, None, None, None]
    with torch.no_grad():
        values = module(start + steps * (end - start))

    assert torch.diff(values, n=5, dim=0).abs().max() > 1e-3 * values.abs().max()


def test_members_are_unlike() -> None:
    """Each has other layers; the parameters of 16 x 16 grey pixels, as counted on paper."""
    counted = {
        "member-linear": 64 * 10 + 10,
        "member-hidden": 64 * 32 + 32 + 32 * 10 + 10,
        "member-shallow": 9 * 8 + 2 * 8 + 8 * 16 * 10 + 10,
        "member-narrow": 9 * (4 + 4 * 8 + 8 * 16) + 2 * (4 + 8 + 16) + 16 * 16 * 10 + 10,
        "member-deep": 9 * (8 + 64 + 128 + 256 + 256) + 2 * (8 + 8 + 48) + 16 * 16 * 10 + 10,
    }
    for name, layers in models.MEMBERS.items():
        module = made(lambda layers=layers: models.MemberNet(1, 10, layers))

        assert sum(each.numel() for each in module.parameters()) == counted[name]
        with torch.no_grad():
            assert module(images(3, 1, 16, 16)).shape == (3, 10)
    assert list(models.MEMBERS) == list(counted)


@pytest.mark.parametrize("share", [0, 2])
def test_workers_that_encode_compute_the_same(share: int) -> None:
    """A worker that reads all inputs and encodes for itself returns what one that is sent does."""
    matrix = torch.tensor([[0.7, 0.3], [0.2, 0.8], [-0.4, 1.4]], dtype=torch.float64)
    module = made(lambda: models.LagrangeNet(1, 10, share, matrix))
    groups = images(3, 2, 1, 16, 16)
    with torch.no_grad():
        sent = module(groups)
        for task in range(3):
            assert torch.allclose(module.on_worker(task, groups), sent[:, task])

    assert sent.shape == (3, 3, 10)


def test_a_cell_of_a_collage_sees_its_image_most() -> None:
    """Logits of a cell change with its own image, and not with one two cells away."""
    module = made(lambda: models.CollageNet(1, 10, 4))
    canvas = images(1, 1, 40, 40)
    changed = canvas.clone()
    changed[..., :10, :10] = 0
    with torch.no_grad():
        moved = (module(changed) - module(canvas)).abs().amax(-1)[0]

    assert module(canvas).shape == (1, 16, 10)
    assert moved[0] > 0
    assert moved.view(4, 4)[2:, 2:].max() == 0
