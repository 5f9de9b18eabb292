"""Services that were measured on different devices are refused, unless that is allowed."""

from pathlib import Path
from typing import Any

import pytest
from by_batch import point, write

from strag_sim.errors import ScenarioError
from strag_sim.scenario import dump, load


@pytest.fixture
def measured(tmp_path: Path) -> dict[str, str]:
    """Profiles of two devices, a second of the first of them, and one that names none."""
    devices = {"cpu": "CPU", "again": "CPU", "gpu": "GPU", "unknown": None}
    return {
        name: write(tmp_path / f"{name}.json", point(1), device=device)
        for name, device in devices.items()
    }


def law(path: str) -> dict[str, Any]:
    """Return the law of a profile."""
    return {"kind": "profile", "profile": path}


def scenario(service: Any, **keys: Any) -> dict[str, Any]:
    """Return a scenario with this service."""
    return {
        "arrivals": {"kind": "poisson", "rate": 1},
        "service": service,
        "workers": {"count": 4},
        "policies": [{"kind": "none"}],
        **keys,
    }


def test_a_model_of_another_device_is_refused(measured: dict[str, str]) -> None:
    """The message names both profiles, both devices, where they stand and what to do."""
    models = {
        "same": {"service": law(measured["again"])},
        "small": {"service": law(measured["gpu"])},
    }
    with pytest.raises(ScenarioError) as caught:
        load(scenario(law(measured["cpu"]), models=models))

    assert caught.value.problems == (
        f"models.small.service.profile: {measured['gpu']!r} is not allowed; it was measured on "
        f"'GPU', but {measured['cpu']!r} (service.profile) on 'CPU': measure both on one device, "
        "or write allow_mixed: true where workers of both are meant",
    )


@pytest.mark.parametrize(
    ("wrap", "path"),
    [
        (lambda of: {"kind": "shifted", "shift": 1, "of": of}, "of.profile"),
        (lambda of: {"kind": "truncated", "high": 0.9, "of": of}, "of.profile"),
        (
            lambda of: {
                "kind": "mixture",
                "parts": [
                    {"weight": 0.5, "of": {"kind": "exponential", "mean": 1}},
                    {"weight": 0.5, "of": {"kind": "shifted", "shift": 1, "of": of}},
                ],
            },
            "parts.1.of.of.profile",
        ),
    ],
)
def test_profiles_inside_of_laws_are_seen(measured: dict[str, str], wrap: Any, path: str) -> None:
    """Whichever of the two is inside."""
    inner = {"m": {"service": wrap(law(measured["gpu"]))}}
    with pytest.raises(ScenarioError, match=f"^models.m.service.{path}: .* on 'GPU', but "):
        load(scenario(law(measured["cpu"]), models=inner))

    plain = {"m": {"service": law(measured["gpu"])}}
    with pytest.raises(ScenarioError, match=rf"\(service.{path}\) on 'CPU'"):
        load(scenario(wrap(law(measured["cpu"])), models=plain))


def test_a_mixture_of_two_devices_is_refused(measured: dict[str, str]) -> None:
    """One law may hold both."""
    parts = [{"weight": 0.5, "of": law(measured[name])} for name in ("cpu", "gpu")]
    with pytest.raises(ScenarioError, match=r"^service.parts.1.of.profile: .*parts.0.of.profile\)"):
        load(scenario({"kind": "mixture", "parts": parts}))


def test_it_may_be_allowed(measured: dict[str, str]) -> None:
    """allow_mixed says that it is meant, and is kept where a scenario is written out."""
    models = {"small": {"service": law(measured["gpu"])}}
    allowed = load(scenario(law(measured["cpu"]), models=models, allow_mixed=True))

    assert allowed.allow_mixed
    assert load(dump(allowed)) == allowed
    assert not load(scenario(law(measured["cpu"]))).allow_mixed
    with pytest.raises(ScenarioError) as caught:
        load(scenario(law(measured["cpu"]), models=models, allow_mixed="maybe"))
    assert len(caught.value.problems) == 1  # of the key alone: nobody knows what was meant
    assert "allow_mixed: 'maybe' is not allowed" in str(caught.value)


@pytest.mark.parametrize("other", ["unknown", "faas-aws"])
def test_profiles_without_a_device_are_not_judged(measured: dict[str, str], other: str) -> None:
    """Neither beside others, nor between two that differ."""
    path = measured.get(other, other)

    assert load(scenario(law(measured["cpu"]), models={"m": {"service": law(path)}}))
    assert load(scenario(law(path), models={"m": {"service": law(measured["gpu"])}}))


def test_what_is_no_service_of_tasks_is_not_compared(measured: dict[str, str]) -> None:
    """The master is a machine of its own, and the network none."""
    gpu = law(measured["gpu"])
    keys = {"encode": gpu, "decode": gpu, "network": {"to_worker": gpu, "from_worker": gpu}}

    assert load(scenario(law(measured["cpu"]), **keys))
