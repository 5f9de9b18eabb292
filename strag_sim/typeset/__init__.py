"""Tables of results for papers: booktabs LaTeX, Markdown, CSV."""

from strag_sim.typeset.tables import FORMATS, KINDS, table, write

__all__ = ["FORMATS", "KINDS", "table", "write"]
