"""A table as people read it, before it is LaTeX, Markdown or HTML: texts, marks and sentences."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True)
class Cell:
    """A text of a table; what is bold stands out for a reason that the caption tells."""

    text: str
    bold: bool = False


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table in plain texts, which whoever writes it escapes.

    Parameters
    ----------
    heads : tuple of str
        Of the columns.
    rows : tuple of tuples of Cell
        As many cells in each as there are heads.
    caption : str
        What the numbers are, in sentences.
    below : tuple of str
        Why there are dashes, a sentence each; a reader of the table needs them.
    notes : tuple of str
        What its author should know before believing it, a sentence each.
    texts : int
        How many columns, from the left, are texts; the others are numbers.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    below: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    texts: int = 1

    def turned(self) -> Self:
        """Return the table with its rows as columns; its first column becomes the heads."""
        first, *others = zip(*self.rows, strict=True)
        heads = (self.heads[0], *(cell.text for cell in first))
        rows = [(Cell(head), *row) for head, row in zip(self.heads[1:], others, strict=True)]
        return replace(self, heads=heads, rows=tuple(rows))
