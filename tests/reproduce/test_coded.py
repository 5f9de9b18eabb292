"""The claims on coded classification: what is found of them, and faults that put one outside."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from strag_sim.accuracies import read_accuracy
from strag_sim.reproduce import Finding, coded, coded_designs, coded_schemes, coded_texts, page
from strag_sim.reproduce import coded_claims as claims
from strag_sim.reproduce import coded_sets as sets
from strag_sim.results import Result

SMALL = {"requests": 4000, "warm_up": 400}
RUNS = 6


@pytest.fixture(scope="module")
def any_r() -> Result:
    """Return the R-th of six sizes, of fewer groups."""
    return sets.simulated("any_r", 20, 1, {"requests": 8000})


@pytest.fixture(scope="module")
def designs() -> Result:
    """Return both designs with every threshold."""
    return sets.simulated("designs", RUNS, 1, SMALL)


def verdicts(found: list[Finding]) -> list[str]:
    """Return the verdict of each."""
    return [each.verdict for each in found]


def test_any_r_of_n_is_an_order_statistic(any_r: Result) -> None:
    """Mean and p99 of each R: all inside, by intervals that hold together."""
    found = list(claims.any_of(any_r))

    assert [each.claim.what[:4] for each in found[:2]] == ["mean", "p99 "]
    assert verdicts(found) == ["inside"] * 12


def test_one_result_more_is_outside() -> None:
    """Planted: the decoder waits for R + 1 of the results; at R = 6 for all, as it should."""
    late = {f"policies.{r - 1}.threshold": min(r + 1, 6) for r in range(1, 7)}
    result = sets.simulated("any_r", 10, 1, {"requests": 8000, **late})

    found = list(claims.any_of(result))

    assert verdicts(found[:10]) == ["above"] * 10


def test_fewer_results_are_faster_and_less_accurate(designs: Result) -> None:
    """R = 4, 5, 6; the threshold of exact coding at degree 2 would be 7."""
    found = list(claims.tunable(designs))

    assert verdicts(found) == ["inside"] * 5
    assert found[-1].value == pytest.approx(4 / 7)


def test_a_threshold_that_changes_nothing_is_outside() -> None:
    """Planted: every policy waits for all six."""
    fixed = {f"policies.{place}.threshold": 6 for place in range(1, 10)}
    result = sets.simulated("designs", RUNS, 1, {**SMALL, **fixed})

    assert verdicts(list(claims.tunable(result))[:4]) == ["above"] * 4


def test_accuracy_depends_on_which_returned() -> None:
    """With two of N missing the worst set is outside; on average all are inside."""
    found = {each.setting: each.verdict for each in claims.accurate()}

    assert found["digits, K = R = 4, N = 6"] == "inside"
    assert found["digits, K = R = 4, N = 6, the worst 4 of 6"] == "below"
    assert found["digits, K = R = 4, N = 5, the worst 4 of 5"] == "inside"


def test_who_is_faster_by_who_has_the_inputs(designs: Result) -> None:
    """Workers with the inputs are; four JPEGs are fewer bytes than one coded input in float32."""
    assert verdicts(list(claims.designs(designs))) == ["inside", "below"]


def test_large_plain_inputs_turn_it_round() -> None:
    """As what would have to be true says: more bytes than a coded input, and a slow link."""
    result = sets.simulated("designs", RUNS, 1, {**SMALL, "input.bytes": 400_000})

    assert verdicts(list(claims.designs(result))) == ["inside", "inside"]


def test_a_free_link_makes_designs_alike() -> None:
    """Planted: transfers that take no time; then it hardly matters who has the inputs."""
    result = sets.simulated("designs", RUNS, 1, {**SMALL, "network.bandwidth": "1000 Tbit/s"})

    have, sent = claims.designs(result)
    assert have.value == pytest.approx(sent.value, rel=1e-6)


@pytest.fixture(scope="module")
def schemes() -> Result:
    """Return every code of four inputs."""
    return sets.simulated("schemes", RUNS, 1, SMALL)


def test_superior_to_what_decodes_every_answer(schemes: Result) -> None:
    """More accurate than codes of the same K, N and R, which are as fast; collages are both."""
    of = [sets.BERRUT, sets.COLLAGE]
    found = {each.claim.what: each.verdict for each in claims.superior(schemes, of)}

    assert found == {
        "accuracy, learned Lagrange over Berrut (ApproxIFER)": "inside",
        "p99, collage 2x2 over learned Lagrange": "below",
        "accuracy, learned Lagrange over collage 2x2": "below",
    }


def test_a_less_accurate_code_is_not_superior() -> None:
    """Planted: the model itself in place of the learned code."""
    naive = {**SMALL, "policies.1.accuracy": "digits-naive-4-5"}
    result = sets.simulated("schemes", RUNS, 1, naive)

    found = list(claims.superior(result, [sets.SUMMED]))

    assert verdicts(found) == ["below", "below"]


def test_large_groups_are_recovered_better_by_berrut() -> None:
    """On digits at K = 8, as published, and not at K = 4."""
    four = read_accuracy("digits-berrut-4-5"), read_accuracy("digits-parity-sum-4")
    eight = read_accuracy("digits-berrut-8-9"), sets.of_eight()

    assert claims.recovered("digits", eight).verdict == "inside"
    assert claims.recovered("digits", four).verdict == "below"


def test_what_pays_for_stragglers_alone_is_more_accurate_in_all() -> None:
    """By what is charged: each answer by Berrut's code, the straggling ones by a parity model."""
    result = sets.simulated("groups_of_eight", RUNS, 1, SMALL)

    table = sets.measured(result).set_index("label")
    assert claims.overall("CIFAR-10", result).verdict == "below"
    assert table["accuracy"][sets.BERRUT] == pytest.approx(0.776)
    share = table["straggled"][sets.SUMMED]
    assert table["accuracy"][sets.SUMMED] == pytest.approx(0.94 - share * (0.94 - 0.2539))


def test_the_master_is_busy_with_what_it_encodes() -> None:
    """By hand: 2 K N D operations and 2 K R C at 3.4e10 a second, and what a decode begins with."""
    them = coded_designs.Unknowns(16, 20, "3 x 224 x 224 as JPEG", 0.03, 1, 96, 0.5)
    setup = sets.shipped("designs", them.overrides()).setups()[0]

    groups = setup.arrivals.mean_rate / 16
    encode = 2 * 16 * 20 * 150_528 / 3.4e10
    assert coded_designs.busy(them) == pytest.approx(groups * encode, rel=0.05)
    assert them.larger == pytest.approx(16 * 110_000 / (4 * 150_528))
    assert len(list(coded_designs.settings())) == 216


def test_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims, conditions and tables of small searches and few runs."""
    few = [them for them in coded_designs.settings() if them.load == 0.3 and them.workers == 24]
    monkeypatch.setattr(coded_designs, "settings", lambda: iter(few[::5]))
    monkeypatch.setattr(coded_designs, "REQUESTS", 2000)
    monkeypatch.setattr(coded_schemes, "LOADS", (0.1,))
    monkeypatch.setattr(coded, "SETS", {name: {**of, **SMALL} for name, of in coded.SETS.items()})
    told: list[str] = []

    found = coded.coded(runs=2, jobs=1, tell=told.append)

    assert told[:2] == ["coded: any_r", "coded: designs"]
    text = page(found, "strag-sim reproduce coded --runs 2")
    assert "| p99, workers with the inputs over master |" in text
    assert "with k = 2, 3, 4, 8: 95.4 %, 88.2 %, 81.2 %, 57.1 %" in text
    assert "nan" not in text.lower()
    assert "Of 8 settings of load" in text
    assert set(found.tables["search_schemes"]["N - R"]) == {1, 2, 3, 4}


def test_the_figure(designs: Result) -> None:
    """A line a design with three points, p99 without a code, and accuracy above each threshold."""
    points = sets.measured(designs)
    ax = coded.draw(points, Figure().add_subplot())

    rows = points.set_index("label")
    lines = {bars.get_label(): bars.lines[0] for bars in ax.containers}
    assert list(lines) == [f"encoded by {design}" for design in sets.DESIGNS]
    expected = [1e3 * rows["p99"][f"master, R = {r}"] for r in (4, 5, 6)]
    np.testing.assert_allclose(lines["encoded by master"].get_ydata(), expected)
    assert [text.get_text()[-1] for text in ax.texts] == ["%"] * 3


def test_no_setting_is_beyond_the_bounds_that_the_page_gives():
    """1.4615 times the bytes are not less than 1.46, though they are less than 1.5."""
    designs = pd.DataFrame(
        {
            "plain over coded": [1.4615, 2.0],
            "busy": [0.6208, 0.1],
            "sent low": [1.1, 1.2],
            "sent high": [1.2, 1.3],
            "sent over master": [1.15, 1.25],
            "have low": [0.8, 0.8],
            "have high": [0.9, 0.9],
            "gigabits": [1, 1],
            "scale": [1.0, 1.0],
        }
    )

    text = coded_texts._sent(designs)

    assert "with less than 1.46 times the bytes" in text
    assert "busy for more than 63 %;" in text
