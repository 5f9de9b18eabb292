"""YAML with its keys, comments and texts marked, for people to read."""

import re

from markupsafe import Markup, escape

# A comment, a quoted text, or a key up to its colon; what is none of these is left alone.
MARKS = re.compile(
    r"(?P<comment>(?:^|(?<=\s))#[^\n]*)"
    r"|(?P<quoted>'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<name>(?:^|(?<=[\s{,-]))[A-Za-z_][\w.]*(?=:(?:\s|$)))",
    re.MULTILINE,
)


def highlighted(text: str) -> Markup:
    """Return YAML as HTML; without its tags it is the same text."""
    parts, last = [], 0
    for match in MARKS.finditer(text):
        parts.append(escape(text[last : match.start()]))
        parts.append(Markup('<span class="{}">{}</span>').format(match.lastgroup, match[0]))
        last = match.end()
    return Markup().join([*parts, escape(text[last:])])
