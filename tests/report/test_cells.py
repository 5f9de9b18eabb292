"""Numbers of the table: one unit a column, digits that the intervals leave, order by the number."""

import math

import pandas as pd
import pytest
from reported import SCENARIO
from tables_by_hand import made

from strag_sim import load
from strag_sim.report.cells import NONE, columns
from strag_sim.report.highlight import highlighted
from strag_sim.typeset.summaries import summary_sheet


def one(name: str, values: list[float], half: float = math.nan):
    """Return the column of some values and its cells."""
    numbers = pd.Series(values)
    table = pd.DataFrame(
        {name: numbers, f"{name}_low": numbers - half, f"{name}_high": numbers + half}
    )
    ((column, cells),) = columns(table).items()
    return column, cells


@pytest.mark.parametrize(
    ("name", "values", "half", "unit", "texts"),
    [
        ("p99", [0.8461, 0.4003], 0.025, "ms", ["846", "400"]),
        ("p99", [1.5, 0.9], math.nan, "ms", ["1,500", "900"]),
        ("mean", [2e-5, 1.234e-4], math.nan, "µs", ["20.0", "123.4"]),
        ("mean", [1e-6, 2.0], math.nan, "µs", ["1.0", "2,000,000.0"]),
        ("var", [0.0247, 0.0036], math.nan, "ms²", ["24,700", "3,600"]),
        ("wasted", [0.464, 0.0], 0.002, "%", ["46.40", "0.00"]),
        ("mean", [0.0, 0.0], math.nan, "s", ["0", "0"]),
    ],
)
def test_units_and_digits(name, values, half, unit, texts):
    """A column has the unit that a table gives it, and the digits that its numbers need."""
    column, cells = one(name, values, half)

    assert column.unit == unit
    assert [cell.text for cell in cells] == texts
    assert [cell.value for cell in cells] != texts or values == [0.0, 0.0]


def test_units_and_heads_are_those_of_tables_and_notebooks():
    """Of three policies far apart, too: what the middle one suits, not the least or the largest."""
    values = {"mean": [0.0004, 0.3, 7.0], "p99": [0.02, 3.0, 9.0], "var": [1e-8, 0.2, 40.0]}
    result = made(
        {
            label: {name: [of[i], 1.01 * of[i]] for name, of in values.items()}
            for i, label in enumerate("abc")
        }
    )

    found = [f"{column.head} ({column.unit})" for column in columns(result.summary())]

    assert found == ["mean (ms)", "p99 (s)", "variance (s²)"]
    assert summary_sheet(result, list(values)).heads[1:] == tuple(found)
    html = result._repr_html_()
    assert all(f">{head}</th>" in html for head in found)


def test_no_number_is_a_dash_without_a_value():
    """So that it is sorted behind the numbers."""
    _, cells = one("p99", [math.nan, 0.2])

    assert (cells[0].text, cells[0].value) == (NONE, "")
    assert float(cells[1].value) == pytest.approx(200)


def test_columns_without_a_number_are_left_out():
    """Whose accuracy nobody gave."""
    assert columns(pd.DataFrame({"mean": [1.0], "accuracy": [math.nan]}))
    assert [c.name for c in columns(pd.DataFrame({"mean": [1.0], "accuracy": [math.nan]}))] == [
        "mean"
    ]


def test_quantiles_have_the_names_of_their_levels():
    """p99.9, and what that means."""
    column, _ = one("p9999", [0.1])

    assert column.head == "p99.99"
    assert column.words == "99.99 % of the requests are answered within this time"


def test_yaml_is_marked_and_stays_what_it_is():
    """Keys, comments and texts; without the marks it is the same."""
    text = "# so\nname: 'a: <b>'  # then\nlist: [{kind: none}]\n"
    marked = highlighted(text)

    assert marked.striptags() == " ".join(text.replace("<b>", "<b>").split())
    assert '<span class="name">kind</span>' in marked
    assert '<span class="quoted">&#39;a: &lt;b&gt;&#39;</span>' in marked
    assert marked.count('class="comment"') == 2
    assert load(SCENARIO)
