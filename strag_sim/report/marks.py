"""Which marks of a figure belong to which policy, and what is to be said of them."""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Annotation
from matplotlib.ticker import PercentFormatter

FEW = 3  # points of a line that are told one by one
UNSTABLE = " (unstable)"  # behind names on axes
OF_POLICY = re.compile(r"policy-(\d+)")


def belong(figure: Figure, labels: Sequence[str]) -> None:
    """Mark what stands for a policy in legends and on axes as the policy's, as its data are."""
    numbers = {_joined(label): number for number, label in enumerate(labels)}
    for ax in figure.axes:
        legend = ax.get_legend()
        handles = ax.get_legend_handles_labels()[0]
        if legend is not None and len(handles) == len(legend.legend_handles):
            entries = zip(handles, legend.legend_handles, legend.get_texts(), strict=True)
            for handle, *entry in entries:
                policy = _gid(handle)
                for artist in entry if policy else ():
                    if artist is not None:
                        artist.set_gid(policy)
        _name(ax, numbers)


def _name(ax: Axes, numbers: Mapping[str, int]) -> None:
    """Mark the names of policies on the axes, and what is written at the height of one."""
    at: dict[float, str] = {}
    for place, text in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True):
        number = numbers.get(_joined(_plain(text.get_text()).removesuffix(UNSTABLE)))
        if number is not None:
            at[float(place)] = f"policy-{number}"
            text.set_gid(at[float(place)])
    for text in ax.texts:
        if isinstance(text, Annotation) and text.get_gid() is None and text.xy[1] in at:
            text.set_gid(at[text.xy[1]])


def tell(figure: Figure, labels: Sequence[str]) -> dict[int, str]:
    """Number the marks of policies (``policy-2--17``); return what each of them says."""
    titles: dict[int, str] = {}
    for ax in figure.axes:
        for artist in ax.get_children():
            gid = _gid(artist)
            if gid:
                place = len(titles)
                titles[place] = _title(artist, labels[int(gid.partition("-")[2])], ax)
                artist.set_gid(f"{gid}--{place}")
    return titles


def _gid(artist: object) -> str:
    """Return the mark of a policy; empty where an artist belongs to none."""
    gid = artist.get_gid() if isinstance(artist, Artist) else None
    return gid if isinstance(gid, str) and OF_POLICY.fullmatch(gid) else ""


def _title(artist: Artist, label: str, ax: Axes) -> str:
    """Return what a mark says: whose it is, and its numbers where they are few."""
    if isinstance(artist, Rectangle):
        return f"{label}: {_part(artist, ax)}{_length(artist, ax)}"
    if isinstance(artist, Line2D) and len(np.asarray(artist.get_xydata())) <= FEW:
        return "; ".join([label, *_points(artist, ax)])
    return label


def _points(line: Line2D, ax: Axes) -> Iterator[str]:
    """Yield the points of a line as texts."""
    for x, y in np.asarray(line.get_xydata(), dtype=np.float64):
        named = ((ax.get_ylabel(), y), (ax.get_xlabel(), x))
        yield ", ".join(f"{_plain(name)}: {number:.4g}" for name, number in named if name)


def _part(bar: Rectangle, ax: Axes) -> str:
    """Return what the legend says of a bar that looks like this one."""
    legend = ax.get_legend()
    if legend is None:
        return ""
    for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
        if isinstance(handle, Patch) and _look(handle) == _look(bar):
            return f"{text.get_text()}, "
    return ""


def _look(patch: Patch) -> tuple[str, str | None]:
    """Return the colour and the strokes of a patch."""
    return to_hex(patch.get_facecolor()), patch.get_hatch() or None


def _length(bar: Rectangle, ax: Axes) -> str:
    """Return how long a bar is, in the unit that stands in the label of its axis."""
    ticks = ax.xaxis.get_major_formatter()
    scale = 100 / ticks.xmax if isinstance(ticks, PercentFormatter) else 1.0
    unit = re.search(r"\(([^)]+)\)", ax.get_xlabel())
    return f"{scale * bar.get_width():.3g}{f' {unit[1]}' if unit else ''}"


def _plain(text: str) -> str:
    """Return a text in one line, its dollars as they were given."""
    return " ".join(text.replace(r"\$", "$").split())


def _joined(text: str) -> str:
    """Return a text without its blanks: on an axis long words are broken."""
    return "".join(text.split())
