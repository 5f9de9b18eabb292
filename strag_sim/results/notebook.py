"""What notebooks show of results: a table in HTML, and below it what is to be known of it."""

from collections.abc import Sequence
from dataclasses import replace
from html import escape

import pandas as pd

from strag_sim.results.estimated import estimated, usual
from strag_sim.results.sheet import Cell, Sheet

MOST = 50  # rows that are shown


def of_rows(
    rows: pd.DataFrame, confidence: object, *, paths: Sequence[str] = (), notes: Sequence[str] = ()
) -> str:
    """Return the usual columns of a summary, or of the rows of a sweep over paths, as HTML."""
    share = float(str(confidence)) if confidence else None
    sheet = estimated(rows, usual(rows), confidence=share, paths=paths)
    return as_html(replace(sheet, notes=tuple(notes)))


def as_html(sheet: Sheet) -> str:
    """Return a table as HTML, with its sentences below.

    It has no colours of its own, so that it is light or dark as the notebook is. Of a long table
    the first rows are shown, and how many there are.
    """
    rows = sheet.rows[:MOST]
    heads = "".join(
        f'<th style="text-align: {_side(sheet, place)}">{escape(head)}</th>'
        for place, head in enumerate(sheet.heads)
    )
    body = "".join(f"<tr>{''.join(_cells(sheet, row))}</tr>" for row in rows)
    left = len(sheet.rows) - len(rows)
    more = (f"... and {left:,} more rows",) if left else ()
    return (
        f'<div class="tex2jax_ignore mathjax_ignore"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
        f"{_paragraphs([*more, *sheet.below, sheet.caption, *sheet.notes])}</div>"
    )


def _cells(sheet: Sheet, row: Sequence[Cell]) -> list[str]:
    """Return the cells of a row."""
    return [
        f'<td style="text-align: {_side(sheet, place)}">{_marked(cell)}</td>'
        for place, cell in enumerate(row)
    ]


def _marked(cell: Cell) -> str:
    """Return a text, bold if it is to be."""
    text = escape(cell.text)
    return f"<b>{text}</b>" if cell.bold else text


def _side(sheet: Sheet, place: int) -> str:
    """Return to which side a column stands: texts to the left, numbers to the right."""
    return "left" if place < sheet.texts else "right"


def _paragraphs(texts: Sequence[str]) -> str:
    """Return sentences, one below the other."""
    return "".join(f'<div style="max-width: 60em">{escape(text)}</div>' for text in texts if text)
