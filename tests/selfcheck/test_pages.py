"""The sources of closed forms in the documents are those of the code."""

import re
from pathlib import Path

from strag_sim.selfcheck import checks

ROOT = Path(__file__).parents[2]


def test_every_source_is_named_in_full():
    """What a check cites stands in the page's list of sources, and nothing else does."""
    cited = {source for check in checks() for source in check.source.split("; ")}
    page = (ROOT / "docs/selfcheck.md").read_text("utf-8")
    listed = re.findall(r"^- (.+? \d{4}): ", page, re.MULTILINE)

    assert set(listed) == cited
    assert listed == sorted(listed)
