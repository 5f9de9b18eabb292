"""The shipped profiles: what they say of themselves is so, and each can be used."""

import re
from pathlib import Path

import numpy as np
import pytest

from strag_sim import profiles
from strag_sim.distributions.curve import Curve
from strag_sim.distributions.profile import Profile
from strag_sim.profiles.profile import RATIO
from strag_sim.scenario import load
from strag_sim.scenario.catalogue import catalogue, columns_of
from strag_sim.simulate import simulate

PAGE = Path(__file__).parents[2] / "docs/profiles.md"
ALL = profiles.names()
HERE = [name for name in ALL if name.startswith("cpu-")]  # scripts/profile_cpu.sh measured them
PUBLISHED = [name for name in ALL if name not in HERE]
MEMBERS = ("timm-", "splitwise-")  # models by batch size: tests/profiles/test_members.py
OF_TASKS = [name for name in PUBLISHED if not name.startswith(MEMBERS)]
MEASURED = [name for name in OF_TASKS if profiles.load(name).n > 0]
RATIOS = [name for name in ALL if profiles.load(name).unit == RATIO]
# n, mean in the profile's unit, CV, p99 over the median: computed from the data apart from this
# code, with numpy's default quantiles, and rounded.
KNOWN = {
    "faas-aws": (200, 1067, 0.03, 1.10),
    "faas-gcp": (200, 1770, 0.25, 1.72),
    "faas-ibm": (200, 1465, 0.17, 1.50),
    "faas-azure": (200, 1350.9, 0.11, 1.41),
    "lambda-python312": (8680, 94.3, 0.23, 1.81),
    "lambda-java21": (8930, 279, 0.30, 2.78),
    "azure-fresh-vm-postgres": (10_630, 1.01, 0.03, 1.09),
    "azure-fresh-vm-memset": (10_625, 1.04, 0.13, 1.63),
    "seattle-rtt": (6_636_831, 0.3676, 2.449, 12.5),
    "planetlab-rtt": (239_610, 146.8, 0.76, 3.1),
    "collage-vm": (137_594, 153.8, 0.56, 5.08),
}
SCALE = {"ms": 1e3, "s": 1.0, RATIO: 1.0}
# Share, minimum (ms), shape, rate (1/ms), in closed form: the paper's table of fits.
FITTED = {
    "pbs-linkedin-ssd": (0.9122, 0.235, 10, 1.66),
    "pbs-linkedin-disk": (0.38, 1.05, 1.51, 0.183),
    "pbs-yammer-write": (0.939, 3, 3.35, 0.0028),
    "pbs-yammer-read": (0.982, 1.5, 3.8, 0.0217),
}


@pytest.mark.parametrize("name", ALL)
def test_the_table_is_a_law_that_is_drawn_without_search(name: str) -> None:
    """Levels stand on an even grid, values never fall, and the file is small."""
    profile = profiles.load(name)

    assert np.all(np.diff(profile.values) >= 0)
    assert np.abs(profile.levels * 10_000 - np.round(profile.levels * 10_000)).max() < 1e-9
    assert len(profile.levels) <= 1010
    assert name == profile.name
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)


@pytest.mark.parametrize("name", ALL)
def test_the_table_has_the_stated_mean_and_spread(name: str) -> None:
    """The mean to 0.1 %, the standard deviation to 2 %; lines between five points lose a tenth."""
    profile = profiles.load(name)
    curve = Curve(profile.levels, profile.values)

    assert curve.mean == pytest.approx(profile.mean, rel=1e-3)
    assert curve.std == pytest.approx(profile.std, rel=0.1 if profile.n == 5 else 0.02)


@pytest.mark.parametrize("name", sorted(set(PUBLISHED) - {"collage-vm"}))
def test_source_and_licence_are_stated(name: str) -> None:
    """With a commit of the repository or the paper; what CC-BY asks for is in its licence."""
    profile = profiles.load(name)

    assert re.search(r"github\.com/\S+, commit [0-9a-f]{8}|PVLDB", profile.source)
    assert re.match(r"Apache-2\.0|CC-BY-4\.0|MIT|Published parameters", profile.licence)
    assert profile.tail
    if profile.licence.startswith("CC-BY"):
        assert "creativecommons.org/licenses/by/4.0" in profile.licence
        assert "changed: " in profile.licence
        assert "cite " in profile.source


@pytest.mark.parametrize("name", HERE)
def test_what_was_measured_here_says_how(name: str) -> None:
    """The command, the day and the machine; the calls of each point in order; and on the page."""
    profile = profiles.load(name)
    about = PAGE.read_text(encoding="utf-8").partition("## What each is")[2]

    assert profile.command.startswith("strag-sim profile ")
    assert profile.date
    assert profile.environment["device"]
    assert profile.environment["interrupted"] is False
    assert profile.points[0].batch == profile.points[0].concurrency == 1
    assert all(point.samples.time.size == point.n for point in profile.points)
    assert profile.tail
    assert profile.licence
    assert f"`{name}`" in about


def test_profiles_measured_here_are_of_one_device() -> None:
    """So that scenarios may mix them; beside a tenant the model had half of it, one core."""
    devices = {name: profiles.load(name).environment["device"] for name in HERE}
    shared = devices.pop("cpu-mobilenet-v2-beside")

    assert len(set(devices.values())) == 1
    assert shared not in devices.values()


@pytest.mark.parametrize("name", OF_TASKS)
def test_the_page_has_its_row(name: str) -> None:
    """docs/profiles.md gives n, mean, CV and ratios to the median as they are."""
    profile = profiles.load(name)
    item = next(item for item in catalogue("profiles") if item["name"] == name)
    p50, p999 = np.interp([0.5, 0.999], profile.levels, profile.values)
    cells = [f"`{name}`", *columns_of(item["measured"]).values()]
    cells.append(f"{p999 / p50:.3g} " if profile.n != 200 else "")

    assert f"| {' | '.join(cells)}|\n" in PAGE.read_text(encoding="utf-8")
    assert f"`{name}`" in PAGE.read_text(encoding="utf-8").partition("## What each is")[2]


@pytest.mark.parametrize("name", KNOWN)
def test_numbers_are_those_of_the_data(name: str) -> None:
    """Rounded as they are known; p99 to 3 %: of 200, two measurements lie beyond it."""
    n, mean, cv, ratio = KNOWN[name]
    profile = profiles.load(name)
    p50, p99 = np.interp([0.5, 0.99], profile.levels, profile.values)

    assert profile.n == n
    assert profile.mean * SCALE[profile.unit] == pytest.approx(mean, rel=0.005)
    assert profile.std / profile.mean == pytest.approx(cv, abs=0.0055)
    assert p99 / p50 == pytest.approx(ratio, rel=0.03)


def test_every_measured_profile_is_known() -> None:
    """None is left out above but the two that are laws over runs."""
    assert {name for name in MEASURED if not name.startswith("mlperf")} == set(KNOWN)


@pytest.mark.parametrize(
    ("name", "ratios"),
    [
        ("mlperf-single-stream", [1.01, 1.03, 1.10, 3.7]),
        ("mlperf-single-stream-p90", [1.11, 1.25, 1.71, 23.3]),
    ],
)
def test_jitter_of_dedicated_devices(name: str, ratios: list[float]) -> None:
    """p90, p99, p99.9 and the largest over the median, as the data's summary has them."""
    profile = profiles.load(name)

    found = np.interp([0.9, 0.99, 0.999, 1], profile.levels, profile.values)

    assert found == pytest.approx(ratios, rel=0.006)
    assert np.interp(0.5, profile.levels, profile.values) == 1
    assert profile.n == 131 * 1024


@pytest.mark.parametrize("name", FITTED)
def test_published_mixtures(name: str) -> None:
    """Quantiles solve the mixture's distribution function; the mean is the mixture's."""
    share, minimum, shape, rate = FITTED[name]
    profile = profiles.load(name)
    t = profile.values[1:-1] * 1e3  # the exponential part begins at 0, which no table may hold

    with np.errstate(over="ignore"):
        pareto = np.where(t > minimum, 1 - (minimum / t) ** shape, 0)
    cdf = share * pareto + (1 - share) * -np.expm1(-rate * t)

    # Six digits of a value are 5e-7 of 0.235 ms, where the densest law has a density of 39 per ms.
    assert cdf == pytest.approx(profile.levels[1:-1], abs=2e-5)
    exact = share * minimum * shape / (shape - 1) + (1 - share) / rate
    assert profile.mean * 1e3 == pytest.approx(exact, rel=1e-5)
    assert profile.n == 0
    assert "The published law has no end" in profile.tail


def test_lines_to_a_far_end_would_be_noticed() -> None:
    """Negative control: LinkedIn's disks, ended at level 0.999999 instead, are 4 % slow."""
    profile = profiles.load("pbs-linkedin-disk")
    _, minimum, shape, _ = FITTED["pbs-linkedin-disk"]
    far = profile.values.copy()
    far[-1] = 1e-3 * minimum * (0.38 / 1e-6) ** (1 / shape)

    assert Curve(profile.levels, far).mean > 1.04 * profile.mean


@pytest.mark.parametrize("name", ALL)
def test_as_service(name: str) -> None:
    """Any profile may be the service of a scenario, and half of it a network's one-way time."""
    mean = profiles.load(name).mean
    scenario = load(
        {
            "runs": 2,
            "requests": 200,
            "arrivals": {"kind": "poisson", "offered_load": 0.3},
            "service": {"kind": "profile", "profile": name},
            "network": {"to_worker": {"kind": "profile", "profile": name, "scale": 0.5}},
            "workers": {"count": 4},
            "policies": [{"kind": "none"}],
        }
    )

    response = simulate(scenario, jobs=1).summary()["mean"][0]

    assert response > mean  # a service and half of one more: 1.5 in the mean, and a queue


@pytest.mark.parametrize("name", RATIOS)
def test_as_a_factor(name: str) -> None:
    """Ratios are drawn as they stand, with a mean and a median near 1."""
    law = Profile(profile=name)
    factors = law.sample(np.random.default_rng(3), 100_000)

    assert np.median(factors) == pytest.approx(1, abs=0.005)
    spread = profiles.load(name).std
    assert abs(factors.mean() - law.mean) <= 4 * spread / np.sqrt(100_000)
    assert law.mean < 1.06


@pytest.mark.parametrize("name", RATIOS)
def test_as_slowdown(name: str) -> None:
    """A fixed factor a worker of this law: with no queue, its mean times that of the service."""
    factor = {"kind": "profile", "profile": name}
    scenario = load(
        {
            "runs": 4,
            "requests": 100,
            "arrivals": {"kind": "deterministic", "interval": 100},
            "service": {"kind": "deterministic", "value": 1},
            "workers": {"count": 100, "placement": "round-robin"},
            "slowdown": [{"kind": "fixed", "factor": factor}],
            "policies": [{"kind": "none"}],
        }
    )

    mean = simulate(scenario, jobs=1).summary()["mean"][0]

    profile = profiles.load(name)
    assert abs(mean - Profile(profile=name).mean) <= 4 * profile.std / np.sqrt(400)
    assert mean != 1
