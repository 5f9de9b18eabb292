"""Tables of Markdown, and code in them."""

from collections.abc import Iterable, Sequence


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, and a blank line after it."""
    lines = [line(columns), "|---" * len(columns) + "|", *map(line, rows)]
    return "\n".join([*lines, "", ""])


def line(cells: Sequence[str]) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def code(text: str) -> str:
    """Return a text as code; nothing where there is none."""
    return f"`{text}`" if text else ""


def sections(head: str, parts: Iterable[tuple[str, str]]) -> str:
    """Return a page: its head, then each title with its text."""
    return head + "".join(f"\n## {title}\n\n{body.strip()}\n" for title, body in parts)
