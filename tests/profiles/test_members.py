"""The models of ensembles: what the script composes, on paper, and the shipped profiles."""

import json
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from strag_sim import plots, profiles
from strag_sim.distributions.curve import Curve
from strag_sim.distributions.profile import Profile
from strag_sim.scenario.catalogue import catalogue, measured_on

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts/make_ensemble_profiles.py"))
NAMES = [name for name in profiles.names() if name.startswith(("timm-", "splitwise-"))]
# As they stand in timm's files: images a second on the RTX 3090 and, with a batch of 1, on the
# i9-10940X; parameters (million); top-1 (per cent).
ROWS = {
    "vgg19": (1266.93, 8.22, 143.67, 72.400),
    "densenet161": (1249.24, 23.86, 28.68, 77.384),
    "inception-v4": (1197.2, 25.47, 42.68, 80.144),
    "resnet152": (811.97, 23.31, 60.19, 83.494),
    "nasnet-large": (307.5, 8.32, 88.75, 82.638),
    "effnet-b6": (254.23, 10.1, 43.04, 84.794),
    "regnety-320": (216.75, 7.4, 145.05, 86.830),
    "deit3-b": (483.16, 11.27, 86.88, 86.742),
    "vit-l": (159.33, 3.06, 304.72, 87.096),
    "swin-l": (136.15, 3.07, 196.74, 87.142),
    "convnext-l": (238.93, 6.18, 197.77, 87.456),
    "maxvit-b": (163.19, 4.15, 119.65, 87.930),
}
IMAGES = [name for name in NAMES if name.startswith("timm-")]
PROMPTS = [name for name in NAMES if name.startswith("splitwise-")]


def test_what_a_call_takes_by_its_work() -> None:
    """The logged points; half way between two the mean of theirs; much work takes as long as it is.

    At the best rate, 1,089 a second, a request is 0.91827 ms of work. Batches of 1 and 2 took
    1/78 = 12.8205 ms and 2/171 = 11.6959 ms: their mean, 12.2582, less and plus 0.4591.
    """
    request = 1 / 1089
    works = request * np.array([1, 2, 4, 8, 16, 32, 64])
    between = request * np.array([0.5, 12])

    logged = SCRIPT["call_times"](SCRIPT["GPU_LOG"], works)
    found = SCRIPT["call_times"](SCRIPT["GPU_LOG"], between)

    by_hand = [11.7991, 12.7174, 4000 / 294, 8000 / 553, 16_000 / 868, 32_000 / 1089, 64_000 / 1089]
    assert 1000 * logged == pytest.approx(by_hand, abs=1e-4)
    assert 1000 * found == pytest.approx(
        [11.7991 - 0.4591, (8000 / 553 + 16_000 / 868) / 2], abs=1e-4
    )


def test_the_work_of_a_call_is_the_way_back() -> None:
    """On the processor: a call of 1/123 s is 1/248 s of work, one of a second a second's."""
    log = SCRIPT["CPU_LOG"]

    assert SCRIPT["work_of"](log, 1 / 123) == pytest.approx(1 / 248)
    assert SCRIPT["work_of"](log, 1.0) == 1.0
    for time in (0.006, 0.03, 0.1, 0.258, 0.3):
        work = SCRIPT["work_of"](log, time)
        assert SCRIPT["call_times"](log, np.array([work])) == pytest.approx([time])


def test_times_that_do_not_rise_are_parted() -> None:
    """By the work between them; where that does not help, nothing is made."""
    works = np.array([1.0, 2.0, 4.0])

    parted = SCRIPT["rising"](works, np.array([6.0, 5.0, 7.0]))

    assert parted.tolist() == [5.0, 6.0, 7.0]
    with pytest.raises(SystemExit, match="do not rise"):
        SCRIPT["rising"](works, np.array([9.0, 8.0, 3.0]))
    with pytest.raises(SystemExit, match="no call of the log is as short as 0.001 s"):
        SCRIPT["work_of"](SCRIPT["CPU_LOG"], 0.001)


@pytest.mark.parametrize(
    ("activations", "batch", "bytes_a_sample"),
    [
        (10.0, 1024, 10_000_000),  # half of 10 million, 2 bytes each
        (100.0, 1024, 24_189_261),  # (24 x 2^30 - 10^9) / 1024: what ran
        (100.0, 128, 100_000_000),
    ],
)
def test_memory_on_paper(activations: float, batch: int, bytes_a_sample: int) -> None:
    """100 million parameters: 4 and 2 bytes each and 400 MB make 1 GB; on the processor 0.9 GB."""
    row = {"param_count": 100.0, "infer_macts": activations, "infer_batch_size": batch}
    about = {"weights": "m.w", "size": 224, "accuracy": 0.8}
    cpu_row = {"infer_samples_per_sec": 5.0, "infer_batch_size": 1}

    found = SCRIPT["on_gpu_figures"](row)
    on_cpu = SCRIPT["cpu_profile"]("timm-m-i9", cpu_row, row, **about)["model"]

    assert found == {
        "parameters": 100_000_000,
        "memory": 1_000_000_000,
        "memory_per_sample": bytes_a_sample,
    }
    assert on_cpu["memory"] == 900_000_000
    assert on_cpu["memory_per_sample"] == 2 * bytes_a_sample


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of made-up measurements, laid out as the published ones are."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "timm_profiles").mkdir()
    (folder / "splitwise_perf").mkdir()
    tops, gpu, cpu = [], [], []
    for weights, size in SCRIPT["MEMBERS"].values():
        row = {"model": weights.partition(".")[0], "infer_img_size": size, "param_count": 50.0}
        row |= {"infer_macts": 20.0}
        rate = {"infer_samples_per_sec": 500.0, "infer_batch_size": 256}
        # And a size that is not asked for.
        gpu += [row | rate, row | rate | {"infer_img_size": size + 32}]
        cpu.append(row | {"infer_samples_per_sec": 4.0, "infer_batch_size": 1})
        tops.append({"model": weights, "img_size": size, "top1": 81.25})
    for name, rows in (
        ("results-imagenet.csv", tops),
        (SCRIPT["GPU_FILE"], gpu),
        (SCRIPT["CPU_FILE"], cpu),
    ):
        pd.DataFrame(rows).to_csv(folder / "timm_profiles" / name, index=False)
    prompts(np.random.default_rng(7)).to_csv(folder / "splitwise_perf/perf_model.csv", index=False)
    return folder


def prompts(rng: np.random.Generator) -> pd.DataFrame:
    """Return five repeats of batches of 1 and 4, those of 1 twice, and of a split not asked for."""
    rows = [
        {"model": model, "hardware": hardware, "prompt_size": 512, "batch_size": batch}
        | {"token_size": 128, "prompt_time": batch * time, "tensor_parallel": split}
        for model in SCRIPT["MODELS"]
        for hardware in SCRIPT["CARDS"].values()
        for split in (2, 8)
        for batch in (1, 4)
        for time in rng.uniform(90, 110, 5)
    ]
    return pd.DataFrame([*rows, *(row for row in rows if row["batch_size"] == 1)])


def test_same_data_same_bytes(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All that are shipped, twice the same: 500 a second, and batches that ran five times."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        SCRIPT["main"](str(data), tmp_path / name)

    made = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    again = {path.name: path.read_bytes() for path in (tmp_path / "other").iterdir()}
    assert made == again
    assert set(made) == {f"{name}.json" for name in NAMES}
    assert capsys.readouterr().out.split()[:2] == ["timm-vgg19-rtx3090", "timm-vgg19-i9"]
    gpu = json.loads(made["timm-vgg19-rtx3090.json"])
    assert gpu["points"][-1]["mean"] == 256  # ms: 128 at 500 a second
    assert gpu["model"] == {
        "parameters": 50_000_000,
        "memory": 700_000_000,
        "memory_per_sample": 20_000_000,
        "accuracy": 0.8125,
    }
    llama = json.loads(made["splitwise-llama2-70b-h100.json"])
    assert [(each["batch"], each["n"]) for each in llama["points"]] == [(1, 5), (4, 5)]


def test_what_does_not_fit_is_refused(data: Path) -> None:
    """A model that is missing, a card on which no batch of 128 ran, a rate of another batch."""
    row: dict[str, Any] = {"infer_samples_per_sec": 100.0, "infer_batch_size": 96}
    about = {"weights": "m.w", "size": 224, "accuracy": 0.8}

    with pytest.raises(SystemExit, match="'model': 'x'.*: one row is wanted, 0 are there"):
        SCRIPT["row_of"](pd.DataFrame([{"model": "y"}]), model="x")
    with pytest.raises(SystemExit, match="timm-m: timm ran a batch of 96 at most, below 128"):
        SCRIPT["gpu_profile"]("timm-m", row, **about)
    with pytest.raises(SystemExit, match="timm-m: timm's batch is 96, not 1"):
        SCRIPT["cpu_profile"]("timm-m", row, row, **about)


@pytest.mark.parametrize("name", NAMES)
def test_a_larger_batch_takes_longer(name: str) -> None:
    """At every level; so for every size between, which batch_tables puts on straight lines."""
    largest = 64 if name in PROMPTS else 128
    _, values = Profile(profile=name).batch_tables(largest)

    assert values.shape[0] == largest
    assert (np.diff(values, axis=0) > 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_points_are_as_they_say(name: str) -> None:
    """Each table has its mean, the throughput is the batch over it; files are small."""
    points = profiles.load(name).points

    for point in points:
        assert Curve(point.levels, point.values).mean == pytest.approx(point.mean, rel=1e-5)
        assert point.throughput == pytest.approx(point.batch / point.mean, rel=1e-5)
        assert point.n == (5 if name in PROMPTS else 0)
    assert [point.batch for point in points] == [2**i for i in range(len(points))]
    assert (SCRIPT["SHIPPED"] / f"{name}.json").stat().st_size < 15_000


@pytest.mark.parametrize("member", ROWS)
def test_rates_and_figures_are_those_of_timm(member: str) -> None:
    """Large batches on the GPU, a batch of 1 on the processor; parameters and top-1 on both."""
    on_gpu, on_cpu, parameters, top = ROWS[member]
    gpu, cpu = (profiles.load(f"timm-{member}-{device}") for device in ("rtx3090", "i9"))
    by_batch = {point.batch: point for point in gpu.points}

    assert by_batch[128].throughput == pytest.approx(on_gpu, rel=1e-5)
    assert by_batch[64].throughput == pytest.approx(on_gpu, rel=1e-5)
    assert cpu.mean == pytest.approx(1 / on_cpu, rel=1e-5)
    for profile in (gpu, cpu):
        assert profile.model is not None
        assert profile.model.parameters == round(parameters * 1e6)
        assert profile.model.accuracy == pytest.approx(top / 100)
    assert gpu.model is not None
    assert gpu.model.memory == round(6e6 * parameters) + 400_000_000
    assert gpu.device == "NVIDIA GeForce RTX 3090"
    assert cpu.device == "Intel Core i9-10940X"


@pytest.mark.parametrize("name", IMAGES)
def test_jitter_is_that_of_dedicated_devices(name: str) -> None:
    """Every table over its mean is mlperf-single-stream over its own."""
    jitter = profiles.load("mlperf-single-stream")

    for point in profiles.load(name).points:
        assert point.values / point.mean == pytest.approx(jitter.values / jitter.mean, rel=2e-5)


def test_prompts_are_those_of_the_source() -> None:
    """Five of 64 prompts on the H100: 2,914.4, 2,915.5, 2,936.3, 2,948.5 and 2,993.8 ms."""
    last = profiles.load("splitwise-llama2-70b-h100").points[-1]

    assert 1000 * last.values[1:-1] == pytest.approx(
        [2914.4, 2915.5, 2936.3, 2948.5, 2993.8], abs=0.06
    )
    assert last.levels[1:-1].tolist() == [0.1, 0.3, 0.5, 0.7, 0.9]


def test_computed_is_not_called_measured() -> None:
    """In lists and captions: times for the GPU are computed, prompts on the cards were measured."""
    items = {item["name"]: item["measured"] for item in catalogue("profiles")}
    with plots.styled():
        ax = Figure().subplots()
        plots.profile(profiles.load("timm-vgg19-rtx3090"), ax)
        caption = " ".join(text.get_text() for text in ax.figure.texts + ax.texts)

    said = measured_on(items["timm-vgg19-rtx3090"])
    assert said.startswith("computed for NVIDIA GeForce RTX 3090 with batches of 1, 2, 4, ")
    assert measured_on(items["splitwise-llama2-70b-h100"]).startswith("measured on 8 x NVIDIA H100")
    assert "Computed for NVIDIA GeForce RTX 3090." in " ".join(caption.split())


def test_twelve_fit_on_four_cards() -> None:
    """A batch of 96 each takes 87 % of four cards, one of 128 more than all."""
    models = [profiles.load(f"timm-{member}-rtx3090").model for member in ROWS]
    cards = 4 * 24 * 2**30

    def share(batch: int) -> float:
        return sum(m.memory + batch * m.memory_per_sample for m in models) / cards

    assert len(models) == 12
    assert share(1) < 0.15
    assert share(96) == pytest.approx(0.873, abs=0.001)
    assert share(128) > 1


def test_the_page_tells_of_them() -> None:
    """Each language model by name, the image models by their device and by the name of a model."""
    page = (ROOT / "docs/profiles.md").read_text(encoding="utf-8")

    assert all(f"`{name}`" in page for name in PROMPTS)
    assert "`timm-*-rtx3090`, `timm-*-i9`" in page
    assert all(f"\ntimm-{member}-rtx3090 " in page for member in ROWS)
    assert len(IMAGES) == 2 * len(ROWS)
