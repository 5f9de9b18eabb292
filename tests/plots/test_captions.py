"""What a caption says: the numbers of each result, the intervals of each kind, what is shown."""

from dataclasses import replace

import pytest
from reported import whole
from tables_by_hand import made

from strag_sim import plots
from strag_sim.plots.captions import of_results, of_timeline
from strag_sim.plots.served import window_of
from strag_sim.results import Result


def result_of(runs: int, **known: object) -> Result:
    """Return a result of two policies, and what is known of it."""
    values = {"p99": [1.0 + 0.1 * i for i in range(runs)]}
    result = made({"one": values, "two": values})
    return replace(result, provenance={**result.provenance, **known})


def test_overloaded_policies_are_named() -> None:
    """Their curves are drawn, and say nothing of longer runs."""
    caption = plots.of_result(result_of(4, overloaded=["two"]), "ccdf")

    assert caption["overloaded"] == ["two"]
    told = " Overloaded, so that responses are only as long as the runs are: two."
    assert str(caption["caption"]).endswith(told)
    assert "Overloaded" not in str(plots.of_result(result_of(4), "ccdf")["caption"])


def test_each_of_several_results_has_its_own_numbers() -> None:
    """Runs, seed, notes and warm-up differ; intervals are promised only of those that have some."""
    four, one = result_of(4, seed=1), result_of(1, seed=2, notes=["it is late"])
    four.tables["summary"]["warm_up"] = 50

    caption = of_results([four, one], ["low", "high"], "gain")

    assert caption["caption"] == (
        "p99 of the first policy over that of each other. low: 4 runs of 1,000 requests a policy, "
        "after 50 of warm-up. Intervals: 95 % confidence (sectioning of logarithms over pairs of "
        "runs). high: One run of 1,000 requests a policy. No intervals: one run has none."
    )
    names = ("result", "runs", "seed", "notes", "warm_up", "n", "confidence", "intervals")
    method = "sectioning of logarithms over pairs of runs"
    assert [[of[name] for name in names] for of in caption["results"]] == [
        ["low", 4, 1, [], 50, 4000, 0.95, method],
        ["high", 1, 2, ["it is late"], 0, 1000, None, None],
    ]


def test_results_of_the_same_amount_share_a_sentence() -> None:
    """It is said once."""
    text = str(of_results([result_of(4)] * 2, ["low", "high"], "gain")["caption"])

    assert "low, high: 4 runs" in text
    assert text.count("4 runs") == 1


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("ccdf", "Student t over runs, at each single time"),
        (
            "variance",
            "of standard deviations by sectioning over runs, of ratios of variances Student t of "
            "their logarithms over pairs of runs",
        ),
        ("paths", "Student t over runs"),
        ("pareto", "Student t over runs; of p99 by sectioning"),
        ("warm-up", None),
    ],
)
def test_intervals_are_those_of_the_kind(kind: str, method: str | None) -> None:
    """In the JSON and in the sentence; a figure without any promises none."""
    caption = plots.of_result(result_of(4), kind)

    assert caption["intervals"] == method
    assert (f"95 % confidence ({method})." in str(caption["caption"])) == (method is not None)


@pytest.mark.parametrize("label", [None, "none"])
def test_a_timeline_is_of_one_policy_in_one_run_for_a_time(label: str | None) -> None:
    """And of its slowest request, not of all that was simulated."""
    result = whole()
    window = window_of(result, label, 0, None, None)
    caption = of_timeline(result, window)
    requests = result.requests(window.label, run=0)
    slowest = requests.loc[requests["response"].idxmax()]

    assert (caption["policy"], caption["run"]) == (label or "replication 2", 0)
    shown = {"start": window.start, "stop": window.stop, "tasks": len(window.tasks)}
    assert caption["window"] == shown
    assert caption["slowest"] == {
        "request": slowest["request"],
        "arrival": slowest["arrival"],
        "response": pytest.approx(slowest["response"]),
    }
    assert not {"runs", "policies", "n"} & set(caption)
    text = str(caption["caption"])
    assert f"{window.label}, {window.start:.6g} s to {window.stop:.6g} s of run 0. Req" in text
    assert "runs of" not in text
