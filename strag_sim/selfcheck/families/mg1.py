"""M/G/1: sizes of other laws; means by Pollaczek-Khinchine, percentiles by inversion."""

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import UNIFORM, Scenario, poisson, queue, uniform_survival
from strag_sim.theory import inversion, laws, queues, renewal

MEANS, WEIGHTS = (0.5, 3.0), (0.8, 0.2)
MEAN = "E[S] + lambda E[S^2] / (2 (1 - rho))"
BY_TRANSFORM = "inverse of W*(s) S*(s), W*(s) = (1 - rho) s / (s - lambda + lambda S*(s))"
BY_RENEWAL = "F_W(t) = 1 - rho + lambda int F_W(t - x) P(S > x) dx"


def checks() -> list[Check]:
    """Return the checks: each mean from two moments, each p99 from the whole law."""
    return [
        *by_transform(
            "gamma, cv 0.7",
            0.7,
            {"kind": "gamma", "mean": 1.0, "cv": 0.7},
            1.49,
            inversion.gamma(1.0, 0.7),
        ),
        *by_transform(
            "lognormal, cv 1.2",
            0.6,
            {"kind": "lognormal", "mean": 1.0, "cv": 1.2},
            2.44,
            inversion.lognormal(1.0, 1.2),
        ),
        *by_transform(
            "hyperexponential",
            0.6,
            {"kind": "hyperexponential", "means": list(MEANS), "weights": list(WEIGHTS)},
            2 * sum(w * m**2 for w, m in zip(WEIGHTS, MEANS, strict=True)),
            inversion.hyperexponential(MEANS, WEIGHTS),
        ),
        *uniform(),
    ]


def by_transform(
    name: str, rate: float, service: Scenario, second_moment: float, size: inversion.Transform
) -> list[Check]:
    """Return the checks of sizes of mean 1 that have a transform."""
    responses = inversion.survival(inversion.mg1_response(rate, size, 1.0))
    variation = second_moment / 2
    return checks_of(
        "mg1",
        f"M/G/1, {name}, load {rate}",
        queue(f"mg1 {name}", poisson(rate), load=rate, service=service, variation=variation),
        ("mean", queues.mg1_mean(rate, 1, second_moment), MEAN),
        ("p50", laws.quantile(responses, 0.5), BY_TRANSFORM),
        ("p99", laws.quantile(responses, 0.99), BY_TRANSFORM),
        source="Kleinrock 1975; Abate and Whitt 1995",
    )


def uniform() -> list[Check]:
    """Return the checks of sizes whose law has corners."""
    rate = 0.7
    responses = renewal.mg1_response_survival(rate, uniform_survival, 1.0, upper=40.0)
    return checks_of(
        "mg1",
        "M/G/1, uniform, load 0.7",
        queue("mg1 uniform", poisson(rate), load=rate, service=UNIFORM),
        ("mean", queues.mg1_mean(rate, 1, 1 + 1 / 12), MEAN),
        ("p99", laws.quantile(responses, 0.99), BY_RENEWAL),
        source="Kleinrock 1975; Asmussen 2003",
    )
