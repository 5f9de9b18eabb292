"""Broken files give one clear message each, and leave nothing behind."""

from pathlib import Path

import pytest
from broken_files import BROKEN, Broken
from click.testing import CliRunner

from strag_sim.cli import main


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_broken_file(broken: Broken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2; the file, what is wrong and what to do in a line; nothing is written."""
    monkeypatch.chdir(tmp_path)
    path = broken.write(tmp_path)
    before = sorted(tmp_path.iterdir())

    arguments = ["import", path.name, *broken.options, "-o", "profile.json"]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)

    print(done.stderr)
    assert done.exit_code == 2
    assert broken.phrase in done.stderr
    assert done.stderr.startswith((f"{path.name}: ", "--unit: "))
    assert done.stderr.count("\n") == 1
    assert len(done.stderr) < 400
    assert done.stdout == ""
    assert sorted(tmp_path.iterdir()) == before
