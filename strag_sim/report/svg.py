"""A figure of matplotlib as SVG that is part of a page."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from strag_sim.plots import styled
from strag_sim.report.colours import HEX, variables

POINTS = 72  # an inch
OF_POLICY = re.compile(r"policy-(\d+)(?:--(\d+))?")
NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
NUMBERS = ("d", "x", "y", "width", "height", "transform", "points", "viewBox")
REFERENCE = re.compile(r"url\(#([^)]+)\)")
FAMILY = re.compile(r"font-family: [^;]*(; )?")
DIGITS = re.compile(r"-?\d+(?:\.\d+)?")
ROUND = "stroke-linecap: round"
STEP = re.compile(r"([MLz])\s*(-?[\d.]+)?\s*(-?[\d.]+)?\s*")
# Of a path with more corners than MANY, those nearer to the one before than NEAR points are left
# out: less than a screen shows. Where there are more curves than FEW, the more of them the further.
MANY, NEAR, FEW = 200, 0.1, 8


def inline(figure: Figure, name: str, titles: Mapping[int, str]) -> str:
    """Return a figure as an SVG element.

    Its ids begin with the figure's name. What belongs to the i-th policy (see `marks.of_policy`) is
    of class ``policy-i``; what `titles` say of its parts are their titles. ``data-axes`` tells
    where the axes lie and what they run over, so that places can be read off.
    """
    content = io.BytesIO()
    # Text stays text, so that it is read aloud, found and set in the font of the page.
    with styled(), mpl.rc_context({"svg.fonttype": "none"}):
        figure.savefig(content, format="svg", transparent=True, metadata={"Date": None})
    root = ET.fromstring(content.getvalue())
    for element in root.iter():
        element.tag = _local(element.tag)
        element.attrib = {_local(key): value for key, value in element.attrib.items()}
    _drop(root, {"metadata", "style"})
    _names(root, name, titles)
    curves = 1 + max(_policies(root), default=0)
    for element in root.iter():
        _looks(element, NEAR * max(1.0, curves / FEW))
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


def _policies(root: "ET.Element[str]") -> Iterator[int]:
    """Yield the policies that something belongs to."""
    for element in root.iter():
        found = re.fullmatch(r"policy-(\d+)", element.get("class", ""))
        if found:
            yield int(found[1])


def _looks(element: "ET.Element[str]", near: float) -> None:
    """Make colours variables, fonts those of the page, and numbers and paths short."""
    for key in ("fill", "stroke"):
        if HEX.fullmatch(element.get(key, "")):
            element.set("style", f"{key}: {element.attrib.pop(key)}; {element.get('style', '')}")
    if "style" in element.attrib:
        element.set("style", variables(FAMILY.sub("", element.get("style", ""))))
    for key in NUMBERS:
        if key in element.attrib:
            element.set(key, NUMBER.sub(lambda n: f"{float(n[0]):.2f}", element.get(key, "")))
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if element.tag == "pattern":
        for path in element.iter("path"):
            _dotted(path)
    if element.tag == "path":
        element.set("d", _thinned(element.get("d", ""), near))


def _dotted(path: "ET.Element[str]") -> None:
    """Draw the dots of a pattern as ends of lines: as circles, of curves, they take 200 kB."""
    dots = [[*map(float, DIGITS.findall(dot))] for dot in path.get("d", "").split("z")[:-1]]
    if "C" not in path.get("d", "") or not dots:
        return
    sizes = {round(max(dot[::2]) - min(dot[::2]), 1) for dot in dots}
    if len(sizes) > 1:  # rings, of two circles each
        return
    places = [((max(d[::2]) + min(d[::2])) / 2, (max(d[1::2]) + min(d[1::2])) / 2) for d in dots]
    path.set("d", "".join(f"M{x:g} {y:g}h0" for x, y in places))
    path.set("style", f"{path.get('style', '')}; stroke-width: {sizes.pop() + 1:g}; {ROUND}")


def _thinned(path: str, near: float) -> str:
    """Return a path without the corners that nobody would see; curves are left as they are."""
    if set(re.findall(r"[A-Za-z]", path)) - {"M", "L", "z"}:
        return " ".join(path.split())
    steps = STEP.findall(path)
    least = near if len(steps) > MANY else 0.0
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
