"""Comparisons: pairs of runs and requests, verdicts, and what is said where there is none."""

import dataclasses
import importlib
import math
import re
from pathlib import Path

import numpy as np
import pytest
from measured import paths_of, run_of, setup_of

import strag_sim
from strag_sim.arrivals import Closed
from strag_sim.errors import ResultError
from strag_sim.results import Result
from strag_sim.statistics import Facts, Quantity, Sample, estimate
from strag_sim.statistics.paired import paired, runs_to_tell

FACTS = Facts(paths_of({"own": math.nan}), own=1, tasks=1, roles=("own",))
NUMBERS = ["label", "baseline", "measure", "runs", "value", "baseline_value"]
NUMBERS += [f"{name}{end}" for name in ("ratio", "difference") for end in ("", "_low", "_high")]


def sample(label, *runs, **changes):
    """Return a sample with these responses, run by run."""
    setup = dataclasses.replace(setup_of(), label=label, **changes)
    made = [
        dataclasses.replace(run_of(each), answers=np.array([len(each)]), right=math.nan)
        for each in runs
    ]
    return Sample(setup, FACTS, tuple(made))


def result_of(*samples, confidence=0.95):
    """Return their result."""
    estimates = [estimate(each, confidence=confidence) for each in samples]
    return Result.of(samples, estimates, "", {"seed": 5}, confidence=confidence)


@pytest.fixture
def result():
    """Return two policies of three runs: means 1, 1, 4 and, in the other, 2, 4, 8."""
    base = sample("slow", [2.0, 2.0], [4.0, 4.0], [8.0, 8.0])
    return result_of(base, sample("fast", [1.0, 1.0], [1.0, 1.0], [4.0, 4.0]))


@pytest.fixture(scope="module")
def simulated():
    """Return a result of three policies, the last unstable, with recorded requests."""
    keys = {
        "runs": 4,
        "requests": 10_000,
        "arrivals": {"kind": "poisson", "rate": 2.5},
        "service": {"kind": "exponential", "mean": 1},
        "workers": {"count": 4},
        "policies": [
            {"kind": "none"},
            {"kind": "hedge", "delay": 3},
            {"kind": "replication", "copies": 2, "label": "two", "cancel": "never"},
        ],
    }
    return strag_sim.simulate(strag_sim.load(keys), record="requests")


def rows_of(comparison, label):
    """Return a policy's rows, by measure."""
    table = comparison.table()
    return table[table["label"] == label].set_index("measure")


def test_columns(simulated):
    """The columns in their order, a row a policy and measure, the baseline apart."""
    table = strag_sim.compare(simulated).table()

    assert list(table) == [*NUMBERS, "p", "p_holm", "verdict", "runs_needed"]
    assert table["label"].unique().tolist() == ["hedge 3 s", "two"]
    measures = ["mean", "std", "var", "p50", "p95", "p99", "p999", "cost", "accuracy"]
    assert table["measure"].tolist() == 2 * measures


def test_every_column_is_documented(simulated):
    """The page on comparisons has a row for each column of its tables, and for no other."""
    found = strag_sim.compare(simulated)
    names = (*found.table(), *found.requests(), *found.accurate())
    columns = {re.sub("_(low|high)$", "", each) for each in names}
    page = Path(__file__).parents[2] / "docs/comparing.md"
    rows = re.findall(r"^\| (`.*?) \|", page.read_text(encoding="utf-8"), re.MULTILINE)

    assert {name for row in rows for name in re.findall(r"`([a-z0-9_]+)`", row)} == columns


def test_by_hand(result):
    """Means of 1, 1, 4 over 2, 4, 8: the example of the tests of pairs, the other way round."""
    row = rows_of(strag_sim.compare(result), "fast").loc["mean"]

    assert row["ratio"] == pytest.approx(2 ** (-4 / 3))
    assert row["difference"] == pytest.approx(-8 / 3)
    assert row["p"] == pytest.approx(1 - 4 / math.sqrt(18))
    assert (row["value"], row["baseline_value"], row["runs"]) == (2, 14 / 3, 3)


def test_runs_are_paired_by_their_number(result):
    """Whatever order the rows of a file are in."""
    shuffled = result.runs().iloc[[5, 0, 3, 4, 2, 1]]
    other = dataclasses.replace(result, tables={**result.tables, "runs": shuffled})

    assert strag_sim.compare(other).table().equals(strag_sim.compare(result).table())


def test_the_baseline_may_be_another(result):
    """Then ratios are turned upside down, and requests are paired with it."""
    one, other = strag_sim.compare(result), strag_sim.compare(result, baseline="fast")

    assert other.table()["label"].unique().tolist() == ["slow"]
    both = other.table()["ratio"] * one.table()["ratio"]
    # no spread within a run: no ratio of std and var; the accuracy is not known
    assert both.dropna().index.tolist() == [0, 3, 4, 5, 6, 7]
    assert both.dropna().to_numpy() == pytest.approx(1)
    assert one.requests()["gained"].tolist() == other.requests()["lost"].tolist()


@pytest.mark.parametrize("method", ["student", "sectioning", "bootstrap"])
def test_methods(simulated, method, monkeypatch):
    """The numbers are those of `statistics.paired`, and the same each time."""
    comparison = importlib.import_module("strag_sim.compare.comparison")
    monkeypatch.setattr(comparison, "FEWEST_RESAMPLED", 4)
    summary, runs = simulated.summary().set_index("label"), simulated.runs()
    base, value = (
        Quantity(summary.at[name, "p99"], runs[runs["label"] == name]["p99"].to_numpy())
        for name in ("none", "hedge 3 s")
    )
    found = strag_sim.compare(simulated, method=method)
    row = rows_of(found, "hedge 3 s").loc["p99"]
    expected = paired(value, base, 0.95, method, np.random.default_rng(0))

    assert row["ratio"] == pytest.approx(expected.ratio)
    close = 0.02 if method == "bootstrap" else 1e-12  # resampled with another seed
    assert row["ratio_low"] == pytest.approx(expected.ratio_interval.low, rel=close)
    assert row["difference_high"] == pytest.approx(expected.difference_interval.high, rel=close)
    assert found.table().equals(strag_sim.compare(simulated, method=method).table())


def test_verdicts_are_corrected_for_all_of_the_table():
    """Holm by hand: of k tests the smallest p counts k-fold, and so many runs would tell.

    The same responses in all but one run: p of each of eight measures is that of t = 1, 1 - 1 /
    sqrt(3) for two degrees; std and var are about the same, so is p50 to p999.
    """
    base = sample("base", [1.0, 2.0], [1.0, 2.0], [1.0, 2.0])
    other = sample("other", [1.0, 2.0], [1.0, 2.0], [2.0, 4.0])
    rows = rows_of(strag_sim.compare(result_of(base, other)), "other")

    tested = rows.drop(index=["cost", "accuracy"])
    assert tested["p"].to_numpy() == pytest.approx(1 - 1 / math.sqrt(3))
    assert (tested["p_holm"] == 1).all()
    assert (tested["verdict"] == "cannot tell").all()
    # cost is the same in both: a test too, of which p is 1
    effect = (1 / 3) / math.sqrt(1 / 3)
    assert tested["runs_needed"].tolist() == [runs_to_tell(effect, 0.05 / 8)] * 7


def test_lower_higher_equal_unknown(simulated):
    """Hedges make p99 lower for more work; the accuracy is not known."""
    rows = rows_of(strag_sim.compare(simulated), "hedge 3 s")

    assert rows.at["p99", "verdict"] == "lower"
    assert rows.at["cost", "verdict"] == "higher"
    assert rows.at["accuracy", "verdict"] == "unknown"
    assert rows["runs_needed"].isna().all() == (rows["verdict"] != "cannot tell").all()


def test_an_unstable_policy_is_compared_by_its_cost_only(simulated):
    """Its responses depend on how long one looks; they are in no pair either."""
    found = strag_sim.compare(simulated)
    verdicts = rows_of(found, "two")["verdict"]

    assert (verdicts.drop(index=["cost", "accuracy"]) == "unstable").all()
    assert verdicts["cost"] == "higher"
    assert verdicts["accuracy"] == "unknown"
    assert found.requests()["label"].tolist() == ["hedge 3 s"]
    against = strag_sim.compare(simulated, baseline="two")
    assert (rows_of(against, "none")["verdict"].iloc[:7] == "unstable").all()
    assert against.requests().empty


def test_one_run():
    """Has estimates and no verdict."""
    found = strag_sim.compare(result_of(sample("a", [1.0, 2.0]), sample("b", [2.0, 4.0])))

    verdicts = rows_of(found, "b")["verdict"]
    assert verdicts["mean"] == "one run"
    assert verdicts["accuracy"] == "unknown"
    assert found.table()["ratio"][0] == pytest.approx(2)
    assert found.requests()["slower"].tolist() == [1]


def test_the_same_policy_twice():
    """Is equal in every run and request."""
    runs = [[1.0, 2.0], [3.0, 5.0]]
    found = strag_sim.compare(result_of(sample("a", *runs), sample("b", *runs)))

    assert set(found.table()["verdict"]) == {"equal", "unknown"}
    assert found.requests()["equal"].tolist() == [1]


def test_requests_by_hand(result):
    """Per run all are faster, by 1, 3 and 4 s: 8/3 in the mean, and the interval of these."""
    (row,) = strag_sim.compare(result).requests().to_dict("records")

    assert (row["requests"], row["faster"], row["equal"], row["slower"]) == (6, 1, 0, 0)
    assert row["gained"] == pytest.approx(8 / 3)
    assert row["gained_high"] == pytest.approx(8 / 3 + 4.302653 * math.sqrt(14 / 18), rel=1e-6)
    assert math.isnan(row["lost"])


def test_gains_weigh_requests_alike():
    """Not runs: two gain 1 s in one run, one gains 4 s in the other, where one loses."""
    base = sample("base", [2.0, 2.0], [5.0, 5.0])
    other = sample("other", [1.0, 1.0], [1.0, 6.0])
    (row,) = strag_sim.compare(result_of(base, other)).requests().to_dict("records")

    assert row["gained"] == 2.0
    assert (row["faster"], row["slower"], row["lost"]) == (0.75, 0.25, 1)


def test_saved_pairs(simulated, tmp_path):
    """A folder says the same; of another baseline only where requests were recorded."""
    opened = Result.open(simulated.save(tmp_path / "saved"))

    for baseline in ("none", "hedge 3 s"):
        one = strag_sim.compare(simulated, baseline=baseline)
        other = strag_sim.compare(opened, baseline=baseline)
        assert other.table().equals(one.table())
        assert other.requests().equals(one.requests())
        assert len(one.requests()) == 1

    (opened.folder / "requests.parquet").unlink()
    assert len(strag_sim.compare(opened).requests()) == 1
    lacking = strag_sim.compare(opened, baseline="hedge 3 s")
    assert lacking.requests().empty
    assert "not paired with hedge 3 s" in lacking.notes[0]
    assert "--record requests" in lacking.notes[0]


def test_results_of_earlier_versions(simulated, tmp_path):
    """Hold no pairs; recorded requests give them all the same."""
    folder = simulated.save(tmp_path / "saved")
    (folder / "pairs.parquet").unlink()

    assert strag_sim.compare(Result.open(folder)).requests()["label"].tolist() == ["hedge 3 s"]
    (folder / "requests.parquet").unlink()
    found = strag_sim.compare(Result.open(folder))
    assert found.requests().empty
    assert len(found.notes) == 1


def test_closed_loops_have_no_pairs(tmp_path):
    """Request 7 of one policy is not request 7 of the other; neither in memory nor in a folder."""
    keys = {
        "runs": 2,
        "requests": 50,
        "arrivals": {"kind": "closed", "clients": 2},
        "service": {"kind": "exponential", "mean": 1},
        "workers": {"count": 4},
        "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2}],
    }
    result = strag_sim.simulate(strag_sim.load(keys), record="requests")
    opened = Result.open(result.save(tmp_path / "saved"))

    assert isinstance(result.samples[0].setup.arrivals, Closed)
    for each in (result, opened):
        for baseline in ("none", "replication 2"):
            assert strag_sim.compare(each, baseline=baseline).requests().empty
    assert len(strag_sim.compare(result).table()) == 9


def test_sketched_responses_have_no_pairs(monkeypatch, tmp_path):
    """Runs are compared all the same, and the note says what to do; in memory and in a folder."""
    runs = importlib.import_module("strag_sim.simulate.runs")
    monkeypatch.setattr(runs, "MOST_KEPT", 100)
    keys = {
        "runs": 2,
        "requests": 100,
        "arrivals": {"kind": "poisson", "rate": 1},
        "service": {"kind": "exponential", "mean": 1},
        "workers": {"count": 4},
        "policies": [{"kind": "none"}, {"kind": "replication", "copies": 2}],
    }
    result = strag_sim.simulate(strag_sim.load(keys))
    opened = Result.open(result.save(tmp_path / "saved"))

    assert not (opened.folder / "pairs.parquet").exists()
    for found in map(strag_sim.compare, (result, opened)):
        assert len(found.table()) == 9
        assert found.requests().empty
        assert "requests are not paired with none: " in found.notes[-1]
        assert "record" in found.notes[-1]


def test_wrong_input(result):
    """Messages say what there is, and what was meant."""
    with pytest.raises(ResultError, match=r"'fats': no such policy; .*did you mean 'fast'\?"):
        strag_sim.compare(result, baseline="fats")
    with pytest.raises(ResultError, match="method: 'anova' is not allowed; .* student, sect"):
        strag_sim.compare(result, method="anova")
    with pytest.raises(ResultError, match="nothing to compare with: 'a' is the only policy"):
        strag_sim.compare(result_of(sample("a", [1.0, 2.0])))


def test_the_verb_stays():
    """Importing the room leaves the verb of its name in the package."""
    from strag_sim.compare import latex

    assert callable(strag_sim.compare)
    assert latex.booktabs


def test_runs_that_are_too_short_are_named():
    """Ten runs of one request: half take 2.0, half 2.1 s; all together, p50 is 2.0 and p95 2.1.

    The runs' mean is 2.05, half its interval 2.26 x 0.0527 / sqrt(10) = 0.038: both are more than
    half of that away. Where no run differs from the others none is short, whatever rounding does.
    """
    base = sample("a", *([1.0],) * 10)
    other = sample("b", *([2.0],) * 5, *([2.1],) * 5)
    same = sample("b", *([0.3],) * 10)

    (note,) = strag_sim.compare(result_of(base, other)).notes
    assert note.startswith("runs are short for p50, p95, p99, p99.9 of b: the ratios of single")
    assert note.endswith("or take those of strag-sim compare DIR --method sectioning")
    assert strag_sim.compare(result_of(base, other), method="sectioning").notes == ()
    assert strag_sim.compare(result_of(base, same)).notes == ()


def test_the_bootstrap_of_few_runs_is_refused():
    """It would be too sure of differences that are not there."""
    keys = {"runs": 19, "requests": 50, "arrivals": {"kind": "poisson", "rate": 0.5}}
    two = [{"kind": "none"}, {"kind": "none", "label": "faster", "workers": {"count": 2}}]
    rest = {"service": {"kind": "exponential", "mean": 1}, "workers": {"count": 1}, "policies": two}
    few = strag_sim.simulate(strag_sim.load({**keys, **rest}))

    with pytest.raises(ResultError, match=r"bootstrap is not allowed with 19 runs.* it needs 20"):
        strag_sim.compare(few, method="bootstrap")


def test_sizes_on_few_atoms_are_compared():
    """Quantiles that tie, or differ by rounding, are neither an error nor the same in every run."""
    sizes = {"kind": "empirical", "values": [1, 2, 3, 4, 6]}
    policies = [{"kind": "none"}, {"kind": "hedge", "delay": 3}, {"kind": "collage", "grid": 2}]
    for seed in range(1, 7):
        keys = {"seed": seed, "runs": 20, "requests": 2000, "service": sizes, "policies": policies}
        rest = {"arrivals": {"kind": "poisson", "offered_load": 0.3}, "workers": {"count": 10}}
        result = strag_sim.simulate(strag_sim.load({**keys, **rest}))
        for method in ("student", "sectioning"):
            table = strag_sim.compare(result, method=method).table()
            runs = result.runs().set_index(["label", "run"])
            for row in table[table["verdict"] == "equal"].to_dict("records"):
                alone, base = runs.loc[row["label"]], runs.loc["none"]
                np.testing.assert_allclose(alone[row["measure"]], base[row["measure"]], rtol=1e-9)
