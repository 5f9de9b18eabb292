"""A table as Markdown, as GitHub has it."""

import re
from collections.abc import Iterator, Sequence

from strag_sim.results.sheet import Cell, Sheet

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~#&$]")


def markdown(sheet: Sheet) -> str:
    """Return a table, with its sentences below."""
    sides = [":--" if place < sheet.texts else "--:" for place in range(len(sheet.heads))]
    lines = [[*map(escaped, sheet.heads)], sides, *([*map(_marked, row)] for row in sheet.rows)]
    grid = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return "\n\n".join([grid, *_sentences(sheet)]) + "\n"


def escaped(text: str) -> str:
    """Return a text as Markdown shows it, in one line."""
    return _SPECIAL.sub(lambda sign: f"\\{sign[0]}", " ".join(text.split()))


def _sentences(sheet: Sheet) -> Iterator[str]:
    """Yield the paragraphs below a table."""
    texts: Sequence[str] = [*sheet.below, sheet.caption]
    yield from (escaped(text) for text in texts if text)
    if sheet.notes:
        yield "\n".join(f"- {escaped(note)}" for note in sheet.notes)


def _marked(cell: Cell) -> str:
    """Return a text, bold if it is to be."""
    text = escaped(cell.text)
    return f"**{text}**" if cell.bold else text
