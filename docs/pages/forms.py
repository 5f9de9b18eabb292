"""The pages of closed forms that ``strag-sim selfcheck`` holds the simulator against."""

import math

from pages.markdown import sections, table
from strag_sim.selfcheck import FAMILIES, Check, checks

HEAD = """# Closed forms: {what}

What `strag-sim selfcheck` holds the simulator against; how, and what the sources are, is told in
[the self-check](../selfcheck.md). This page is written by `make docs` from the code; another is
on [{other}]({link}). Sizes have a mean of 1 s unless the case names a law; `p99` is a quantile
of responses, `P(T > t)` a share of them, `throughput` requests a second.
"""
FIRST_OF_REDUNDANCY = "redundancy-d"
COLUMNS = ("case", "measure", "expected", "formula", "source")


def queues() -> str:
    """Return the page of queues without redundancy."""
    head = HEAD.format(what="queues", other="redundancy", link="closed_forms_redundancy.md")
    return page(head, list(FAMILIES)[: split()])


def redundancy() -> str:
    """Return the page of redundancy, and of whatever comes after it."""
    head = HEAD.format(what="redundancy", other="queues", link="closed_forms_queues.md")
    return page(head, list(FAMILIES)[split() :])


def split() -> int:
    """Return where the second page begins."""
    return list(FAMILIES).index(FIRST_OF_REDUNDANCY)


def page(head: str, families: list[str]) -> str:
    """Return a page, a family a section."""
    return sections(head, ((name, table(COLUMNS, map(row, checks([name])))) for name in families))


def row(check: Check) -> tuple[str, ...]:
    """Return a row for a check; an identity expects no number."""
    expected = "" if math.isnan(check.theory) else f"{check.theory:.4g}"
    return check.name, check.measure, expected, f"`{check.formula}`", check.source
