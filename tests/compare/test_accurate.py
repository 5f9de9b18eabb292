"""p99 at an accuracy: who is accurate enough, who is the fastest of them, and how sure that is."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from measured import paths_of, run_of, setup_of

import strag_sim
from strag_sim.cli import main
from strag_sim.compare.accurate import accurate
from strag_sim.errors import ResultError
from strag_sim.results import Result
from strag_sim.statistics import Facts, Quantity, Sample, estimate
from strag_sim.statistics.paired import paired

RUNS = 6
REQUESTS = 200
PATHS = paths_of({"own": 0.9})
FACTS = Facts(PATHS, own=1, tasks=1, roles=("own",))


def sample(
    label: str, slowness: float, accuracies: list[float], seed: int | tuple[int, ...] = 1
) -> Sample:
    """Return runs whose responses have such a size, and of whose answers such shares are right."""
    rng = np.random.default_rng(seed)
    setup = dataclasses.replace(setup_of(), label=label)
    runs = tuple(
        dataclasses.replace(
            run_of((slowness * rng.gamma(50, 0.02, REQUESTS)).tolist()),
            answers=np.array([REQUESTS]),
            right=accuracy * REQUESTS,
        )
        for accuracy in accuracies
    )
    return Sample(setup, FACTS, runs)


def result_of(*samples: Sample, confidence: float = 0.95) -> Result:
    """Return their result."""
    estimates = [estimate(each, confidence=confidence) for each in samples]
    return Result.of(samples, estimates, "", {"seed": 5}, confidence=confidence)


def around(accuracy: float, spread: float) -> list[float]:
    """Return an accuracy for each run, whose mean is the first."""
    return [accuracy + spread * (-1) ** run for run in range(RUNS)]


def standings(result: Result, accuracy: float) -> dict[str, str]:
    """Return the standing of each policy."""
    rows = strag_sim.compare(result, accuracy=accuracy).accurate()
    return dict(zip(rows["label"], rows["standing"], strict=True))


@pytest.fixture(scope="module")
def result() -> Result:
    """Return policies of which the fastest is not accurate, and two are hard to tell apart."""
    return result_of(
        sample("plain", 2.0, around(0.99, 0.0)),
        sample("coarse", 0.5, around(0.90, 0.001), seed=2),
        sample("unsure", 0.8, around(0.95, 0.01), seed=3),
        sample("open", 0.7, [float("nan")] * RUNS, seed=4),
        sample("one", 1.0, around(0.97, 0.001), seed=5),
        sample("another", 1.001, around(0.97, 0.001), seed=6),
    )


def test_the_fastest_of_those_that_are_accurate_enough(result: Result) -> None:
    """Faster ones are passed over: inaccurate, with an interval across the limit, or not known."""
    found = standings(result, 0.95)

    assert found == {
        "plain": "slower",
        "coarse": "not accurate enough",
        "unsure": "accuracy not shown",
        "open": "accuracy not known",
        "one": found["one"],
        "another": found["another"],
    }
    assert sorted((found["one"], found["another"])) == ["cannot tell", "fastest"]


def test_the_limit_moves_the_fastest(result: Result) -> None:
    """Where little is asked for it is the coarse one; where too much, none is."""
    assert standings(result, 0.85)["coarse"] == "fastest"
    assert standings(result, 0.98)["plain"] == "fastest"
    assert "fastest" not in standings(result, 0.995).values()


def test_an_interval_that_begins_at_the_limit_is_enough() -> None:
    """An accuracy that is the same in every run has no width, and rounding is no reason."""
    exact = result_of(sample("a", 1, around(0.1 + 0.2, 0)), sample("b", 1, around(0.3, 0), seed=2))

    assert standings(exact, 0.3)["b"] in ("fastest", "cannot tell")
    assert standings(exact, 0.1 + 0.2)["b"] in ("fastest", "cannot tell")
    assert set(standings(exact, 0.31).values()) == {"not accurate enough"}


def test_policies_that_are_the_same() -> None:
    """In every run: equal, not told apart."""
    same = result_of(*(sample(label, 1, around(0.9, 0)) for label in ("a", "b")))

    assert standings(same, 0.5) == {"a": "fastest", "b": "equal"}


def test_one_run_shows_nothing() -> None:
    """Without intervals no accuracy is shown."""
    alone = result_of(sample("a", 1, [0.9]), sample("b", 2, [0.9], seed=2))

    assert set(standings(alone, 0.5).values()) == {"one run"}


def test_how_often_equal_policies_are_told_apart() -> None:
    """Of 60 results with six policies of the same law at 95 %, in three at most, by expectation.

    Each p counts 15 times, as there are 15 pairs. The planted fault takes the p of the fastest
    against each other one as it is: as the fastest was chosen for being fast, it tells too often.
    """
    rng = np.random.default_rng(11)
    told = {"as it is": 0, "planted": 0}
    for _ in range(60):
        result = of_one_law(rng)
        found = accurate(result, 0.5, "student", 0.95).sort_values("p99")
        told["as it is"] += bool((found["standing"] == "slower").any())
        fastest, *others = (p99_of(result, str(label)) for label in found["label"])
        told["planted"] += any(paired(other, fastest, 0.95).p <= 0.05 for other in others)

    most = 3 + 4 * 1.7  # binomial with p = 0.05, and four of its deviations
    print(told)
    assert told["as it is"] <= most < told["planted"]


def of_one_law(rng: np.random.Generator) -> Result:
    """Return as much of a result as is looked at: six policies whose p99 has the same law."""
    labels = list("abcdef")
    p99 = rng.lognormal(0, 0.1, (len(labels), RUNS))
    columns = {"label": labels, "runs": RUNS, "stable": True, "cost": 1.0, "p99": p99.mean(axis=1)}
    known = {f"{name}{end}": 0.9 for name in ("p99", "accuracy") for end in ("", "_low", "_high")}
    summary = pd.DataFrame({**known, **columns})
    runs = {"label": np.repeat(labels, RUNS), "run": list(range(RUNS)) * 6, "p99": p99.ravel()}
    return Result(
        tables={"summary": summary, "runs": pd.DataFrame(runs)}, scenario="", provenance={}
    )


def p99_of(result: Result, label: str) -> Quantity:
    """Return the p99 of a policy, pooled and by run."""
    pooled = result.summary().set_index("label").at[label, "p99"]
    runs = result.runs()
    return Quantity(float(pooled), runs[runs["label"] == label]["p99"].to_numpy(float))


def test_nothing_is_asked_for(result: Result) -> None:
    """Then there are no standings, and no stars."""
    comparison = strag_sim.compare(result)

    assert comparison.accurate().empty
    assert "{*}" not in comparison.latex()


def test_latex_stars(result: Result) -> None:
    """Those that are not shown to be accurate enough have one, and the caption says what it is."""
    text = strag_sim.compare(result, accuracy=0.95).latex()

    assert r"coarse{*} &" in text
    assert r"one{*}" not in text
    assert r"{*}: not shown to have an accuracy of at least 95\,\%." in text


@pytest.mark.parametrize("accuracy", [-0.1, 1.5, 95, float("nan")])
def test_no_share(result: Result, accuracy: float) -> None:
    """An accuracy is a share."""
    with pytest.raises(ResultError, match=r"must be a share from 0 to 1, such as 0\.95"):
        strag_sim.compare(result, accuracy=accuracy)


def test_the_command(result: Result, tmp_path: Path) -> None:
    """A table below those of the policies, whose heads are marked; the verdict names the others."""
    folder = result.save(tmp_path / "result")

    done = CliRunner().invoke(main, ["compare", str(folder), "--accuracy", "0.95"])
    none = CliRunner().invoke(main, ["compare", str(folder), "--accuracy", "1"])
    alone = CliRunner().invoke(main, ["compare", str(folder), "--accuracy", "0.98"])
    as_json = CliRunner().invoke(main, ["compare", str(folder), "--json", "--accuracy", "0.95"])

    assert done.exit_code == 0, done.output
    assert "coarse against plain (not accurate enough)" in done.stdout
    assert "one against plain\n" in done.stdout
    assert "accuracy >= 95 %" in done.stdout
    assert ", but the runs cannot tell it from " in done.stdout
    assert "no policy is shown to be so accurate" in none.stdout
    assert "lowest p99 of these: plain, the only one" in alone.stdout
    assert '"standing": "not accurate enough"' in as_json.stdout
    assert '"accuracy": 0.95' in as_json.stdout
