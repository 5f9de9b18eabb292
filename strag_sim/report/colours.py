"""Colours of figures drawn on white, as variables of a page that is light or dark.

A grey of a figure is a mixture of its ink and its background, and stays that mixture; other colours
stay what they are on a light page and are lightened on a dark one, until they stand out.
"""

import re
from collections.abc import Iterable

HEX = re.compile(r"#[0-9a-f]{6}\b")
LIGHT, DARK = ("#1b1f24", "#ffffff"), ("#e4e8ee", "#171b21")  # ink and background of a figure
CONTRAST = 4.5  # of a mark and the dark background; WCAG 2.2 asks for 3 at least

Rgb = tuple[float, float, float]


def variables(style: str) -> str:
    """Return a style of SVG with a variable in place of each colour."""
    return HEX.sub(lambda match: f"var(--{match[0][1:]})", style)


def palette(markup: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return each variable that some markup uses, with its colour on a light and a dark page."""
    names = {name for text in markup for name in re.findall(r"var\(--([0-9a-f]{6})\)", text)}
    return {name: _pair(_rgb(name)) for name in sorted(names)}


def _pair(colour: Rgb) -> tuple[str, str]:
    """Return a colour of a figure on a light and on a dark page."""
    red, green, blue = colour
    if red == green == blue:
        light, dark = ((_rgb(ink[1:]), _rgb(behind[1:])) for ink, behind in (LIGHT, DARK))
        return _hex(_mixed(*light, red)), _hex(_mixed(*dark, red))
    return _hex(colour), _hex(_lightened(colour, _rgb(DARK[1][1:])))


def _lightened(colour: Rgb, behind: Rgb) -> Rgb:
    """Return the colour mixed with as little white as makes it stand out from what is behind."""
    shares = (step / 20 for step in range(21))
    mixed = (_mixed(colour, (1.0, 1.0, 1.0), share) for share in shares)
    return next(each for each in mixed if _contrast(each, behind) >= CONTRAST)


def _mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    """Return a colour and a share of another."""
    red, green, blue = ((1 - share) * a + share * b for a, b in zip(one, other, strict=True))
    return red, green, blue


def _contrast(light: Rgb, dark: Rgb) -> float:
    """Return the contrast of two colours (WCAG 2.2, contrast ratio)."""
    return (_luminance(light) + 0.05) / (_luminance(dark) + 0.05)


def _luminance(colour: Rgb) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _rgb(digits: str) -> Rgb:
    """Return the shares of red, green and blue of six digits."""
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def _hex(colour: Rgb) -> str:
    """Return a colour as CSS writes it."""
    return "#" + "".join(f"{round(255 * share):02x}" for share in colour)
