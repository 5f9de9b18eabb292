"""Where a measurement was made: the device, what runs on it, and who else does.

Clocks are in MHz, temperatures in degrees Celsius, power in watts and memory in bytes, as
``nvidia-smi`` shows them; what cannot be found out is None.
"""

import importlib
import os
import platform
import resource
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import torch

from strag_sim.machine import processor

Value = str | float | bool | None
_REASONS = (  # why a GPU does not run at its highest clock, as NVML names them
    "GpuIdle",
    "ApplicationsClocksSetting",
    "SwPowerCap",
    "HwSlowdown",
    "SyncBoost",
    "SwThermalSlowdown",
    "HwThermalSlowdown",
    "HwPowerBrakeSlowdown",
    "DisplayClockSetting",
)
_STEAL = 8  # the column of /proc/stat


def environment(device: str) -> dict[str, Value]:
    """Return what a time measured on ``cpu``, ``cuda`` or ``cuda:1`` may depend on.

    ``device`` is the name of the GPU, or the processor with the number of cores that this process
    may use. Read it after the flags of torch are set. A GPU must be there.
    """
    load = os.getloadavg()
    return {
        "device": _named(device),
        "host": _host(),
        "host_memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "virtualised": _virtualised(),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "threads": torch.get_num_threads(),
        "interop_threads": torch.get_num_interop_threads(),
        "float32_matmul_precision": torch.get_float32_matmul_precision(),
        "clock": time.get_clock_info("perf_counter").implementation,
        "clock_resolution": time.get_clock_info("perf_counter").resolution,
        "clock_source": _text("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
        "cpu_governor": _text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        "load_1_min": load[0],
        "load_5_min": load[1],
        "load_15_min": load[2],
        **(_gpu(device) if device.startswith("cuda") else {}),
    }


def telemetry(device: str) -> dict[str, Value]:
    """Return how a GPU is doing right now; never raises.

    Empty on a CPU, without the package nvidia-ml-py, and where it does not find the GPU.
    """
    nvml, handle = _nvml(device)
    if nvml is None:
        return {}
    return {
        "sm_clock": _told(lambda: nvml.nvmlDeviceGetClockInfo(handle, nvml.NVML_CLOCK_SM)),
        "sm_clock_most": _told(lambda: nvml.nvmlDeviceGetMaxClockInfo(handle, nvml.NVML_CLOCK_SM)),
        "memory_clock": _told(lambda: nvml.nvmlDeviceGetClockInfo(handle, nvml.NVML_CLOCK_MEM)),
        "temperature": _told(
            lambda: nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU)
        ),
        "power": _told(lambda: nvml.nvmlDeviceGetPowerUsage(handle) / 1000),
        "power_limit": _told(lambda: nvml.nvmlDeviceGetEnforcedPowerLimit(handle) / 1000),
        "performance_state": _told(lambda: nvml.nvmlDeviceGetPerformanceState(handle)),
        "throttled": _told(partial(_throttled, nvml, handle)),
        "utilisation": _told(lambda: nvml.nvmlDeviceGetUtilizationRates(handle).gpu / 100),
        "memory_used": _told(lambda: nvml.nvmlDeviceGetMemoryInfo(handle).used),
        "processes": _told(lambda: len(nvml.nvmlDeviceGetComputeRunningProcesses(handle))),
    }


def host_counters() -> dict[str, float | None]:
    """Return what has only grown so far: the difference of two calls tells what went on between.

    ``steal`` are the seconds, over all processors, in which another guest of the host ran instead
    of this one; the switches are this process's, with all its threads: ``involuntary`` where it
    wanted to run on, ``voluntary`` where it waited for something.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    columns = (_text("/proc/stat") or "").partition("\n")[0].split()
    known = len(columns) > _STEAL
    steal = int(columns[_STEAL]) / os.sysconf("SC_CLK_TCK") if known else None
    return {"steal": steal, "involuntary": used.ru_nivcsw, "voluntary": used.ru_nvcsw}


def _named(device: str) -> str:
    """Return what the device is called by who made it."""
    return torch.cuda.get_device_name(device) if device.startswith("cuda") else _host()


def _host() -> str:
    """Return the processor, and how many of its cores this process may use."""
    cores = len(os.sched_getaffinity(0))
    return f"{processor()}, {cores} core{'s' if cores != 1 else ''}"


def _virtualised() -> bool | None:
    """Return whether the processor knows itself to be a guest's."""
    lines = (_text("/proc/cpuinfo") or "").splitlines()
    flags = [line.split() for line in lines if line.startswith("flags")]
    return "hypervisor" in flags[0] if flags else None


def _gpu(device: str) -> dict[str, Value]:
    """Return what the times of a GPU depend on besides its name."""
    properties = torch.cuda.get_device_properties(device)
    nvml, handle = _nvml(device)
    known: Mapping[str, Value] = {
        "driver": _told(lambda: nvml.nvmlSystemGetDriverVersion()),
        "persistence_mode": _told(lambda: bool(nvml.nvmlDeviceGetPersistenceMode(handle))),
        "ecc": _told(lambda: bool(nvml.nvmlDeviceGetEccMode(handle)[0])),
        "mig": _told(lambda: bool(nvml.nvmlDeviceGetMigMode(handle)[0])),
        "compute_mode": _told(lambda: nvml.nvmlDeviceGetComputeMode(handle)),
    }
    return {
        "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version(),
        "cudnn_benchmark": torch.backends.cudnn.benchmark,
        "cudnn_deterministic": torch.backends.cudnn.deterministic,
        "cudnn_tf32": torch.backends.cudnn.allow_tf32,
        "device_memory": properties.total_memory,
        "multiprocessors": properties.multi_processor_count,
        "compute_capability": f"{properties.major}.{properties.minor}",
        **known,
    }


def _nvml(device: str) -> tuple[Any, Any]:
    """Return NVIDIA's library and its handle of a GPU, which is looked up by its identity.

    (Its number is another one where CUDA_VISIBLE_DEVICES hides some.) None twice where there is no
    such thing. The library may be begun again and again, which only counts.
    """
    if not device.startswith("cuda"):
        return None, None
    try:
        nvml = importlib.import_module("pynvml")
        nvml.nvmlInit()
        uuid = str(torch.cuda.get_device_properties(device).uuid).removeprefix("GPU-")
        return nvml, nvml.nvmlDeviceGetHandleByUUID(f"GPU-{uuid}")
    except Exception:  # no package, no driver, no such GPU, a slice of one: nothing is known
        return None, None


def _throttled(nvml: Any, handle: Any) -> str:
    """Return what holds the clock of a GPU down, separated by commas, or ``none``."""
    bits = nvml.nvmlDeviceGetCurrentClocksEventReasons(handle)
    held = [each for each in _REASONS if bits & getattr(nvml, f"nvmlClocksEventReason{each}")]
    return ", ".join(held) or "none"


def _told(ask: Callable[[], Any]) -> Any:
    """Return an answer, or None where this GPU, driver or package does not know."""
    try:
        return ask()
    except Exception:  # NotSupported on many GPUs, FunctionNotFound with old drivers
        return None


def _text(path: str) -> str | None:
    """Return what a file of the system says, None where there is no such file."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        return None
