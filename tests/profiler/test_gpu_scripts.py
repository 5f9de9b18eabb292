"""What a GPU is to be measured with, tried out on the CPU where only torch and numpy can be had."""

import csv
import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytestmark = [pytest.mark.torch, pytest.mark.usefixtures("quick")]
torch = pytest.importorskip("torch")
pytest.importorskip("strag_sim.profiler")

from measuring import doing, measured  # noqa: E402

from strag_sim import codes, profiles  # noqa: E402
from strag_sim.profiler.asked import Asked  # noqa: E402
from strag_sim.profiler.calling import load  # noqa: E402
from strag_sim.profiler.coding import decoder, encoder  # noqa: E402

ROOT = Path(__file__).parents[2]
# All that the package needs beside numpy, and torch, which must be enough.
ABSENT = "scipy pandas simpy numba click pydantic pydantic_core rich yaml pyarrow matplotlib pynvml"
PROGRAM = f"""
import runpy, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {ABSENT.split()!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
sys.argv = ["profile_gpu.py", *sys.argv[1:]]
runpy.run_path({str(ROOT / "scripts/profile_gpu.py")!r}, run_name="__main__")
"""
ALONE = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "PATH": ""}
FILES = {1: 5, 2: 4, 3: 14, 4: 6}  # profiles of a part that is tried out


def script(name: str) -> ModuleType:
    """Return a script as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"scripts/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All parts, tried out; what they print is in a log of each, and their profiles in a folder."""
    home = tmp_path_factory.mktemp("gpu")
    for part in FILES:
        arguments = [str(part), str(home), "--tiny"]
        # Part 4 has a process of its own for another tenant, which runs the script once more.
        command = [sys.executable, str(ROOT / "scripts/profile_gpu.py"), *arguments]
        if part != 4:
            command = [sys.executable, "-c", PROGRAM, *arguments]
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            env=ALONE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        (home / f"part-{part}.log").write_text(done.stdout, encoding="utf-8")
        with zipfile.ZipFile(home / f"part-{part}.zip") as packed:
            packed.extractall(home / "profiles")
    return home


@pytest.mark.slow
@pytest.mark.parametrize("part", FILES)
def test_a_part_needs_torch_and_numpy_alone(folder: Path, part: int) -> None:
    """It leaves three files: profiles that load, each call in its order; readings; and a log."""
    with zipfile.ZipFile(folder / f"part-{part}.zip") as packed:
        names = packed.namelist()

    assert len(names) == FILES[part]
    assert "nothing missing" in (folder / f"part-{part}.log").read_text(encoding="utf-8")
    for name in names:
        profile = profiles.load(str(folder / "profiles" / name))
        assert profile.name == Path(name).stem
        assert profile.command == f"scripts/profile_gpu.sh {part}"
        for point in profile.points:
            assert point.samples is not None
            assert (np.diff(point.samples.start) > 0).all()
            assert point.n == len(point.samples.time)
    with (folder / f"part-{part}-nvidia-smi.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["when"] for row in rows] == ["before", "after"] * (len(rows) // 2)


@pytest.mark.slow
def test_figures_are_drawn_of_what_was_measured(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three figures and a table; a ratio is that of the medians of one session."""
    figures = script("gpu_figures")
    found = figures.read([str(folder / "profiles")])

    assert figures.main(str(tmp_path), str(folder / "profiles")) == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        *("batch.png", "interference.png", "ratio.png", "profiles.csv")
    }
    assert "left out" not in capsys.readouterr().out
    ratios = figures.ratios(found)
    row = ratios[(ratios["session"] == "cpu-*-grids") & (ratios["batch"] == 1)].iloc[1]
    medians = [
        np.median(profiles.load(f"{folder}/profiles/cpu-{model}-grids.json").points[0].samples.time)
        for model in ("collage-cnn-3", "resnet-34")
    ]
    assert row["grid"] == 3
    assert row["ratio"] == pytest.approx(medians[0] / medians[1], rel=1e-3)


@pytest.mark.slow
def test_scenarios_run_on_what_was_measured(folder: Path, tmp_path: Path) -> None:
    """One command checks, draws, ships what scenarios need, and runs them; a table of each."""
    (tmp_path / "shipped").mkdir()
    (tmp_path / "gpu").mkdir()
    for path in folder.glob("part-*.zip"):
        (tmp_path / "gpu" / path.name).write_bytes(path.read_bytes())
    programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "scripts/gpu_results.sh", str(tmp_path / "gpu"), "cpu"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": programs,
            "RUNS": "2",
            "SHIPPED": f"{tmp_path}/shipped",
        },
    )

    assert done.returncode == 0, done.stdout + done.stderr
    kinds = ("collage", "batching", "interference", "headline")
    for name in [f"{kind}-{device}" for kind in kinds for device in ("cpu", "gpu")]:
        text = (tmp_path / "gpu" / f"{name}.txt").read_text(encoding="utf-8")
        assert text.startswith("strag-sim run scenarios/")
        assert "p999" in text
        assert (tmp_path / "gpu" / f"{name}.png").exists()
    shipped = {path.stem for path in (tmp_path / "shipped").iterdir()}
    assert {"cpu-mobilenet-v2-beside", "cpu-collage-cnn-5-grids"} <= shipped
    assert not {name for name in shipped if name.endswith(("-again", "-float16", "-encode"))}


def test_nothing_to_draw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Profiles that are of no model make no figure, which is said."""
    assert script("gpu_figures").main(str(tmp_path), "faas-aws") == 1
    assert "batch.png is left out" in capsys.readouterr().out


def test_a_part_without_time(tmp_path: Path) -> None:
    """What cannot be begun in time is told, session by session, with the exit code 1."""
    command = [sys.executable, str(ROOT / "scripts/profile_gpu.py"), "4", str(tmp_path)]
    done = subprocess.run(
        [*command, "--tiny", "--budget", "0"],
        capture_output=True,
        text=True,
        check=False,
        env=ALONE,
    )

    assert done.returncode == 1
    assert done.stdout.count("not begun, as the time is over") == 4
    assert not list(tmp_path.iterdir())


def test_a_session_whose_time_is_over(tmp_path: Path) -> None:
    """It ends after the block it is in, keeps its calls, and says how many are missing."""
    gpu = script("profile_gpu")
    part = gpu.Part(1, tmp_path, 10.0, "cpu")
    part.deadline = 0.0
    session = gpu.ready([doing(lambda _: None)], Asked(device="cpu", requests=100))

    gpu.measure(session, part._in_time)
    part._note(session, None)

    assert session.interrupted
    assert len(session.records[0].rows) == 25
    assert part.missing == ["mine at batch 1 in float32: 25 of 100 calls, the time was over"]


def test_readings_of_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nvidia-smi says stands in a profile's environment: numbers as such, [N/A] as null."""
    gpu = script("profile_gpu")
    said = "580.1, P0, 1980, 1980, 2619, 41, 310.52, [N/A], 97, 1024\n"
    monkeypatch.setattr(gpu.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=said))
    told = gpu.gpu_of(gpu.smi(), {})

    assert told["driver"] == "580.1"
    assert told["performance_state_before"] == "P0"
    assert (told["sm_clock_before"], told["power_before"]) == (1980, 310.52)
    assert told["power_limit_before"] is None
    monkeypatch.setattr(gpu.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout="no GPU"))
    assert gpu.smi() == {}


def test_smi_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without nvidia-smi there are no readings, and no error."""
    monkeypatch.setenv("PATH", "")

    assert script("profile_gpu").smi() == {}


def test_what_is_planned() -> None:
    """As asked for: enough calls, all batch sizes, all models and codes, tenants."""
    gpu = script("profile_gpu")
    planned = [each for part in (1, 2, 3, 4) for each in gpu.part_of(part)]
    names = [[subject.name for subject in each.subjects] for each in planned]

    def asked(at: int, **more: Any) -> Asked:
        return Asked(device="cuda", **planned[at].asked, **more)

    assert {name for each in names[:4] for name in each} == {
        *("resnet-18", "resnet-34", "resnet-50", "mobilenet-v2", "densenet-121", "vgg-16"),
        "vit-b-16",
    }
    assert [asked(at).calls(1) for at in range(4)] == [5000, 1000, 5000, 1000]
    assert all(asked(at).batches == (1, 2, 4, 8, 16, 32, 64) for at in range(4))
    assert names[4] == ["resnet-34", *(f"collage-cnn-{grid}" for grid in (2, 3, 4, 5))]
    assert len(names[6]) == 13 * 2 * 2
    assert asked(7).concurrencies == (1, 2, 4, 8)
    assert [each.tenant for each in planned[7:]] == [None, None, "resnet-34", "resnet-50"]
    assert all(part[-1].until == 1.0 for part in map(gpu.part_of, (1, 2, 3, 4)))


def test_codes_as_models() -> None:
    """On the device a code encodes and decodes what it does in numpy, for each group of a batch."""
    code = codes.LagrangeCode(4, 6)
    asked = Asked(device="cpu", dtype="float64")
    encode = load(encoder("encode", code, 5), asked)
    decode = load(decoder("decode", code, (5, 3, 1, 0), 7), asked)
    inputs, results = np.random.default_rng(3).normal(size=(2, 3, 4, 7))

    for loaded, given in ((encode, inputs[..., :5]), (decode, results)):
        found = loaded.module(torch.from_numpy(given)).numpy()
        due = [
            code.encode(each) if loaded is encode else code.decode(each, (5, 3, 1, 0))
            for each in given
        ]
        np.testing.assert_allclose(found, due, rtol=1e-12)
    assert encode.shape == "1x4x5"
    assert decode.shape == "1x4x7"


def test_a_copy_of_the_repository_knows_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package is not installed a profile says so in place of its version."""
    from importlib.metadata import PackageNotFoundError

    from measuring import content

    def unknown(_: str) -> str:
        raise PackageNotFoundError

    monkeypatch.setattr("strag_sim.profiler.content.version", unknown)
    made = content(measured(doing(lambda _: None), requests=10))

    assert made["source"] == "Measured with strag-sim (a copy of its repository)."
    assert json.dumps(made)
