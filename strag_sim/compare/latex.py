"""A table as LaTeX with the rules of booktabs, for a paper of two columns."""

from collections.abc import Iterator, Sequence

from strag_sim.compare.signs import escaped, unknown
from strag_sim.results.sheet import Cell, Sheet

# Points that a table may be wide, in one column of a paper and over both; and sizes of print with
# the points that a character takes, and the gap between two columns.
COLUMN, PAGE = 240.0, 500.0
SIZES = (("", 5.0, 12.0), ("\\small", 4.6, 8.0), ("\\footnotesize", 4.1, 6.0))


def booktabs(sheet: Sheet) -> str:
    """Return a table for a paper, in LaTeX with the package booktabs, and no other.

    It takes one column of a paper where it fits, else both (table*), in smaller print if it must.
    What its author should know stands in comments above it.
    """
    place, size, gap = _room(sheet)
    head, *lines = (f"{' & '.join(line)} \\\\" for line in _lines(sheet))
    sides = "l" * sheet.texts + "r" * (len(sheet.heads) - sheet.texts)
    return "\n".join(
        [
            "% \\usepackage{booktabs}",
            *(f"% {' '.join(note.split())}" for note in (*sheet.notes, *_unknown(sheet))),
            f"\\begin{{{place}}}",
            "\\centering",
            f"\\caption{{{escaped(sheet.caption)}}}\\smallskip",
            *([f"{size}\\setlength{{\\tabcolsep}}{{{gap / 2:g}pt}}"] if size else []),
            f"\\begin{{tabular}}{{{sides}}}",
            *("\\toprule", head, "\\midrule", *lines, "\\bottomrule"),
            "\\end{tabular}",
            *(f"\\par\\smallskip{{\\footnotesize {escaped(text)}\\par}}" for text in sheet.below),
            f"\\end{{{place}}}\n",
        ]
    )


def fitting(sheet: Sheet) -> Sheet:
    """Return a table of one column of texts, turned if it has too many columns for a page."""
    turned = sheet.turned()
    return turned if _width(turned) < _width(sheet) and _width(sheet) > PAGE else sheet


def _room(sheet: Sheet) -> tuple[str, str, float]:
    """Return the environment that a table goes into, the size of its print, and its gaps."""
    if _width(sheet, *SIZES[0][1:]) <= COLUMN:
        return "table", "", SIZES[0][2]
    fitting = (size for size in SIZES if _width(sheet, *size[1:]) <= PAGE)
    name, _, gap = next(fitting, SIZES[-1])
    return "table*", name, gap


def _width(sheet: Sheet, character: float = SIZES[-1][1], gap: float = SIZES[-1][2]) -> float:
    """Return about how many points wide a table is, by default in the smallest print."""
    lines = [sheet.heads, *([cell.text for cell in row] for row in sheet.rows)]
    longest = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return sum(character * length + gap for length in longest)


def _lines(sheet: Sheet) -> Iterator[Sequence[str]]:
    """Yield the cells of each line, the heads first."""
    yield [escaped(head) for head in sheet.heads]
    for row in sheet.rows:
        yield [_marked(cell) for cell in row]


def _marked(cell: Cell) -> str:
    """Return a text, bold if it is to be."""
    text = escaped(cell.text)
    return f"\\textbf{{{text}}}" if cell.bold else text


def _unknown(sheet: Sheet) -> Iterator[str]:
    """Yield what to do about letters that pdflatex has no font for."""
    texts = [*sheet.heads, *(cell.text for row in sheet.rows for cell in row), sheet.caption]
    signs = unknown("".join([*texts, *sheet.below]))
    if signs:
        yield f"pdflatex does not know {' '.join(signs)}: take xelatex and a font that has them"
