"""M^[b]/G/1: requests that arrive together."""

from strag_sim.selfcheck.check import Check, checks_of
from strag_sim.selfcheck.scenarios import DETERMINISTIC, poisson, queue
from strag_sim.theory import arrivals, inversion, laws

MEAN = "lambda E[B^2] / (2 (1 - rho)) + (b + 1) / 2 E[S], B the sizes of a batch"
SOURCE = "Chaudhry and Templeton 1983"


def checks() -> list[Check]:
    """Return the checks of batches of three, with exponential and with constant sizes."""
    rate, batch, load = 0.2, 3, 0.6
    arriving = poisson(rate, batch=batch)
    response = inversion.batch_mg1_response(rate, batch, inversion.gamma(1.0), 1.0)
    p99 = laws.quantile(inversion.survival(response), 0.99)
    return [
        *checks_of(
            "batches",
            "batches of 3, load 0.6",
            queue("batches", arriving, load=load, variation=batch),
            ("mean", arrivals.batch_mg1_mean(rate, batch, 1, 2), MEAN),
            ("p99", p99, "inverse of W*(s) (S*(s) + ... + S*(s)^b) / b"),
            source=SOURCE,
        ),
        *checks_of(
            "batches",
            "batches of 3, constant sizes, load 0.6",
            queue(
                "batches of one size", arriving, load=load, service=DETERMINISTIC, variation=batch
            ),
            ("mean", arrivals.batch_mg1_mean(rate, batch, 1, 1), MEAN),
            source=SOURCE,
        ),
    ]
