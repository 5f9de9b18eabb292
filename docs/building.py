"""What mkdocs asks while it builds the site: links out of docs/ lead to copies, tables scroll.

The pages are written for the repository, where they lie. Whatever file of it they link to becomes a
page of the site too, under ``repository/``: Markdown as it is, other text as code, figures as
files. A link to a folder becomes plain text.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from pygments.formatters import HtmlFormatter

DOCS = Path(__file__).parent
ROOT = DOCS.parent
BESIDE = "repository"  # where copies of what lies outside docs/ are
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s:#]+)(#[^()\s]*)?\)")
FENCE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
CELL = re.compile(r"<td>.*?</td>", re.DOTALL)
NAMED = re.compile(r"^```(\w+) ([^\n`]+)$", re.MULTILINE)
LANGUAGES = {
    ".py": "python",
    ".sh": "sh",
    ".yaml": "yaml",
    ".csv": "text",
    ".txt": "text",
    "": "text",
}


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add what pages link to, what that links to in turn, and the colours of code."""
    waiting = [DOCS / file.src_uri for file in files.documentation_pages()]
    waiting += [ROOT / "CONTRIBUTING.md"]
    seen: set[Path] = set(waiting[:-1])
    while waiting:
        here = waiting.pop()
        if here not in seen and not is_own(here):
            files.append(copy_of(here, config))
        seen.add(here)
        if here.suffix == ".md":
            waiting += (path for path in linked(here) if path not in seen)
    styles = HtmlFormatter(style="default").get_style_defs(".codehilite")
    files.append(File.generated(config, "code.css", content=styles))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links lead to the copies, and name a file above its block instead of in the fence."""
    here = source_of(page.file.src_uri)
    if here.suffix != ".md":  # a file that is shown as code
        return markdown
    parts = FENCE.split(markdown)
    parts[::2] = [LINK.sub(lambda found: relinked(found, here), part) for part in parts[::2]]
    parts[1::2] = [NAMED.sub(r"`\2`:\n\n```\1", part) for part in parts[1::2]]
    return "".join(parts)


def on_page_content(html: str, **_: Any) -> str:
    """Let each table scroll by itself where it is wider than the page.

    A bar in the code of a cell has a backslash before it, which forges take away, unlike mkdocs.
    """
    html = CELL.sub(lambda cell: cell[0].replace(r"\|", "|"), html)
    opened = html.replace("<table>", '<div class="wide" tabindex="0"><table class="docutils">')
    return opened.replace("</table>", "</table></div>")


def linked(page: Path) -> Iterator[Path]:
    """Yield the files of the repository that a page links to."""
    for part in FENCE.split(page.read_text(encoding="utf-8"))[::2]:
        for found in LINK.finditer(part):
            target = Path(os.path.normpath(page.parent / found[3]))
            if target.is_file():
                yield target


def copy_of(path: Path, config: MkDocsConfig) -> File:
    """Return a file outside docs/ as one of the site."""
    if path.suffix == ".md":
        return File.generated(config, place_of(path), content=path.read_text(encoding="utf-8"))
    if path.suffix not in LANGUAGES:
        return File.generated(config, place_of(path), abs_src_path=str(path))
    name, text = path.relative_to(ROOT), path.read_text(encoding="utf-8")
    block = f"# {name}\n\n~~~~{LANGUAGES[path.suffix]}\n{text}~~~~\n"
    return File.generated(config, place_of(path), content=block)


def place_of(path: Path) -> str:
    """Return where a file of the repository is in the sources of the site."""
    if is_own(path):
        return path.relative_to(DOCS).as_posix()
    shown = ".md" if path.suffix in LANGUAGES else ""
    return f"{BESIDE}/{path.relative_to(ROOT).as_posix()}{shown}"


def source_of(place: str) -> Path:
    """Return the file of the repository that is at a place of the site."""
    if not place.startswith(f"{BESIDE}/"):
        return DOCS / place
    path = ROOT / place.removeprefix(f"{BESIDE}/")
    return path if path.is_file() else path.with_suffix("")


def is_own(path: Path) -> bool:
    """Return whether a file is one of the site without being copied: a page, figure or style."""
    return DOCS in path.parents and path.suffix not in LANGUAGES


def relinked(found: re.Match[str], here: Path) -> str:
    """Return a link as the site has it; one to a folder as its text."""
    image, text, link, anchor = found.groups()
    target = Path(os.path.normpath(here.parent / link))
    if not target.is_file():
        return text if target.is_dir() else found[0]
    there = os.path.relpath(place_of(target), Path(place_of(here)).parent)
    return f"{image}[{text}]({there}{anchor or ''})"
