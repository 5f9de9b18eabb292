"""Results for pages, small enough for seconds, and pages taken apart."""

import re
from functools import cache
from html.parser import HTMLParser
from typing import Any

import strag_sim
from strag_sim.results import Result

SCENARIO: dict[str, Any] = {
    "name": "small",
    "seed": 3,
    "runs": 4,
    "requests": 300,
    "warm_up": 50,
    "arrivals": {"kind": "poisson", "rate": 90},
    "service": {"kind": "exponential", "mean": "20 ms"},
    "workers": {"count": 4},
    "policies": [
        {"kind": "none"},
        {"kind": "replication", "copies": 2, "cancel": "running"},
        {"kind": "hedge", "delay": "30 ms"},
    ],
}
# Texts that HTML, mathematical text and scripts would take for their own.
LABELS = ("<b>$x$</b>", "</script><script>alert(1)</script>", "a & \"b\" 'c' $ _d^ \\frac{1}{2}")


def simulated(record: str = "summary", *, attribution: bool = False, **changes: Any) -> Result:
    """Return the result of the small scenario with some keys changed."""
    scenario = strag_sim.load({**SCENARIO, **changes})
    return strag_sim.simulate(scenario, jobs=1, record=record, attribution=attribution)  # type: ignore[arg-type]


@cache
def whole() -> Result:
    """Return the small scenario's result with all that can be recorded."""
    return simulated("tasks", attribution=True)


def labelled() -> list[dict[str, Any]]:
    """Return policies whose labels are hard to write."""
    return [
        {**policy, "label": label}
        for policy, label in zip(SCENARIO["policies"], LABELS, strict=True)
    ]


class Parts(HTMLParser):
    """The start tags of a page with their attributes, and its texts outside style and script."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.within: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        self.within.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that holds nothing."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Leave all elements up to this one."""
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Note a text."""
        if self.within and self.within[-1] not in ("style", "script"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All texts, blanks between words made one."""
        return " ".join(re.sub(r"\s+", " ", " ".join(self.texts)).split())
