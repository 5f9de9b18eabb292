"""Profiles are found, checked and refused with one clear message."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from strag_sim import profiles
from strag_sim.errors import ProfileError, ScenarioError
from strag_sim.profiles.profile import FORMAT
from strag_sim.shelf import digest

MACHINE = {"name": "a", "n": 3, "mean": 2, "std": 1, "levels": [0, 1], "values": [1, 3]}
CONTENT: dict[str, Any] = {
    "name": "tiny",
    "description": "Three numbers.",
    "source": "This test.",
    "licence": "None.",
    "unit": "ms",
    "n": 3,
    "mean": 20.5,
    "std": 1.5,
    "levels": [0, 0.5, 1],
    "values": [10, 20, 40],
    "machines": [MACHINE],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A profile that is fine."""
    profiles.write(tmp_path / "tiny.json", CONTENT)
    return tmp_path / "tiny.json"


def test_what_was_written_is_read_in_seconds(path: Path) -> None:
    """Times are turned from the file's unit into seconds; nothing else changes."""
    profile = profiles.load(str(path))

    assert (profile.name, profile.unit, profile.n) == ("tiny", "ms", 3)
    assert (profile.mean, profile.std) == pytest.approx((0.0205, 0.0015))
    assert profile.levels.tolist() == [0, 0.5, 1]
    assert profile.values == pytest.approx([0.010, 0.020, 0.040])
    assert (profile.source, profile.licence) == ("This test.", "None.")
    assert [machine.name for machine in profile.machines] == ["a"]
    assert profile.machines[0].values == pytest.approx([0.001, 0.003])


def test_relative_paths_begin_in_the_folder(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the folder given, else in the current one."""
    assert profiles.load("tiny.json", folder=path.parent).name == "tiny"

    monkeypatch.chdir(path.parent)

    assert profiles.load("./tiny.json").name == "tiny"


def test_machines_may_be_left_out(path: Path) -> None:
    """And other keys may be added."""
    content = {key: value for key, value in CONTENT.items() if key != "machines"}
    profiles.write(path, {**content, "device": "a GPU"})

    assert profiles.load(str(path)).machines == ()


def test_layout_does_not_change_the_checksum(path: Path) -> None:
    """Another program may lay the file out anew."""
    content = json.loads(path.read_text())
    path.write_text(json.dumps(dict(reversed(content.items())), indent=4))

    assert profiles.load(str(path)).name == "tiny"


@pytest.mark.parametrize("name", profiles.names())
def test_every_shipped_profile_loads_and_says_where_it_is_from(name: str) -> None:
    """Its name is the file's, and source and licence are stated."""
    profile = profiles.load(name)

    assert profile.name == name
    assert profile.source
    assert profile.licence
    assert (profile.values > 0).all()


def test_collage_vm_is_shipped() -> None:
    """With 50 machines and the numbers of measurements that were published."""
    profile = profiles.load("collage-vm")

    assert profile.n == 137_594
    assert len(profile.machines) == 50
    assert sum(machine.n for machine in profile.machines) == profile.n
    assert {len(machine.levels) for machine in profile.machines} == {103}
    assert profile.levels[-10:] == pytest.approx(np.arange(9991, 10_001) / 10_000)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "collage-wm",
            r"one of those of strag-sim list profiles, or a path ending in .json; did you mean",
        ),
        ("qqq", "profile: 'qqq' is not allowed; profile must be one of those of strag-sim list "),
        ("", "profile: '' is not allowed"),
        ("none/x.json", r"be a file that can be read \(No such file or directory\)"),
        ("no\0.json", "be a file that can be read"),
        ("../data/collage-vm", "be a file that can be read"),
    ],
)
def test_what_is_not_there_is_refused(name: str, message: str) -> None:
    """With the command that lists the names, and the nearest."""
    with pytest.raises(ProfileError, match=message) as caught:
        profiles.load(name)

    check_form(caught.value)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """A folder may be named like a profile."""
    (tmp_path / "x.json").mkdir()

    with pytest.raises(ProfileError, match=r"be a file that can be read \(Is a directory\)"):
        profiles.load(str(tmp_path / "x.json"))


@pytest.mark.parametrize("share", [0, 0.3, 0.99])
def test_a_truncated_file_is_refused(path: Path, share: float) -> None:
    """Wherever it was cut."""
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * (len(whole) - 3))])

    refused(path, "be JSON, but is not .*; is the file cut short")


@pytest.mark.parametrize(
    "raw",
    [b"levels: [0, 1]", b"\xff\xfe\x00", b'{"n": NaN}', b'{"n": Infinity}', b"[" * 100_000],
)
def test_what_is_not_json_is_refused(path: Path, raw: bytes) -> None:
    """YAML, other encodings, numbers that JSON lacks, bottomless nesting."""
    path.write_bytes(raw)

    refused(path, "be JSON, but is not")


@pytest.mark.parametrize("raw", [b"[]", b"3", b"null", b'"collage-vm"'])
def test_json_that_is_no_object_is_refused(path: Path, raw: bytes) -> None:
    """A profile is an object."""
    path.write_bytes(raw)

    refused(path, "be a JSON object with the keys of a profile")


def test_a_changed_file_is_refused(path: Path) -> None:
    """One digit is enough, and so is a checksum that is not the file's."""
    path.write_text(path.read_text().replace("20.5", "20.6"))

    refused(path, "fit its sha256 .* was changed or damaged")


def test_a_missing_checksum_is_refused(path: Path) -> None:
    """The message says what adds it."""
    path.write_text(json.dumps(CONTENT))

    refused(path, r"hold sha256, its checksum \(strag_sim.profiles.write adds it\)")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"values": [10, 40, 20]}, r"hold values that never fall, but \[2\] is 20.0 after 40.0"),
        ({"levels": [0, 0.5, 0.5]}, "levels that begin with 0 and end with 1"),
        ({"levels": [0.1, 0.5, 1]}, "levels that begin with 0 and end with 1"),
        ({"levels": [0, 0, 1]}, r"hold levels that rise, but \[1\] is 0.0 after 0.0"),
        ({"levels": [0, 1]}, "hold as many values as levels, at least 2, but holds 3 and 2"),
        ({"levels": [0], "values": [1]}, "at least 2, but holds 1 and 1"),
        ({"values": [0, 20, 40]}, "hold values above 0, but values.0. is 0.0"),
        ({"values": [10, "20", 40]}, "hold values as a list of finite numbers"),
        ({"values": [10, True, 40]}, "hold values as a list of finite numbers"),
        ({"values": [10, 10**400, 10**401]}, "hold values as a list of finite numbers"),
        ({"values": None}, "hold values as a list of finite numbers"),
        ({"unit": "parsec"}, "state its unit as one of ns, us, ms, s, min, h, ratio, not 'parsec'"),
        ({"unit": "msec"}, "state its unit as one of ns, us, ms, s, min, h, ratio, not 'msec'"),
        ({"unit": 3}, "hold unit as text, but holds 3"),
        ({"n": -1}, "hold n, the number of measurements >= 0, but holds -1"),
        ({"n": 2.5}, "hold n, the number of measurements >= 0, but holds 2.5"),
        ({"mean": "20"}, "hold mean as a finite number >= 0, but holds '20'"),
        ({"std": -1}, "hold std as a finite number >= 0, but holds -1"),
        ({"source": ""}, "hold source as text"),
        ({"licence": None}, "hold licence as text"),
        ({"name": None}, "hold name as text"),
        ({"machines": {}}, "hold machines as a list of objects"),
        ({"machines": [3]}, "hold machines as a list of objects"),
        ({"machines": [{**MACHINE, "values": [3, 1]}]}, r"hold machines\[0\].values that never fa"),
        ({"machines": [MACHINE, {**MACHINE, "n": -1}]}, r"hold machines\[1\].n, the number"),
        ({"format": "strag-sim profile 9"}, "hold format 'strag-sim profile 1', but holds .* 9'"),
    ],
)
def test_a_file_that_is_no_profile_is_refused(
    path: Path, change: dict[str, Any], message: str
) -> None:
    """Though its checksum fits; the message names the key and what stands there."""
    content = {"format": FORMAT, **CONTENT, **change}
    path.write_text(json.dumps({**content, "sha256": digest(content)}))

    refused(path, message)


def test_writing_leaves_a_whole_file_or_the_old_one(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that is cut short does not touch what was there."""

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="full"):
        profiles.write(path, {**CONTENT, "name": "other"})

    assert profiles.load(str(path)).name == "tiny"


def test_what_is_no_profile_is_not_written(path: Path) -> None:
    """The mistake shows where it is made, not where the file is read."""
    with pytest.raises(ProfileError, match="profile must hold n") as caught:
        profiles.write(path, {**CONTENT, "n": -1})

    check_form(caught.value)
    assert profiles.load(str(path)).name == "tiny"


def test_the_digest_follows_the_content() -> None:
    """The order of keys and a checksum already there do not matter; a value does."""
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1, "sha256": "x"})
    assert digest({"a": 1}) != digest({"a": 2})


def refused(path: Path, message: str) -> None:
    """Check that loading raises one clear ProfileError with the path in it."""
    with pytest.raises(ProfileError, match=message) as caught:
        profiles.load(str(path))

    assert str(path) in str(caught.value)
    check_form(caught.value)


def check_form(error: ProfileError) -> None:
    """Check that the message is one line of the usual form."""
    assert isinstance(error, ScenarioError)
    assert error.problems == (str(error),)
    assert str(error).startswith("profile: ")
    assert " is not allowed; profile must " in str(error)
    assert "\n" not in str(error)
