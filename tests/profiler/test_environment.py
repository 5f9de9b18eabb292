"""What is known of the machine and the GPU; NVIDIA's library is made for the test."""

import json
import sys
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

pytestmark = pytest.mark.torch
torch = pytest.importorskip("torch")
surroundings = pytest.importorskip("strag_sim.profiler.environment")

UUID = "0123-4567"
PROPERTIES = SimpleNamespace(
    uuid=UUID, total_memory=80 * 2**30, multi_processor_count=132, major=9, minor=0
)


class NotSupportedError(Exception):
    """What NVML raises for what a GPU does not tell."""


CONSTANTS = {
    "NVML_TEMPERATURE_GPU": 0,
    "NVML_CLOCK_SM": 1,
    "NVML_CLOCK_MEM": 2,
    "nvmlClocksEventReasonGpuIdle": 1,
    "nvmlClocksEventReasonApplicationsClocksSetting": 2,
    "nvmlClocksEventReasonSwPowerCap": 4,
    "nvmlClocksEventReasonHwSlowdown": 8,
    "nvmlClocksEventReasonSyncBoost": 16,
    "nvmlClocksEventReasonSwThermalSlowdown": 32,
    "nvmlClocksEventReasonHwThermalSlowdown": 64,
    "nvmlClocksEventReasonHwPowerBrakeSlowdown": 128,
    "nvmlClocksEventReasonDisplayClockSetting": 256,
}
# What each function answers about the one GPU, or by its second argument.
ANSWERS: dict[str, object] = {
    "nvmlInit": None,
    "nvmlSystemGetDriverVersion": "570.1",
    "nvmlDeviceGetClockInfo": {1: 1980, 2: 2619},
    "nvmlDeviceGetMaxClockInfo": {1: 1995},
    "nvmlDeviceGetTemperature": {0: 41},
    "nvmlDeviceGetPowerUsage": 312_500,
    "nvmlDeviceGetEnforcedPowerLimit": 700_000,
    "nvmlDeviceGetPerformanceState": 0,
    "nvmlDeviceGetCurrentClocksEventReasons": 4 + 32,
    "nvmlDeviceGetUtilizationRates": SimpleNamespace(gpu=87),
    "nvmlDeviceGetMemoryInfo": SimpleNamespace(used=3 * 2**30),
    "nvmlDeviceGetComputeRunningProcesses": ["this", "other"],
    "nvmlDeviceGetPersistenceMode": 1,
    "nvmlDeviceGetEccMode": [1, 1],
    "nvmlDeviceGetMigMode": [0, 0],
    "nvmlDeviceGetComputeMode": 0,
}


def library(**changed: object) -> ModuleType:
    """Return NVIDIA's library with one GPU; functions check how they are called."""
    made = ModuleType("pynvml")
    for name, value in CONSTANTS.items():
        setattr(made, name, value)
    for name, answer in {**ANSWERS, **changed}.items():
        setattr(made, name, partial(answered, name, answer))
    made.nvmlDeviceGetHandleByUUID = {f"GPU-{UUID}": "handle"}.__getitem__
    return made


def answered(name: str, answer: object, *arguments: object) -> object:
    """Answer as the library does, or raise where the answer is an exception."""
    assert arguments[:1] == (("handle",) if "Device" in name else ())
    if isinstance(answer, Exception):
        raise answer
    return answer[arguments[1]] if isinstance(answer, dict) else answer


@pytest.fixture
def _gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let torch know a GPU."""
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: PROPERTIES)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "NVIDIA H100 80GB HBM3")


def test_environment_of_a_cpu() -> None:
    """A processor has its name and number of cores; all is fit for JSON."""
    known = surroundings.environment("cpu")

    assert known["device"] == known["host"]
    assert known["device"].endswith((" core", " cores"))
    assert known["torch"] == torch.__version__
    assert known["threads"] == torch.get_num_threads()
    assert 0 < known["clock_resolution"] < 1e-3
    assert json.loads(json.dumps(known)) == known
    assert "cuda" not in known


@pytest.mark.usefixtures("_gpu")
def test_environment_of_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU has its own name, and the driver and modes that its times depend on."""
    monkeypatch.setitem(sys.modules, "pynvml", library(nvmlDeviceGetMigMode=NotSupportedError()))

    known = surroundings.environment("cuda:0")

    assert known["device"] == "NVIDIA H100 80GB HBM3"
    assert known["host"] != known["device"]
    assert known["compute_capability"] == "9.0"
    assert (known["driver"], known["ecc"], known["persistence_mode"]) == ("570.1", True, True)
    assert known["mig"] is None
    assert json.loads(json.dumps(known)) == known


@pytest.mark.usefixtures("_gpu")
def test_telemetry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clocks in MHz, power in watts, and the reasons of throttling by name."""
    monkeypatch.setitem(sys.modules, "pynvml", library())

    assert surroundings.telemetry("cuda") == {
        "sm_clock": 1980,
        "sm_clock_most": 1995,
        "memory_clock": 2619,
        "temperature": 41,
        "power": 312.5,
        "power_limit": 700,
        "performance_state": 0,
        "throttled": "SwPowerCap, SwThermalSlowdown",
        "utilisation": 0.87,
        "memory_used": 3 * 2**30,
        "processes": 2,
    }


@pytest.mark.usefixtures("_gpu")
def test_telemetry_that_is_not_supported(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a GPU or driver does not tell is None, and the rest is told."""
    silent = {
        name: NotSupportedError()
        for name in ("nvmlDeviceGetPowerUsage", "nvmlDeviceGetCurrentClocksEventReasons")
    }
    monkeypatch.setitem(sys.modules, "pynvml", library(**silent))

    known = surroundings.telemetry("cuda")

    assert (known["power"], known["throttled"]) == (None, None)
    assert known["sm_clock"] == 1980
    monkeypatch.setitem(sys.modules, "pynvml", library(nvmlDeviceGetCurrentClocksEventReasons=0))
    assert surroundings.telemetry("cuda")["throttled"] == "none"


@pytest.mark.usefixtures("_gpu")
def test_telemetry_without_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package, its driver or the GPU nothing is told, and nothing raised."""
    monkeypatch.setitem(sys.modules, "pynvml", None)
    assert surroundings.telemetry("cuda") == {}
    assert surroundings.environment("cuda")["driver"] is None

    monkeypatch.setitem(sys.modules, "pynvml", library(nvmlInit=NotSupportedError()))
    assert surroundings.telemetry("cuda") == {}

    monkeypatch.setitem(sys.modules, "pynvml", library())
    other = SimpleNamespace(uuid="another")
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: other)
    assert surroundings.telemetry("cuda") == {}
    assert surroundings.telemetry("cpu") == {}


def test_real_library_has_what_is_asked() -> None:
    """Every name that is asked of NVIDIA's library is in the package."""
    nvml = pytest.importorskip("pynvml")

    assert {name: getattr(nvml, name, None) for name in CONSTANTS} == CONSTANTS
    assert not [name for name in [*ANSWERS, "nvmlDeviceGetHandleByUUID"] if not hasattr(nvml, name)]


def test_host_counters() -> None:
    """Counters of the host never fall."""
    before, after = surroundings.host_counters(), surroundings.host_counters()

    assert set(before) == {"steal", "involuntary", "voluntary"}
    assert all(before[name] is None or before[name] <= after[name] for name in before)


def test_steal_is_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The eighth number of the first line, in ticks of the system; None where there is none."""
    lines = "cpu  1 2 3 4 5 6 7 250 0 0\ncpu0 1 2 3 4 5 6 7 9 0 0"
    monkeypatch.setattr(surroundings.os, "sysconf", lambda _: 100)
    monkeypatch.setattr(surroundings, "_text", lambda _: lines)
    assert surroundings.host_counters()["steal"] == 2.5

    monkeypatch.setattr(surroundings, "_text", lambda _: None)
    assert surroundings.host_counters()["steal"] is None


@pytest.mark.parametrize(
    ("flags", "due"),
    [("flags : fpu hypervisor\n", True), ("flags : fpu\n", False), ("Features : fp\n", None)],
)
def test_virtualised(flags: str, due: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guest's processor has a flag for it; where there are no flags nothing is known."""
    monkeypatch.setattr(surroundings, "_text", lambda _: flags)

    assert surroundings._virtualised() is due


def test_files_of_the_system(tmp_path: Path) -> None:
    """A file of the system is read whole, and None where it does not exist."""
    (tmp_path / "source").write_text("tsc\n")

    assert surroundings._text(str(tmp_path / "source")) == "tsc"
    assert surroundings._text(str(tmp_path / "none")) is None
