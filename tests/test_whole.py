"""A file has its new content or its old one, and nothing is left beside it."""

import pytest

from strag_sim.whole import whole


@pytest.mark.parametrize("old", [None, b"old"])
def test_what_is_written_whole_takes_the_name(tmp_path, old):
    """Only at the end: until then the old file stands."""
    path = tmp_path / "a.txt"
    if old is not None:
        path.write_bytes(old)

    with whole(path) as file:
        file.write(b"new")
        assert (path.read_bytes() if path.exists() else None) == old

    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_breaks_off_leaves_the_old_file(tmp_path):
    """Whatever the exception."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def interrupted():
        with whole(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there(tmp_path):
    """The reason is the system's."""
    with pytest.raises(FileNotFoundError), whole(tmp_path / "nowhere" / "a.txt"):
        pass
