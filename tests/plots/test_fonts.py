"""Publishers refuse Type 3 fonts: all fonts of each figure are TrueType, and embedded."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from small_result import small_result

from strag_sim import plots


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with each figure of a result as PDF."""
    home = tmp_path_factory.mktemp("figures")
    for kind in plots.KINDS:
        plots.write(plots.draw(small_result(), kind), home / f"{kind}.pdf")
    return home


@pytest.mark.parametrize("kind", plots.KINDS)
def test_in_the_file(folder: Path, kind: str) -> None:
    """Each font that is described has its file in the PDF, where dictionaries are plain."""
    content = (folder / f"{kind}.pdf").read_bytes()
    described = re.findall(rb"/Type /FontDescriptor", content)

    assert described
    assert len(re.findall(rb"/FontFile2 \d+ 0 R", content)) == len(described)
    assert b"/Type3" not in content


def test_type_3_would_be_found(tmp_path: Path) -> None:
    """The planted fault: what matplotlib embeds unless it is told otherwise."""
    from matplotlib import rc_context

    figure = plots.draw(small_result(), "ccdf")
    with rc_context({"pdf.fonttype": 3}):
        figure.savefig(tmp_path / "figure.pdf")
    content = (tmp_path / "figure.pdf").read_bytes()
    assert b"/Type3" in content
    assert b"/FontFile2" not in content


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="pdffonts is not installed")
@pytest.mark.parametrize("kind", plots.KINDS)
def test_by_pdffonts(folder: Path, kind: str) -> None:
    """What an editor's tool says of it."""
    command = ["pdffonts", str(folder / f"{kind}.pdf")]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = found.splitlines()[2:]

    assert rows
    for row in rows:
        # A name may have spaces; behind it stand type, encoding, emb, sub, uni and an object.
        assert re.search(r"CID TrueType +Identity-H +yes ", row), row
