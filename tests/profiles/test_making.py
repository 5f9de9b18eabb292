"""The script that makes the shipped profiles, run on made-up data of the same form."""

import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from strag_sim import profiles

SCRIPT = Path(__file__).parents[2] / "scripts/make_profiles.py"


@pytest.fixture(scope="module")
def script():
    """Return what the script defines."""
    return runpy.run_path(str(SCRIPT))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Return a folder of made-up measurements, laid out as the published ones are."""
    folder = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(11)
    for name in ("faas_parallelism", "lambda_coldstart", "azure_vm_noise", "net_latency"):
        (folder / name).mkdir()
    (folder / "mlperf_v1_quantiles").mkdir()
    tasks(rng).to_csv(folder / "faas_parallelism/tasks.csv", index=False)
    starts(rng).to_csv(folder / "lambda_coldstart/coldstarts.csv", index=False)
    for name in ("short_pg25ro_westus2_D8s_v5_ms", "short_memset_westus2_D8s_v5_GBsec"):
        values = pd.DataFrame({"value": rng.gamma(50, 0.02, 1500)})
        values.to_csv(folder / f"azure_vm_noise/{name}.csv", index=False)
    runs(rng).to_csv(folder / "mlperf_v1_quantiles/mlperf_v1_quantiles.csv", index=False)
    trips = rng.integers(0, 50, (4, 12, 12)).astype(np.uint16)
    trips[:, range(12), range(12)] = 9999  # a device to itself, which must not count
    np.savez(folder / "net_latency/seattle_rtt_centisec.npz", rtt=trips)
    table = rng.uniform(1, 300, (20, 20)).round(3)
    np.fill_diagonal(table, 0)
    lines = ["\t".join(map(str, row)) + "\t" for row in table]
    (folder / "net_latency/PlanetLabData_1").write_text("\n".join(lines) + "\n")
    return folder


def tasks(rng):
    """Return tasks of the four experiments that are read, and of one that is not."""
    chosen = [("aws", "work2g"), ("gcp", "work2g_2"), ("ibm", "work2g"), ("azure", "limit1p")]
    return pd.concat(
        pd.DataFrame({"provider": cloud, "exp": exp, "size": size, "fn_ms": rng.gamma(9, 99, size)})
        for cloud, exp in [*chosen, ("aws", "sleep")]
        for size in (50, 200)
    )


def starts(rng):
    """Return 30 days of cold starts of both runtimes; one day of each has a gap."""
    columns = [f"init{i}_ms" for i in range(10)]
    parts = []
    for runtime in ("python3.12", "java21"):
        for memory in (128, 512):
            part = pd.DataFrame(rng.gamma(9, 10, (30, 10)).round(2), columns=columns)
            part.insert(0, "day", [f"2024-01-{day:02d}" for day in range(1, 31)])
            part.insert(1, "runtime", runtime)
            part.insert(2, "memory_mb", memory)
            part.insert(3, "arch", "x86_64")
            part.loc[29, "init9_ms"] = np.nan
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def runs(rng):
    """Return logged quantiles of ten runs, of which one is rnnt."""
    columns = ["min", "p50", "p90", "p95", "p97", "p99", "p999", "max"]
    table = pd.DataFrame(np.sort(rng.gamma(40, 1, (10, 8)), axis=1), columns=columns)
    table["mean"] = table["p50"]
    table["model"] = ["rnnt"] + ["resnet"] * 9
    table["scenario"] = "SingleStream"
    table["minq"] = 1024
    return table


def test_same_data_same_bytes(script, data, tmp_path, capsys):
    """Every published profile but the collage authors' is made, twice the same."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        script["main"](str(data), tmp_path / name)

    made = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    again = {path.name: path.read_bytes() for path in (tmp_path / "other").iterdir()}
    assert made == again
    elsewhere = ("cpu-", "timm-", "splitwise-")
    others = {f"{name}.json" for name in profiles.names() if not name.startswith(elsewhere)}
    assert set(made) == others - {"collage-vm.json"}
    assert all(len(content) < 60_000 for content in made.values())
    assert capsys.readouterr().out.split()[:4] == ["faas-aws", "faas-gcp", "faas-ibm", "faas-azure"]


def test_published_laws_are_what_the_script_makes(script, tmp_path):
    """The shipped profiles of PBS, which need no data, are made anew to the byte."""
    for content in script["pbs"]():
        profiles.write(tmp_path / "made.json", content)
        shipped = script["SHIPPED"] / f"{content['name']}.json"
        assert (tmp_path / "made.json").read_bytes() == shipped.read_bytes()


def test_what_is_counted(script, data):
    """200 tasks a cloud, whole days only, no device to itself, no missing pair."""
    with np.load(data / "net_latency/seattle_rtt_centisec.npz") as file:
        trips = file["rtt"]
    network = {content["name"]: content for content in script["network"](data)}

    assert [content["n"] for content in script["faas"](data)] == [200] * 4
    assert [content["n"] for content in script["lambda_starts"](data)] == [290, 290]
    assert network["seattle-rtt"]["n"] == np.count_nonzero(trips) - 4 * 12
    assert network["seattle-rtt"]["values"][-1] <= 0.49
    assert network["planetlab-rtt"]["n"] == 20 * 19


def test_rates_become_slowdowns(script, data):
    """The machine with the lowest memory rate is the slowest."""
    rates = pd.read_csv(data / "azure_vm_noise/short_memset_westus2_D8s_v5_GBsec.csv")["value"]

    _, memset = script["azure_vms"](data)

    assert memset["values"][-1] == pytest.approx(rates.median() / rates.min(), rel=1e-5)
    assert memset["values"][0] == pytest.approx(rates.median() / rates.max(), rel=1e-5)


def test_law_of_runs_by_hand(script):
    """One run: lower half 0.8 to its point to 1, with the mean that the log leaves for it.

    The upper half's lines have the integral 0.4 x 1.5 + 0.1 x 2 = 0.8; a mean of 1.28 leaves 0.48,
    a mean of 0.96 over the lower half, which needs the point 2 (0.96 - 0.008 - 0.49) = 0.924.
    """
    run = {"min": 0.8, "p50": 1.0, "mean": 1.28, "p90": 2.0}
    table = pd.DataFrame([{**run, **dict.fromkeys(("p95", "p97", "p99", "p999", "max"), 2.0)}])

    levels, values = script["_law_of_runs"](table, 0.5)

    assert levels[:3].tolist() == [0, 0.01, 0.5]
    assert values[:4] == pytest.approx([0.8, 0.924, 1, 2])
    assert np.trapezoid(values, levels) == pytest.approx(1.28)


def test_missing_times_are_refused(script):
    """Nothing is made of data with a gap."""
    with pytest.raises(SystemExit, match="faas-aws: a measurement is missing"):
        script["measured"]("faas-aws", np.array([1.0, np.nan]), "ms")
