"""Whether the services of a scenario were measured on one device."""

from collections.abc import Iterator

from strag_sim.distributions.composed import Mixture, Shifted
from strag_sim.distributions.distribution import Distribution
from strag_sim.distributions.profile import Profile
from strag_sim.distributions.truncated import Truncated
from strag_sim.scenario.models import Scenario
from strag_sim.scenario.problems import Path, Problem, dotted


def check_mixed(scenario: Scenario, broken: set[str | int]) -> Iterator[Problem]:
    """Yield a problem for each profile of another device than the first, unless it is allowed.

    Times of two devices differ by what the devices are, which a scenario of one kind of workers
    would take for what the models are. Only services of tasks are compared, those inside of other
    laws too, and those that models have on a kind of device with each other: encoding and decoding
    are done by the master, which is a machine of its own; times of the network are of no device;
    slowness is a factor. Profiles that name no device are not judged.
    """
    if scenario.allow_mixed or "allow_mixed" in broken:
        return
    kinds = {group.kind for group in scenario.devices or ()} if "devices" not in broken else set()
    told = set()
    for services in (
        _services(scenario),
        *(_services_on(scenario, kind) for kind in sorted(kinds)),
    ):
        first: tuple[Path, Profile] | None = None
        for place, profile in (each for service in services for each in _profiles(*service)):
            first = first or (place, profile)
            if profile.profile_data.device != first[1].profile_data.device and place not in told:
                told.add(place)
                yield Problem(place, _text(profile, *first))


def _services(scenario: Scenario) -> Iterator[tuple[Path, Distribution]]:
    """Yield where each law of a task's size stands, and the law."""
    yield ("service",), scenario.service
    for model in scenario.models:
        yield ("models", model.name, "service"), model.service


def _services_on(scenario: Scenario, kind: str) -> Iterator[tuple[Path, Distribution]]:
    """Yield where the law of each model on devices of a kind stands, and the law."""
    for model in scenario.models:
        if kind in (model.service_on or {}):
            yield ("models", model.name, "service_on", kind), (model.service_on or {})[kind]
        else:
            yield ("models", model.name, "service"), model.service


def _profiles(path: Path, law: Distribution) -> Iterator[tuple[Path, Profile]]:
    """Yield the profiles with a device that a law is or is made of, and where they are named."""
    if isinstance(law, Profile) and law.profile_data.device:
        yield (*path, "profile"), law
    elif isinstance(law, Shifted | Truncated):
        yield from _profiles((*path, "of"), law.of)
    elif isinstance(law, Mixture):
        for i, part in enumerate(law.parts):
            yield from _profiles((*path, "parts", i, "of"), part.of)


def _text(profile: Profile, place: Path, first: Profile) -> str:
    """Return what is wrong with a profile of another device than the first."""
    return (
        f"{profile.profile!r} is not allowed; it was measured on {profile.profile_data.device!r}, "
        f"but {first.profile!r} ({dotted(place)}) on {first.profile_data.device!r}: measure both "
        "on one device, or write allow_mixed: true where workers of both are meant"
    )
