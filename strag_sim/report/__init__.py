"""One self-contained HTML page from a result."""

from strag_sim.report.page import page

__all__ = ["page"]
