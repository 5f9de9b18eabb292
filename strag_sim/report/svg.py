"""A figure of matplotlib as SVG that is part of a page."""

import io
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from strag_sim.report.colours import HEX, variables

POINTS = 72  # an inch
OF_POLICY = re.compile(r"policy-(\d+)(?:--(\d+))?")
# Text stays text, so that it is read aloud, found and set in the font of the page.
STYLE = {"svg.fonttype": "none"}
NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
NUMBERS = ("d", "x", "y", "width", "height", "transform", "points", "viewBox")
REFERENCE = re.compile(r"url\(#([^)]+)\)")
STEP = re.compile(r"([MLz])\s*(-?[\d.]+)?\s*(-?[\d.]+)?\s*")
# Of a path with more corners than MANY, those nearer to the one before than NEAR points are left
# out: less than a screen shows.
MANY, NEAR = 200, 0.1


def inline(figure: Figure, name: str, titles: Mapping[int, str]) -> str:
    """Return a figure as an SVG element.

    Its ids begin with the figure's name. What belongs to the i-th policy (see `marks.of_policy`) is
    of class ``policy-i``; what `titles` say of its parts are their titles. ``data-axes`` tells
    where the axes lie and what they run over, so that places can be read off.
    """
    content = io.BytesIO()
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        # The page has other fonts than matplotlib, which has not every letter.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(content, format="svg", transparent=True, metadata={"Date": None})
    root = ET.fromstring(content.getvalue())
    for element in root.iter():
        element.tag = _local(element.tag)
        element.attrib = {_local(key): value for key, value in element.attrib.items()}
    _drop(root, {"metadata", "style"})
    _names(root, name, titles)
    for element in root.iter():
        _looks(element)
    width, height = figure.get_size_inches() * POINTS
    root.attrib = {
        "class": "drawn",
        "viewBox": f"0 0 {width:g} {height:g}",
        "style": f"--width: {width:g}",
        "data-axes": json.dumps([_place(ax) for ax in figure.axes]),
    }
    return ET.tostring(root, encoding="unicode")


def _local(name: str) -> str:
    """Return a name without its namespace, which HTML does not want."""
    return name.rpartition("}")[2]


def _drop(root: "ET.Element[str]", tags: set[str]) -> None:
    """Take out elements; matplotlib's style sheet would be that of the whole page."""
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag in tags]:
            parent.remove(child)


def _names(root: "ET.Element[str]", name: str, titles: Mapping[int, str]) -> None:
    """Turn ids of policies into classes, drop those that nothing refers to, prefix the others."""
    used = set(_references(root))
    for element in root.iter():
        own = element.attrib.pop("id", "")
        policy = OF_POLICY.fullmatch(own)
        if policy is not None:
            element.set("class", f"policy-{policy[1]}")
            if policy[2] is not None:
                title = ET.Element("title")
                title.text = titles[int(policy[2])]
                element.insert(0, title)
        elif own in used:
            element.set("id", f"{name}-{own}")
        for key, value in element.attrib.items():
            if key == "href":
                element.set(key, f"#{name}-{value[1:]}")
            else:
                element.set(key, REFERENCE.sub(rf"url(#{name}-\1)", value))


def _references(root: "ET.Element[str]") -> Iterator[str]:
    """Yield the ids that elements refer to."""
    for element in root.iter():
        for key, value in element.attrib.items():
            yield from [value[1:]] if key == "href" else REFERENCE.findall(value)


def _looks(element: "ET.Element[str]") -> None:
    """Make colours variables, fonts those of the page, and numbers short."""
    for key in ("fill", "stroke"):
        if HEX.fullmatch(element.get(key, "")):
            element.set("style", f"{key}: {element.attrib.pop(key)}; {element.get('style', '')}")
    if "style" in element.attrib:
        style = re.sub(r"font: ([\d.]+px) [^;]*", r"font-size: \1", element.get("style", ""))
        element.set("style", variables(style))
    for key in NUMBERS:
        if key in element.attrib:
            element.set(key, NUMBER.sub(lambda n: f"{float(n[0]):.2f}", element.get(key, "")))
    if element.tag == "path":
        element.set("d", _thinned(element.get("d", "")))


def _thinned(path: str) -> str:
    """Return a path without the corners that nobody would see; curves are left as they are."""
    if set(re.findall(r"[A-Za-z]", path)) - {"M", "L", "z"}:
        return " ".join(path.split())
    steps = STEP.findall(path)
    least = NEAR if len(steps) > MANY else 0.0
    kept: list[str] = []
    last = (float("inf"), float("inf"))
    for place, (kind, x, y) in enumerate(steps):
        if kind == "z":
            kept.append("z")
            continue
        at = (float(x), float(y))
        ends = place + 1 == len(steps) or steps[place + 1][0] != "L"
        if kind == "L" and not ends and max(abs(at[0] - last[0]), abs(at[1] - last[1])) <= least:
            continue
        kept.append(f"{kind}{at[0]:g} {at[1]:g}")
        last = at
    return "".join(kept)


def _place(ax: Axes) -> dict[str, object]:
    """Return where axes lie in the figure, in points from its upper left, and what they show."""
    figure = ax.get_figure(root=True)
    if figure is None:
        raise AssertionError("axes that were drawn are on a figure")
    width, height = figure.get_size_inches() * POINTS
    box = ax.get_position()
    corners = (box.x0 * width, (1 - box.y1) * height, box.x1 * width, (1 - box.y0) * height)
    return {
        "box": [round(float(number), 2) for number in corners],
        "x": [*map(float, ax.get_xlim()), ax.get_xscale()],
        "y": [*map(float, ax.get_ylim()), ax.get_yscale()],
        "names": [" ".join(text.split()) for text in (ax.get_xlabel(), ax.get_ylabel())],
    }
