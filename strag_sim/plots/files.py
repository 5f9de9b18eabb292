"""A figure as files: the figure itself, the data that it shows, and what they rest on."""

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from strag_sim.errors import ResultError
from strag_sim.plots.marks import kept
from strag_sim.plots.styles import styled
from strag_sim.results import write_file

# What would make the bytes of two equal figures differ.
_CHANGING: dict[str, dict[str, Any]] = {
    ".pdf": {"metadata": {"CreationDate": None}},
    ".svg": {"metadata": {"Date": None}},
    ".png": {},
    ".pgf": {},
}
# What matplotlib's PGF leaves to the paper's preamble: signs, and a command of its own.
_SIGNS = {sign: f"\\{sign}" for sign in "&#_{}"} | {
    r"\$": r"\textdollar{}",  # a dollar that begins no formula (`legend.literal`)
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "≤": r"\ensuremath{\leq}",
}
_LEFT = re.compile(r"(?<!\\)\$.*?(?<!\\)\$|\\\$|[\\&#_{}~<>≤]")  # formulas, and signs outside
_DEFINED = b"\\providecommand{\\mathdefault}[1]{#1}%\n"
FORMATS = tuple(ending[1:] for ending in _CHANGING)
# Behind the name of the figure: ``ccdf.csv`` might be another table of the result.
DATA, CAPTION = ".data.csv", ".caption.json"


def publish(figure: Figure, paths: Sequence[Path], caption: Mapping[str, object]) -> list[Path]:
    """Write a figure into each of these files, its data and its caption; return what was written.

    Data (that `marks.keep` kept of its axes) and caption stand beside the first of them,
    under its name: ``ccdf.data.csv`` and ``ccdf.caption.json`` for ``ccdf.pdf``.
    """
    for path in paths:
        write(figure, path)
    place, written = paths[0], list(paths)
    beside = {CAPTION: json.dumps(caption, indent=2, ensure_ascii=False) + "\n"}
    table = next((table for table in map(kept, figure.axes) if table is not None), None)
    if table is not None:
        beside = {DATA: table.to_csv(index=False), **beside}
    for ending, text in beside.items():
        written.append(place.with_name(place.stem + ending))
        write_file(written[-1], text, "figure")
    return written


def write(figure: Figure, path: Path) -> None:
    """Write a figure as PDF, PNG, SVG or PGF, by its name's ending; equal figures, equal bytes.

    A ResultError says what is wrong with the ending or the place, and that PGF needs LaTeX.
    """
    ending = path.suffix.lower()
    if ending not in _CHANGING:
        raise ResultError(f"{path}: a figure's name must end in {', '.join(_CHANGING)}")
    content = io.BytesIO()
    with styled(), _for_latex(figure) if ending == ".pgf" else nullcontext():
        try:
            figure.savefig(content, format=ending[1:], **_CHANGING[ending])
        except (RuntimeError, FileNotFoundError) as error:
            if ending != ".pgf":
                raise
            reason = str(error).strip().partition("\n")[0]
            raise ResultError(
                f"{path}: PGF is measured by LaTeX, which does not run here ({reason}); install "
                "pdflatex with the package pgf, or write .pdf"
            ) from error
        except ValueError as error:  # of matplotlib, on a text that LaTeX stops at
            if ending != ".pgf":
                raise
            text = str(error).partition("\n")[0].partition("active\\def%{\\%}")[2].removesuffix("}")
            raise ResultError(
                f"{path}: LaTeX cannot set {text!r}; give the policy a label in plain letters, or "
                "write .pdf"
            ) from error
    start = _DEFINED if ending == ".pgf" else b""
    write_file(path, start + content.getvalue(), "figure")


@contextmanager
def _for_latex(figure: Figure) -> Iterator[None]:
    """Write the signs as LaTeX prints them, for as long as the context lasts."""
    texts = {text: text.get_text() for text in figure.findobj(Text)}
    # Labels of ticks are written anew whenever a figure is drawn.
    axes = [axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)]
    ticks = [
        (found, found.func)
        for found in (axis.get_major_formatter() for axis in axes)
        if isinstance(found, FuncFormatter)
    ]
    for text, shown in texts.items():
        text.set_text(_as_latex(shown))
    for formatter, func in ticks:
        formatter.func = _wrapped(func)
    try:
        yield
    finally:
        for text, shown in texts.items():
            text.set_text(shown)
        for formatter, func in ticks:
            formatter.func = func


def _as_latex(text: str) -> str:
    """Return a text of matplotlib as LaTeX prints it."""
    return _LEFT.sub(lambda found: _SIGNS.get(found[0], found[0]), text)


def _wrapped(func: Callable[..., str]) -> Callable[..., str]:
    """Return a function of ticks whose texts are for LaTeX."""
    return lambda *at: _as_latex(func(*at))
