"""Which device is meant, whether it is there, and what a profile of it is called."""

import re

import torch

from strag_sim.errors import ProfilerError

CPU = "cpu"


def device_of(asked: str | None) -> str:
    """Return the device that is asked for; without one a GPU if there is one, else ``cpu``."""
    there = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if asked is None:
        return "cuda" if there else CPU
    if asked != CPU and not re.fullmatch(r"cuda(:[0-9]+)?", asked):
        raise ProfilerError(f"--device: {asked!r} is not allowed; give cuda, cuda:1 or cpu")
    if asked != CPU and int(asked.partition(":")[2] or 0) >= there:
        found = f"torch finds {there} GPUs" if there else "torch finds no GPU"
        raise ProfilerError(f"--device: {asked!r} is not there: {found}; cpu is always there")
    return asked


def profile_name(device: str, model: str) -> str:
    """Return the name of a model's profile, as a file may be called: ``h100-resnet-18``."""
    kind = torch.cuda.get_device_name(device) if device != CPU else CPU
    short = next((word for word in kind.split() if re.search("[0-9]", word)), kind)
    return re.sub(r"[^a-z0-9.]+", "-", f"{short}-{model}".lower()).strip("-")
