"""The site of the documents: it builds without a warning, holds all pages, and needs no network."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# What a browser loads by itself when it opens a page; a link that is clicked is none of it.
LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
LOADING_STYLE = re.compile(r"""(?:url\(\s*|@import\s+)["']?(?:https?:)?//""")


class Loads(HTMLParser):
    """Collects what a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what a tag loads."""
        address = dict(attrs).get(LOADED.get(tag, ""))
        canonical = tag == "link" and dict(attrs).get("rel") == "canonical"
        if address and not canonical:
            self.found.append(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as ``make site`` does: a warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return folder


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    """No page loads a script, style, font or figure from another place, nor does a style."""
    pages, styles = sorted(site.rglob("*.html")), sorted(site.rglob("*.css"))
    for page in pages:
        loads = Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        assert [each for each in loads.found if re.match(r"(https?:)?//", each)] == [], page
    for style in styles:
        assert not LOADING_STYLE.search(style.read_text(encoding="utf-8")), style

    assert len(pages) > 40
    assert {"site.css", "code.css"} <= {style.name for style in styles}


def test_what_pages_load_is_there(site: Path) -> None:
    """Every script, style and figure of a page is a file of the site."""
    for page in site.rglob("*.html"):
        if page.name == "404.html":  # is served at any address, so its own are absolute
            continue
        loads = Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        files = [each.partition("?")[0] for each in loads.found if not each.startswith("data:")]
        assert [each for each in files if not (page.parent / each).is_file()] == [], page


def test_every_page_is_in_the_navigation() -> None:
    """A document that is written is found."""
    navigation = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    named = [page for part in navigation for pages in part.values() for item in pages
             for page in item.values()]  # fmt: skip
    written = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}

    assert written <= set(named)
    assert len(named) == len(set(named))


def test_links_out_of_docs_lead_to_copies(site: Path) -> None:
    """A scenario that a page links to is a page too, and CONTRIBUTING links back into the site."""
    tutorial = (site / "tutorial.html").read_text(encoding="utf-8")
    scenario = "repository/scenarios/collage_vs_replication.yaml.html"

    assert f'href="{scenario}"' in tutorial
    assert "seed" in (site / scenario).read_text(encoding="utf-8")
    back = (site / "repository/CONTRIBUTING.html").read_text(encoding="utf-8")
    assert 'href="../semantics.html#words"' in back


def test_links_to_folders_are_texts(site: Path) -> None:
    """A folder has no page: what linked to it is plain text."""
    readme = (site / "repository/index.html").read_text(encoding="utf-8")

    assert "other files in scenarios/ say what they show" in re.sub(
        r"<[^>]*>|\n", " ", readme
    ).replace("  ", " ")


def test_tables_scroll(site: Path) -> None:
    """Each table stands in a box of its own, which scrolls where it is wide."""
    page = (site / "reference/keys.html").read_text(encoding="utf-8")

    assert page.count('<div class="wide"') == page.count("<table") > 10
