"""The page of a result: what it holds, to the letter, and that it needs nothing else."""

import base64
import dataclasses
import json
import re

import pytest
from reported import LABELS, SCENARIO, Parts, labelled, simulated, whole

import strag_sim
from strag_sim.report import page
from strag_sim.results import Result


@pytest.fixture(scope="module")
def text() -> str:
    """Return the page of a result with all that can be recorded."""
    return page(whole())


def rows(text: str, section: str) -> list[dict[str, str]]:
    """Return the values that the cells of a table sort by, by the head of their column."""
    part = re.search(rf'<section id="{section}".*?</section>', text, re.DOTALL)
    assert part
    heads = [
        " ".join(Parts(each).text.split())
        for each in re.findall(r"<th scope=.col.*?</th>", part[0], re.DOTALL)
    ]
    found = []
    for row in re.findall(r'<tr class="policy.*?</tr>', part[0], re.DOTALL):
        values = re.findall(r'data-value="([^"]*)"', row)
        found.append(dict(zip(heads, values, strict=True)))
    return found


def test_table_has_the_numbers_of_the_summary_to_the_last_digit(text):
    """Each cell sorts by the number itself, whatever digits are shown."""
    summary = whole().summary()

    found = rows(text, "summary")

    assert [row["policy"] for row in found] == list(summary["label"])
    for name, head in (
        ("mean", "mean ms"),
        ("p99", "p99 ms"),
        ("p999", "p99.9 ms"),
        ("cost", "cost ms"),
    ):
        assert [1e-3 * float(row[head]) for row in found] == pytest.approx(
            list(summary[name]), rel=1e-12
        )
    assert [float(row["wasted %"]) / 100 for row in found] == pytest.approx(list(summary["wasted"]))
    p99, low, high = (float(summary[name][0]) for name in ("p99", "p99_low", "p99_high"))
    assert f'title="{p99!r} s, interval {low!r} to {high!r} s"' in text


def test_comparison_is_that_of_compare(text):
    """Ratios against the first policy, with their verdicts."""
    table = strag_sim.compare(whole()).table()
    found = rows(text, "comparison")

    assert [row["policy"] for row in found] == whole().labels[1:]
    p99 = table[table["measure"] == "p99"]
    assert [float(row["p99"]) for row in found] == list(p99["ratio"])
    for verdict in set(p99["verdict"]):
        assert verdict in Parts(text).text


def test_everything_is_inside(text):
    """Nothing is loaded: no address but its own parts and what it offers to save."""
    tags = Parts(text).tags
    addresses = [
        value
        for _, attributes in tags
        for name, value in attributes.items()
        if name in ("src", "href", "action", "srcset", "data", "poster") and value is not None
    ]

    assert all(each.startswith(("#", "data:text/yaml;")) for each in addresses)
    assert not re.search(r"@import|url\((?!#)", text)
    assert "default-src 'none'" in text
    assert len(text.encode()) < 2_000_000


def test_ids_are_unique_and_references_lead_somewhere(text):
    """Figures are made one by one, and would share ids."""
    tags = Parts(text).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    used = set(re.findall(r"url\(#([^)]+)\)", text))
    used |= {str(a["href"])[1:] for _, a in tags if str(a.get("href", "")).startswith("#")}

    assert len(ids) == len(set(ids))
    assert used <= set(ids)


def test_the_same_result_gives_the_same_page(text):
    """To the byte."""
    assert page(whole()) == text


def test_policies_are_marked_in_every_figure(text):
    """In each figure each policy has something that can be hidden."""
    figures = re.findall(r'<figure id="figure-([\w-]+)">(.*?)</figure>', text, re.DOTALL)

    assert {"ccdf", "pareto", "attribution", "warm-up"} <= {name for name, _ in figures}
    for name, figure in figures:
        for number in range(3):
            assert f'class="policy-{number}"' in figure, name


def test_labels_are_shown_to_the_letter():
    """They are neither elements, nor the end of a script, nor mathematics."""
    result = simulated("tasks", attribution=True, policies=labelled(), name="<i>$n$&")
    text = page(result)
    parts = Parts(text)

    tags = [tag for tag, _ in parts.tags]
    assert "b" in tags  # of captions
    assert "i" not in tags
    assert "alert" not in re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL)[-1]
    assert tags.count("script") == 4
    assert "<i>$n$&" in parts.text
    values = [a.get("data-value") for _, a in parts.tags]
    for label in LABELS:
        assert label in values
        figures = "".join(re.findall(r"<figure.*?</figure>", text, re.DOTALL))
        assert label.split(" ")[0] in Parts(figures).text


def test_what_the_result_does_not_hold_is_named():
    """Where a figure cannot be drawn stands why, and how to get it."""
    text = Parts(page(simulated())).text

    assert "Where the time went is not drawn." in text
    assert "run again with --attribution" in text
    assert "run again with --record tasks" in text


def test_one_policy_is_compared_with_none():
    """The page says so and is there all the same."""
    text = Parts(page(simulated(policies=[{"kind": "none"}]))).text

    assert "Nothing to compare with: 'none' is the only policy of the result." in text
    assert "The lowest p99" not in text


def test_one_run_has_no_intervals():
    """The page says that nothing tells how sure a number is."""
    text = page(simulated(runs=1))

    assert "One run: there are no intervals" in Parts(text).text
    assert 'class="half' not in text.partition("<body>")[2]
    assert "one run" in Parts(text).text


@pytest.mark.parametrize(("rate", "unstable"), [(170, 1), (500, 3)])
def test_unstable_policies_are_told(rate, unstable):
    """With their rates, and without response times."""
    arrivals = {"kind": "poisson", "rate": rate}
    result = simulated(arrivals=arrivals, requests=10_000, warm_up=0, runs=2, attribution=True)
    text = page(result)

    assert Parts(text).text.count("is unstable: requests arrive faster") == unstable
    assert text.count('<span class="tag">unstable</span>') == unstable
    reason = "Tail is not drawn. No responses can be drawn: all policies are unstable"
    assert (reason in Parts(text).text) == (unstable == 3)


def test_an_interrupted_result_is_marked():
    """Above all numbers."""
    result = simulated()
    stopped = dataclasses.replace(result, provenance={**result.provenance, "interrupted": True})

    assert "Interrupted: these are the runs" in Parts(page(stopped)).text
    assert "Interrupted" not in page(result)


def test_notes_are_warnings():
    """As sentences."""
    result = simulated()
    noted = dataclasses.replace(result, provenance={**result.provenance, "notes": ["it is <late>"]})

    assert "It is <late>." in Parts(page(noted)).text


def test_closed_loops_have_a_page():
    """They have no pairs of requests."""
    arrivals = {"kind": "closed", "clients": 6, "think": "10 ms"}
    text = Parts(page(simulated("tasks", arrivals=arrivals))).text

    assert "Against none" in text


def test_a_saved_result_has_the_same_page(tmp_path, text):
    """To the byte: what is in memory is in the folder."""
    folder = whole().save(tmp_path / "result")

    assert page(Result.open(folder)) == text


def test_the_scenario_can_be_saved(text):
    """The link holds it to the byte, and the page shows the same text."""
    links = {a["href"] for tag, a in Parts(text).tags if tag == "a" and "download" in a}
    assert len(links) == 1
    assert base64.b64decode(str(links.pop()).partition("base64,")[2]).decode() == whole().scenario
    shown = re.search(r'<code id="scenario-text">(.*?)</code>', text, re.DOTALL)
    assert shown
    assert "".join(Parts(f"<p>{shown[1]}</p>").texts) == whole().scenario


def test_provenance_and_the_way_to_repeat_it(text):
    """Versions, machine, seed, and commands."""
    known = whole().provenance
    seen = Parts(text).text

    assert f"strag-sim {known['versions']['strag-sim']}" in seen
    assert known["machine"]["processor"] in seen
    assert "strag-sim run small.yaml --record tasks --attribution" in seen
    assert "It was made by" not in seen  # a test made it, no command
    asked = ["/bin/strag-sim", "run", "a b.yaml", "--set", "runs=2"]
    told = dataclasses.replace(whole(), provenance={**known, "command": asked})
    assert "strag-sim run 'a b.yaml' --set runs=2" in Parts(page(told)).text


def test_tasks_for_the_script_are_valid_json(text):
    """Whatever the labels are."""
    data = re.search(r'id="timeline-data">(.*?)</script>', text, re.DOTALL)
    assert data
    read = json.loads(data[1])
    assert [band["number"] for band in read["bands"]] == [0, 1, 2]


def test_a_bound_is_not_the_policy_with_the_lowest_p99():
    """An oracle is always the fastest, and nobody can have it."""
    policies = [*SCENARIO["policies"], {"kind": "oracle"}]
    result = simulated(policies=policies)
    summary = result.summary().set_index("label")["p99"]
    assert summary.idxmin() == "oracle"

    found = re.search(r'<p class="finding">(.*?)</p>', page(result), re.DOTALL)

    assert found
    assert f"that of {summary.drop('oracle').idxmin()}, " in found[1]
